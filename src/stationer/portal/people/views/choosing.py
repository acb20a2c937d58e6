"""Choosing people from a list: searched, narrowed, sorted; and doing one thing with all of those that were ticked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notes
from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from stationer.portal.access.models import Device
from stationer.portal.access.presence import needs
from stationer.portal.people.bulk import give_package, put_into, take_from
from stationer.portal.people.models import Group, Member, Package
from stationer.portal.people.named import named
from stationer.portal.site.leading import back_to
from stationer.wire import ids

IN_FORCE = Q(devices__revoked_at=None, devices__isnull=False)
#: What a list can be sorted by: the word in the address → the columns.
ORDERS: dict[str, Any] = {
    "name": (F("called").asc(nulls_last=True), "address"),
    "address": ("address",),
    "newest": ("-pk",),
    "devices": ("-count", "address"),
}
MOST_TICKED = 200


@dataclass(frozen=True)
class Wish:
    """What a list is narrowed to, as its address says."""

    q: str = ""
    group: str = ""
    package: str = ""
    without: bool = False
    order: str = "address"

    def rows(self) -> QuerySet[Member]:
        """Those people, in order. Devices are counted and names looked up only where the order needs it."""
        rows = Member.objects.all()
        if self.order == "devices":
            rows = rows.annotate(count=Count("devices", filter=IN_FORCE, distinct=True))
        elif self.order == "name":
            rows = rows.annotate(called=KT("attributes__name"))
        if self.q:
            rows = rows.filter(Q(address__icontains=self.q) | Q(attributes__name__icontains=self.q))
        if self.group:
            rows = rows.filter(groups__name=self.group)
        if self.package:
            rows = rows.filter(package__name=self.package)
        if self.without:
            rows = rows.exclude(
                pk__in=Device.objects.filter(revoked_at=None, member__isnull=False).values("member")
            )
        return rows.order_by(*ORDERS[self.order])


def devices_of(people: Iterable[Member]) -> dict[uuid.UUID, int]:
    """How many devices in force each of these has: one question for a page."""
    rows = Device.objects.filter(revoked_at=None, member__in=[row.pk for row in people]).order_by()
    return {key: n for key, n in rows.values_list("member").annotate(n=Count("pk")) if key}


def wish(sent: Mapping[str, Any]) -> Wish:
    """What the address (or a form that repeats it) asks for."""
    order = sent.get("order", "")
    return Wish(
        str(sent.get("q", "")).strip(),
        str(sent.get("group", "")),
        str(sent.get("package", "")),
        sent.get("devices") == "none",
        order if order in ORDERS else "address",
    )


def chosen(request: HttpRequest) -> QuerySet[Member]:
    """Those ticked; or, where that was ticked, all that the list was narrowed to. Other PENs' ids are nobody's."""
    if "all" in request.POST:
        return Member.objects.filter(pk__in=wish(request.POST).rows().order_by().values("pk"))
    keys = []
    for text in request.POST.getlist("who")[:MOST_TICKED]:
        try:
            keys.append(ids.inside("member", text))
        except ValueError:
            continue
    return Member.objects.filter(pk__in=keys)


@require_POST
@needs("change-people")
def together(request: HttpRequest) -> HttpResponse:
    """One thing with many people: `do` is `into:GROUP`, `out:GROUP` or `package:PACKAGE`."""
    people = chosen(request)
    what, _colon, key = request.POST.get("do", "").partition(":")
    if not people.exists():
        notes.error(request, _("Nobody was ticked. Tick the people first, then say what to do with them."))
    elif what in ("into", "out"):
        group = named(Group, "group", key)
        count = put_into(group, people) if what == "into" else take_from(group, people)
        notes.success(request, _said(what, count, group.name))
    elif what == "package":
        package = named(Package, "package", key)
        notes.success(request, _said(what, give_package(package, people), package.name))
    else:
        notes.error(request, _("Choose what to do with the people you ticked."))
    return redirect(back_to(request, reverse("people")))


def _said(what: str, count: int, name: str) -> str:
    """What was done, in words."""
    if what == "into":
        said = ngettext("{count} person came into “{name}”.", "{count} people came into “{name}”.", count)
    elif what == "out":
        said = ngettext("{count} person left “{name}”.", "{count} people left “{name}”.", count)
    else:
        said = ngettext("{count} person is in “{name}” now.", "{count} people are in “{name}” now.", count)
    return said.format(count=count, name=name)
