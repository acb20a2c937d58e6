"""How far a draft reaches, counted behind the page: htmx asks for it when the page is there, a link without it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from stationer import pick
from stationer.portal.access.presence import needs, presence
from stationer.portal.content.models import Campaign
from stationer.portal.people.named import named
from stationer.portal.publishing import reaching, waiting
from stationer.portal.publishing.changes import Drafts, drafts, last_publication


def _answer(request: HttpRequest, name: str, facts: dict[str, Any]) -> HttpResponse:
    """The few lines of the figure alone for htmx, in a page of their own without it."""
    quick = bool(getattr(request, "htmx", False))
    body = f"publishing/{name}.html"
    page = body if quick else "publishing/reach_page.html"
    return render(request, page, facts | {"body": body})


def _with(campaign: Campaign, request: HttpRequest) -> Drafts:
    """The drafts, with this campaign as if it were live."""
    rows, live = waiting.rows(request), copy(campaign)  # the rows themselves are what the page counts on
    live.state = Campaign.State.LIVE
    campaigns = [live if row.pk == live.pk else row for row in rows.campaigns]
    return drafts(presence(request).pen, rows._replace(campaigns=campaigns))


@require_GET
@needs("see-content")
def campaign(request: HttpRequest, campaign: str) -> HttpResponse:
    """Last week's mails that would have carried it."""
    row, pen = named(Campaign, "campaign", campaign), presence(request).pen
    facts: dict[str, Any] = {"title": row.name, "back": row.outside_id, "campaign": row}
    facts["missing"] = reaching.missing(pen, last_publication())
    if facts["missing"] is None:
        try:
            found = reaching.reached(pen, _with(row, request), row.outside_id)
        except pick.DefinitionErrors:
            found, facts["broken"] = None, True
        facts |= _shares(found)
    when = row.wire_rule().when
    facts["ageless"] = bool(when.starts or when.ends)
    facts["forgetful"] = bool(
        any(row.caps.values()) or row.cool_down_h or row.sequence or row.stop_after_click
    )
    return _answer(request, "reach", facts)


def _shares(found: reaching.Reached | None) -> dict[str, Any]:
    """The figure and the parts of its bar, in per cent with one decimal and a point (SVG)."""
    if found is None:
        return {"found": None}
    stood_back, rest = max(0, found.suits - found.shown), found.asked - max(found.suits, found.shown)
    parts = [round(100 * part / found.asked, 1) for part in (found.shown, stood_back, rest)]
    return {
        "found": found,
        "stood_back": stood_back,
        "rest": rest,
        "bars": [f"{part:.1f}" for part in parts],
        "offsets": [f"{sum(parts[:n]):.1f}" for n in range(3)],
    }


@require_GET
@needs("see-content")
def publishing(request: HttpRequest) -> HttpResponse:
    """Last week's mails that would carry something else after Publish."""
    pen, last = presence(request).pen, waiting.last(request)
    facts: dict[str, Any] = {"title": _("Publish"), "back": "", "missing": reaching.missing(pen, last)}
    if facts["missing"] is None:
        before = last.drafts if last else {}
        try:
            facts["found"] = reaching.touched(pen, before, waiting.said(request))
        except pick.DefinitionErrors:
            facts["broken"] = True
    return _answer(request, "touched", facts)
