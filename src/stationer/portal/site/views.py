"""The first page, the reader's theme, and the style guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from stationer.portal.access.models import Device
from stationer.portal.access.presence import Presence, members_only, presence
from stationer.portal.content.models import Campaign, Template
from stationer.portal.content.standing import standing
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.named import by_name
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.waiting import waiting
from stationer.portal.site.icons import PATHS
from stationer.portal.site.specimen import specimen

THEMES = ("light", "dark")
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Step:
    """One step of getting started: done or not, from the rows themselves."""

    done: bool
    icon: str
    said: str
    why: str
    url: str


@dataclass(frozen=True)
class State:
    """What a PEN has, counted once for the whole page."""

    people: int
    equipped: int
    devices: int
    templates: int
    publication: Publication | None


def count() -> State:
    """How much there is in the PEN in scope."""
    agents = Device.objects.filter(revoked_at=None).exclude(kind=Device.Kind.API)
    return State(
        people=Member.objects.count(),
        equipped=agents.values("member_id").distinct().count(),
        devices=agents.count(),
        templates=Template.objects.exclude(parts={}).count(),
        publication=Publication.objects.defer("drafts", "changed").order_by("-serial").first(),
    )


def steps(pen: Pen, now: State) -> list[Step]:
    """The five first steps, in the order that makes sense."""
    return [
        Step(
            bool(pen.domains),
            "company",
            _("Say which domains are yours"),
            _("So that inside and outside can be told apart."),
            reverse("settings"),
        ),
        Step(
            now.people > 1,
            "people",
            _("Bring in your colleagues"),
            _("Their names and telephone numbers fill the letterhead."),
            reverse("people"),
        ),
        Step(
            now.templates > 0,
            "template",
            _("Make the first template"),
            _("A signature for new mails, and a shorter one for replies."),
            reverse("templates"),
        ),
        Step(
            now.publication is not None,
            "publish",
            _("Publish"),
            _("Until then nothing changes for anyone."),
            reverse("publish"),
        ),
        Step(
            now.devices > 0,
            "key",
            _("Add the first device"),
            _("It puts the letterhead on the mail that leaves it. It takes a minute at each desk."),
            reverse("devices"),
        ),
    ]


@require_GET
@members_only
def home(request: HttpRequest) -> HttpResponse:
    """For those who see the content: what is done, what is next, what leaves. For others: their own mail."""
    here = presence(request)
    if not here.may("see-content"):
        return render(request, "site/home_member.html", _member_facts(here))
    now = count()
    todo = steps(here.pen, now)
    rows = list(Campaign.objects.filter(state=Campaign.State.LIVE)[:5])
    at = timezone.now()
    facts = {
        "steps": todo,
        "done": sum(step.done for step in todo),
        "first": next((step for step in todo if not step.done), None),
        "now": now,
        "bare": now.people - now.equipped,
        "share": round(100 * now.equipped / now.people) if now.people else 0,
        "campaigns": [(row, standing(row, at)) for row in rows],
        "today": at,
        "waiting": waiting(request),
        "published_by": by_name(now.publication.by_name) if now.publication else "",
    }
    return render(request, "site/home.html", facts)


def _member_facts(here: Presence) -> dict[str, Any]:
    mine = Device.objects.filter(member=here.member, revoked_at=None)
    return {
        "devices": mine,
        "preview_url": reverse("own-preview"),
        "as_whom": here.member.name,
        "today": timezone.now(),
    }


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it: a cookie, so that the server writes it into the page."""
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "home")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie("theme")
    return response


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "site/styleguide.html", {"icons": sorted(PATHS)})


@require_GET
@xframe_options_sameorigin
def styleguide_mail(request: HttpRequest, view: str) -> HttpResponse:
    """The example mail in the style guide's preview."""
    try:
        return specimen(view)
    except KeyError:
        raise Http404(view) from None
