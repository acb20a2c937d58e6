"""A page was looked at: is that true, may it be kept, and for which click (contract/visits.md §3)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from django.utils import timezone

from stationer import links
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.visits.models import View, Website

MOST_VIEWS, LONGEST_PATH = 200, 500
#: A browser's clock and ours may differ by so much (s).
AHEAD_S = 300
#: Why something was not kept.
Why = Literal["", "off", "consent", "dnt", "over"]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a site tells of a page."""

    token: Annotated[str, msgspec.Meta(max_length=36)]
    page: Annotated[str, msgspec.Meta(max_length=1_500)]
    view: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    seconds: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    consent: Literal["granted", "denied"] = "denied"
    dnt: bool = False


read = msgspec.json.Decoder(Told).decode


class NoToken(ValueError):
    """The token is none of this installation's."""


class ElsewhereError(ValueError):
    """The page, or who tells of it, is none of the PEN's."""


def site_of(token: links.VisitToken, pen: Pen | None) -> tuple[Website, Pen]:
    """The site that a token is for: any, or that of `pen`, which is in scope. Raises NoToken."""
    anywhere = outside_scope(reason="a visit's token says which PEN it is of")
    with anywhere if pen is None else nullcontext():
        for row in Website.objects.filter(code=token.pen.hex()).select_related("pen"):
            if links.proven_visit(token, links.signer(row.pen.outside_id, bytes(row.pen.mark_key))):
                return row, row.pen
    raise NoToken("The token is not one of ours, or a part of it was lost.")


def keep(told: Told, *, origin: str | None, pen: Pen | None, asks_not: bool) -> Why:
    """Write it down, or say why not. `origin`: what the browser says where the script runs; None: it was a server of
    `pen`. `asks_not`: the request itself said DNT or GPC. Raises NoToken, ElsewhereError."""
    token = links.read_visit(told.token)
    if token is None:
        raise NoToken("This is no token of a visit.")
    site, owner = site_of(token, pen)
    if not links.is_at(told.page, site.hosts) or (origin is not None and not links.is_at(origin, site.hosts)):
        raise ElsewhereError("This page is on none of the company's own domains.")
    with pen_scope(owner):
        return _why_not(told, token, site, owner, asks_not) or _write(told, token)


def _why_not(told: Told, token: links.VisitToken, site: Website, pen: Pen, asks_not: bool) -> Why:
    if not site.on or pen.management().tracking == "off":
        return "off"
    if asks_not or told.dnt:
        return "dnt"
    if told.consent != "granted":
        return "consent"
    age = timezone.now().timestamp() - token.at
    return "" if -AHEAD_S <= age <= links.LIFE_S else "over"


def _write(told: Told, token: links.VisitToken) -> Why:
    visit, parts = token.visit.hex(), urlsplit(told.page)
    with transaction.atomic():
        row = View.objects.select_for_update().filter(visit=visit, view=told.view).first()
        if row is not None:
            if told.seconds > row.seconds:
                View.objects.filter(pk=row.pk).update(seconds=told.seconds)
            return ""
        if View.objects.filter(visit=visit).count() >= MOST_VIEWS:
            return "over"
        View.objects.bulk_create(
            [
                View(
                    visit=visit,
                    view=told.view,
                    at=timezone.now(),
                    host=(parts.hostname or "")[:253],
                    path=plain(parts.path),
                    seconds=told.seconds,
                )
            ],
            ignore_conflicts=True,
        )
    return ""


def plain(path: str) -> str:
    """A path as it is kept: a part that may be somebody's address is left out."""
    kept = ["…" if "@" in part or "%40" in part.lower() else part for part in path.split("/")]
    return ("/".join(kept) or "/")[:LONGEST_PATH]
