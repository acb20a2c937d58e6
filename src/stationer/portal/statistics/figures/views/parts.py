"""The figures of members, domains and lists: all of them, and one."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs
from stationer.portal.content.models import Campaign
from stationer.portal.people.models import AddressList, Member
from stationer.portal.people.named import named
from stationer.portal.statistics.figures import reading
from stationer.portal.statistics.figures.views.showing import choosing, drawn, period_of
from stationer.portal.statistics.rolled import DayFigure

PAGE = 50
Kind = DayFigure.Kind
#: The word in the address → the kind, what a page of it is called.
SORTS = {
    "members": (Kind.MEMBER, gettext_lazy("By member")),
    "domains": (Kind.DOMAIN, gettext_lazy("By domain")),
    "lists": (Kind.LIST, gettext_lazy("By list")),
}
#: Members and lists that a search may find.
MOST_FOUND = 1000


def called(sort: str, keys: list[str]) -> dict[str, tuple[str, str]]:
    """What these are called, and the address of each one's page, empty where there is none any more."""
    if sort == "domains":
        return {key: (key, reverse("figures-domain", args=[key])) if key else ("?", "") for key in keys}
    ids = [uuid.UUID(hex=key) for key in keys if key]
    if sort == "members":
        there = {row.pk.hex: row for row in Member.objects.filter(pk__in=ids)}
        gone = _("somebody who is no longer here")
        return {
            key: (there[key].name, reverse("figures-member", args=[there[key].outside_id]))
            if key in there
            else (gone, "")
            for key in keys
        }
    names = {row.pk.hex: row for row in AddressList.objects.filter(pk__in=ids).defer("addresses")}
    gone = _("a list that is gone")
    return {
        key: (names[key].name, reverse("figures-list", args=[names[key].pk])) if key in names else (gone, "")
        for key in keys
    }


def search(sort: str, words: str) -> Q | None:
    """Those whose name or address has these words."""
    if not words:
        return None
    if sort == "domains":
        return Q(key__contains=words.lower())
    if sort == "members":
        rows = Member.objects.filter(Q(address__icontains=words) | Q(attributes__name__icontains=words))
    else:
        rows = AddressList.objects.filter(name__icontains=words)  # type: ignore[assignment]
    return Q(key__in=[pk.hex for pk in rows.values_list("pk", flat=True)[:MOST_FOUND]])


@require_GET
@needs("see-figures")
def listing(request: HttpRequest, sort: str) -> HttpResponse:
    """All members, domains or lists with their sums; of one campaign with `?campaign=`."""
    if sort not in SORTS:
        raise Http404(sort)
    kind, title = SORTS[sort]
    period, wrong = period_of(request)
    asked = request.GET.get("campaign", "")
    campaign = named(Campaign, "campaign", asked) if asked else None
    order, words = request.GET.get("order", "mails"), request.GET.get("q", "").strip()[:100]
    rows = reading.days_of(kind, period, campaign=campaign.pk if campaign else None)
    page = Paginator(reading.parts(rows, order, search(sort, words)), PAGE).get_page(request.GET.get("page"))
    sums = reading.summed(page.object_list)
    names = called(sort, [key for key, _ in sums])
    facts: dict[str, Any] = choosing(request, period, wrong) | {
        "sort": sort, "title": title, "page": page, "q": words, "order": order, "campaign": campaign,
        "rows": [(*names[key], one) for key, one in sums], "orders": _orders(),
        "sorts": [(name, title) for name, (_, title) in SORTS.items()],
    }  # fmt: skip
    return render(request, "figures/parts.html", facts)


def _orders() -> list[tuple[str, str]]:
    return [
        ("mails", _("Mails")),
        ("human", _("Human clicks")),
        ("raw", _("Raw clicks")),
        ("clicked", _("Mails clicked")),
    ]


def _one(request: HttpRequest, kind: str, key: str, facts: dict[str, Any]) -> HttpResponse:
    period, wrong = period_of(request)
    found = reading.daily(reading.days_of(kind, period, key), period)
    before = reading.totals(reading.days_of(kind, period.before, key))
    shown = choosing(request, period, wrong) | drawn(found, before, period) | facts | {"kind": kind}
    return render(request, "figures/part.html", shown)


@require_GET
@needs("see-figures")
def member(request: HttpRequest, member: str) -> HttpResponse:
    """What one member sent, and what was clicked in it."""
    row = named(Member, "member", member)
    scope = f"member={row.outside_id}"
    return _one(request, Kind.MEMBER, row.pk.hex, {"called": row.name, "sort": "members", "scope": scope})


@require_GET
@needs("see-figures")
def domain(request: HttpRequest, domain: str) -> HttpResponse:
    """What went to one domain. One that no mail went to is not there."""
    name = domain.lower()
    if not DayFigure.objects.filter(kind=Kind.DOMAIN, key=name).exists():
        raise Http404(name)
    return _one(request, Kind.DOMAIN, name, {"called": name, "sort": "domains", "scope": f"domain={name}"})


@require_GET
@needs("see-figures")
def of_list(request: HttpRequest, row: str) -> HttpResponse:
    """What went to the people of one list."""
    try:
        found = AddressList.objects.get(pk=uuid.UUID(row))
    except (ValueError, AddressList.DoesNotExist):
        raise Http404("no such list") from None
    facts = {"called": found.name, "sort": "lists", "scope": f"list={found.pk}"}
    return _one(request, Kind.LIST, found.pk.hex, facts)
