"""Which PEN, one's own page, and devices: seen, and revoked in one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stationer.portal.access import devices
from stationer.portal.access.models import Device
from stationer.portal.access.presence import choose, members_only, needs, presence
from stationer.portal.people.named import named
from stationer.portal.people.views import own
from stationer.portal.site.leading import back_to

PAGE = 50


@members_only
def choose_pen(request: HttpRequest) -> HttpResponse:
    """The companies this account is a member of; one is chosen until another is."""
    here = presence(request)
    pens = [here.pen, *here.others]
    if request.method == "POST":
        wanted = next((pen for pen in pens if pen.outside_id == request.POST.get("pen")), None)
        if wanted is None:
            raise Http404("no membership")
        choose(request, wanted)
        return redirect("home")
    return render(
        request, "access/choose_pen.html", {"pens": sorted(pens, key=lambda pen: pen.name.casefold())}
    )


@members_only
def myself(request: HttpRequest) -> HttpResponse:
    """One's own details, devices, password, theme and language."""
    return own_page(request, own.facts(request))


def own_page(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    """The same, with the form of one's own details as it now stands."""
    here = presence(request)
    mine = Device.objects.filter(member=here.member, revoked_at=None)
    groups = here.member.groups.values_list("name", flat=True)
    more = {"devices": mine, "member": here.member, "groups": groups}
    return render(request, "access/myself.html", facts | more)


@needs("see-people")
def devices_page(request: HttpRequest) -> HttpResponse:
    """All devices in force of the PEN."""
    rows = Device.objects.filter(revoked_at=None).exclude(kind=Device.Kind.API).select_related("member")
    q = request.GET.get("q", "").strip()
    total = rows.count()
    if q:
        rows = rows.filter(name__icontains=q) | rows.filter(member__address__icontains=q)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "total": total,
        "many": total > PAGE,
        "q": q,
        "search_words": _("Search {count} devices").format(count=total),
    }
    return render(request, "access/devices.html", facts)


@require_POST
@members_only
def revoke(request: HttpRequest, device: str) -> HttpResponse:
    """Out of force within 2 s at the edge. Everyone revokes their own; with the right to change people, any."""
    here = presence(request)
    row = named(Device, "device", device)
    if not here.may("change-people") and row.member_id != here.member.pk:
        raise Http404("not theirs")
    devices.revoke(row)
    notes.success(
        request, _("“{name}” is revoked: its mail leaves as written from now on.").format(name=row.name)
    )
    return redirect(back_to(request, "myself"))
