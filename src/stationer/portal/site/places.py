"""The rail of names beside every page: where one can go, how much is there, and who is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.access.models import Membership
from stationer.portal.access.presence import Presence
from stationer.portal.content.models import Campaign
from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.waiting import waiting


@dataclass(frozen=True)
class Place:
    """One name in the rail. `count` is said aloud as `counted`."""

    name: str
    icon: str
    url: str
    here: bool
    count: int = 0
    counted: str = ""


ROLES = {Membership.Role.OWNER: lambda: _("owner"), Membership.Role.MEMBER: lambda: _("member")}


def beside(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the PEN, the person, and (lazily, only when a page shows them) the places."""
    here = getattr(request, "presence", None)
    if not isinstance(here, Presence):
        return {"pen": None}
    return {
        "pen": here.pen,
        "me": {
            "name": here.member.name,
            "role": ROLES[Membership.Role(here.membership.role)](),
            "member": here.member,
        },
        "may_change": here.is_owner,
        "other_pens": here.others,
        "places": lambda: places(request, here),
    }


def places(request: HttpRequest, here: Presence) -> list[Place]:
    """The rail for this person: owners see the whole house, members what concerns them."""

    def place(name: str, icon: str, view: str, count: int = 0, counted: str = "") -> Place:
        url = reverse(view)
        inside = request.path == url if url == "/" else request.path.startswith(url)
        return Place(name, icon, url, inside, count, counted)

    if not here.is_owner:
        return [place(_("Home"), "home", "home"), place(_("My details"), "people", "myself")]
    with pen_scope(here.pen):
        campaigns, people, changes = Campaign.objects.count(), Member.objects.count(), waiting(request)
    return [
        place(_("Home"), "home", "home"),
        place(_("Templates"), "template", "templates"),
        place(_("Campaigns"), "campaign", "campaigns", campaigns, _("in all")),
        place(_("People"), "people", "people", people, _("in all")),
        place(
            _("Publish"),
            "publish",
            "publish",
            changes,
            ngettext("change waiting", "changes waiting", changes),
        ),
        place(_("Settings"), "settings", "settings"),
    ]
