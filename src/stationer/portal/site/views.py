"""The first page, of members and of readers, the reader's theme, and the style guide."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST, require_safe

from stationer.portal.access import domains
from stationer.portal.access.models import Device
from stationer.portal.access.presence import Presence, members_only, needs, presence
from stationer.portal.content.models import Campaign
from stationer.portal.content.standing import standing
from stationer.portal.people.named import by_name
from stationer.portal.publishing.waiting import waiting
from stationer.portal.site.first_run import count, first_open, steps
from stationer.portal.site.icons import PATHS
from stationer.portal.site.leading import back_to
from stationer.portal.site.specimen import specimen

THEMES = ("light", "dark")
A_YEAR = 365 * 24 * 3600


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """The address that a notification tells people to type: for whoever is signed out a page that says how to find
    one's letter and to check a mail, and leads to the sign-in; for members their own first page. A script is told that
    it is signed out (access.signed_out)."""
    by_script = request.headers.get("HX-Request") == "true"
    if request.user.is_authenticated or by_script:
        return home(request)
    name = request.get_host().partition(":")[0]
    return render(request, "site/front.html", {"host": name})


@members_only
def home(request: HttpRequest) -> HttpResponse:
    """For those who see the content: what is done, what is next, what leaves. For others: their own mail."""
    here = presence(request)
    if not here.may("see-content"):
        return render(request, "site/home_member.html", _member_facts(here))
    now = count(here.people)
    todo = steps(here.pen, now)
    rows = list(Campaign.objects.filter(state=Campaign.State.LIVE)[:5])
    at = timezone.now()
    facts = {
        "steps": [(step, here.may(step.right)) for step in todo],
        "done": sum(step.done for step in todo),
        "first": first_open(todo, here),
        "open": sum(not step.done for step in todo),
        "now": now,
        "bare": now.people - now.equipped,
        "share": round(100 * now.equipped / now.people) if now.people else 0,
        "campaigns": [(row, standing(row, at)) for row in rows],
        "today": at,
        "waiting": waiting(request),
        "published_by": by_name(now.publication.by_name) if now.publication else "",
    }
    return render(request, "site/home.html", facts)


@require_GET
@needs("see-content")
def first_run(request: HttpRequest) -> HttpResponse:
    """The list of first steps alone, as the home page fetches it again while something is still to do."""
    here = presence(request)
    if here.may("change-settings") and here.pen.domains:
        domains.look(here.pen, gently=True)
    todo = steps(here.pen, count(here.people))
    facts = {
        "steps": [(step, here.may(step.right)) for step in todo],
        "done": sum(step.done for step in todo),
        "open": sum(not step.done for step in todo),
    }
    return render(request, "site/first_run.html", facts)


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
    response = redirect(back_to(request, "home"))
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
