"""Pages: one's own links and everybody's, a new one, and how often each was followed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stationer.portal.access.presence import members_only, presence
from stationer.portal.people.named import named
from stationer.portal.statistics.linking.making import addresses, make, web_address, written
from stationer.portal.statistics.models import Hit, Link
from stationer.portal.statistics.visiting.words import visits

PAGE = 25


class LinkForm(forms.Form):
    """Where to, what it is called, and for whom."""

    target = forms.CharField(
        label=gettext_lazy("Where it leads"),
        max_length=2_000,
        help_text=gettext_lazy("The address of a web page, as the browser shows it."),
    )
    name = forms.CharField(
        label=gettext_lazy("What you call it"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Only you and your colleagues read it: “Price list”, “Offer 2026-114”."),
    )
    people = forms.CharField(
        label=gettext_lazy("For whom"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Nobody: one link for everyone. One address a line: each gets a link of their own, so you see who came."
        ),
    )

    def clean_target(self) -> str:
        return web_address(self.cleaned_data["target"])

    def clean_people(self) -> list[str]:
        return addresses(self.cleaned_data["people"])


def mine(request: HttpRequest) -> QuerySet[Link]:
    """The links that this person may see: their own; with the right to see visitors, everybody's."""
    here = presence(request)
    rows: QuerySet[Link] = Link.objects.select_related("owner")
    return rows if here.may("see-visitors") else rows.filter(owner=here.member)


def _counted(rows: QuerySet[Link]) -> QuerySet[Link]:
    people = Count("hits", filter=Q(hits__human=True))
    return rows.annotate(
        people=people, requests=Count("hits"), last=Max("hits__at", filter=Q(hits__human=True))
    )


@members_only
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first, with how often each was followed."""
    rows, q = mine(request), request.GET.get("q", "").strip()
    total = rows.count()
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(target__icontains=q) | Q(address__icontains=q))
    page = Paginator(rows.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    counted = {row.pk: row for row in _counted(Link.objects.filter(pk__in=[one.pk for one in page]))}
    facts = {
        "page": page,
        "rows": [(one, counted[one.pk]) for one in page if one.pk in counted],
        "total": total,
        "many": total > 12,
        "q": q,
        "everybody": presence(request).may("see-visitors"),
    }
    return render(request, "statistics/links.html", facts)


@members_only
def new(request: HttpRequest) -> HttpResponse:
    """Make one, or one for each address; what was made is shown to be copied."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        here, asked = presence(request), form.cleaned_data
        try:
            rows = make(asked["target"], asked["name"], here.member, asked["people"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if len(rows) == 1:
                return redirect("link", rows[0].outside_id)
            made = [(row, written(here.pen, row)) for row in rows]
            facts = {"made": made, "all": "\n".join(f"{one.address}\t{url}" for one, url in made)}
            return render(request, "statistics/links_made.html", facts)
    return render(request, "statistics/new_link.html", {"form": form})


def _own(request: HttpRequest, link: str) -> Link:
    row = named(Link, "link", link)
    here = presence(request)
    if row.owner_id != here.member.pk and not here.may("see-visitors"):
        raise Http404("somebody else's link")
    return row


@members_only
def page(request: HttpRequest, link: str) -> HttpResponse:
    """One link: to copy, and who followed it."""
    row = _own(request, link)
    hits = Hit.objects.filter(link=row).order_by("-id")
    facts: dict[str, Any] = {
        "row": row,
        "written": written(presence(request).pen, row),
        "counted": _counted(Link.objects.filter(pk=row.pk)).get(),
        "rows": visits(hits[:PAGE]),
        "deletable": _deletable(request, row),
        "first": True,
        "more": "",
    }
    return render(request, "statistics/link.html", facts)


def _deletable(request: HttpRequest, row: Link) -> bool:
    here = presence(request)
    return row.owner_id == here.member.pk or here.may("change-settings")


@require_POST
@members_only
def delete(request: HttpRequest, link: str) -> HttpResponse:
    """It leads nowhere from then on, and its hits are forgotten."""
    row = _own(request, link)
    if not _deletable(request, row):
        raise Http404("somebody else's link")
    row.delete()
    notes.success(request, _("The link is gone. Whoever follows it reads a page that says so."))
    return redirect("links")
