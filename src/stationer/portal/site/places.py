"""The rail of names beside every page: where one can go, how much is there, and who is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.access.presence import Presence
from stationer.portal.content.models import Campaign
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


def beside(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the PEN, the person, and (lazily, only when a page shows them) the places."""
    here = getattr(request, "presence", None)
    if not isinstance(here, Presence):
        is_open = settings.PORTAL.sign_up == "open"
        return {"pen": None, "sign_up_open": is_open, "trial_open": is_open and settings.PORTAL.trial}
    return {
        "pen": here.pen,
        "me": {
            "name": here.member.name,
            "role": here.membership.role_name,
            "member": here.member,
            "owner": here.is_owner,
        },
        "may": {right.replace("-", "_"): True for right in here.rights},
        "other_pens": here.others,
        "places": lambda: places(request, here),
    }


def places(request: HttpRequest, here: Presence) -> list[Place]:
    """The rail for this person: what they may see, and nothing else."""

    def place(name: str, icon: str, view: str, count: int = 0, counted: str = "") -> Place:
        url = reverse(view)
        inside = request.path == url if url == "/" else request.path.startswith(url)
        return Place(name, icon, url, inside, count, counted)

    found = [place(_("Home"), "home", "home")]
    with pen_scope(here.pen):
        if here.may("see-content"):
            found.append(place(_("Templates"), "template", "templates"))
            found.append(
                place(_("Campaigns"), "campaign", "campaigns", Campaign.objects.count(), _("in all"))
            )
            found.append(place(_("Pictures"), "image", "pictures"))
        if here.may("see-names"):
            found.append(place(_("People"), "people", "people", here.people, _("in all")))
        if here.may("see-visitors"):
            found.append(place(_("Alerts"), "bell", "alerts"))
        if here.may("see-content"):
            changes = waiting(request)
            counted = ngettext("change waiting", "changes waiting", changes)
            found.append(place(_("Publish"), "publish", "publish", changes, counted))
    if here.may("see-figures"):
        found.append(place(_("Figures"), "results", "figures"))
    if here.may("see-visitors"):
        found.append(place(_("Visitors"), "eye", "visitors"))
    found.append(place(_("Links"), "link", "links"))
    if here.may("see-audit"):
        found.append(place(_("Who did what"), "clock", "audit"))
    if here.may("see-settings"):
        found.append(place(_("Settings"), "settings", "settings"))
    if len(found) == 2:
        found.append(place(_("My details"), "people", "myself"))
    return found
