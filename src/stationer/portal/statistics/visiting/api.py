"""`/api/v1/hits`: what visitors followed, with what is thought of it and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from stationer.clicks import Reason, sentence
from stationer.portal.access.programs import Key, Page, Paging, found, inside, page
from stationer.portal.statistics.models import Hit
from stationer.portal.statistics.tokens import DECOY
from stationer.portal.visits.words import pages
from stationer.wire import ids

router = Router(tags=["visitors"], auth=Key("see-visitors"))


class Wanted(Paging):
    """Which hits: `human` true or false (both without), of a campaign, from one moment to before another."""

    human: bool | None = None
    campaign: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Said(Schema):
    """A rule that spoke, what it saw, and that as a sentence."""

    model_config = ConfigDict(extra="allow")
    rule: str
    says: str


class Looked(Schema):
    """A page of the company's own site that was looked at afterwards, and for how long."""

    page: str
    seconds: int | None


class HitShown(Schema):
    """A link that was followed: in which mail, to whom that went, and what is thought of it (`human`, `score`)."""

    id: str
    at: datetime
    recipients: list[str]
    of: int
    unnamed: bool
    pick: str | None
    copy_: Annotated[int | None, Field(alias="copy")]
    campaign: str | None
    message: str | None
    template: str | None
    link: str | None
    target: str
    decoy: bool
    score: int | None
    human: bool | None
    corrected: bool
    reasons: list[Said]
    method: str
    address: str
    agent: str
    visits: list[Looked]


class Hits(Page):
    """A page of hits."""

    items: list[HitShown]


def shown(row: Hit) -> dict[str, Any]:
    """A hit as the API shows it. `recipients`: those of the mail; with more than one it was one of them."""
    people = [one.address for one in row.mail.addressees.all()] if row.mail else []
    return {
        "id": ids.outside("hit", row.pk),
        "at": _stamp(row.at),
        "recipients": people or ([row.link.address] if row.link and row.link.address else []),
        "of": max(row.mail.people, len(people)) if row.mail else int(bool(row.link and row.link.address)),
        "unnamed": bool(row.mail and row.mail.unnamed),
        "pick": ids.outside("pick", row.pick) if row.pick else None,
        "copy": row.copy,
        "campaign": ids.outside("campaign", row.campaign) if row.campaign else None,
        "message": ids.outside("message", row.of) if row.of and row.campaign else None,
        "template": ids.outside("template", row.of) if row.of and not row.campaign else None,
        "link": ids.outside("link", row.link_id) if row.link_id else None,
        "target": row.target,
        "decoy": row.number == DECOY,
        "score": row.score,
        "human": row.human,
        "corrected": row.corrected_at is not None,
        "reasons": [
            {**one, "says": sentence(Reason(one["rule"], one.get("saw", {})))} for one in row.reasons
        ],
        "method": row.method,
        "address": row.address,
        "agent": row.agent,
        "visits": [],
    }


def _with_visits(items: list[dict[str, Any]]) -> None:
    """Which pages of the company's own site were looked at after each."""
    known = {ids.inside("hit", one["id"]): one for one in items}
    for hit, some in pages(known).items():
        known[hit]["visits"] = [{"page": one.whole, "seconds": one.seconds} for one in some]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rows() -> QuerySet[Hit]:
    return Hit.objects.select_related("mail", "link").prefetch_related("mail__addressees")


@router.get("/hits", response=Hits, by_alias=True)
def list_hits(request: HttpRequest, asked: Annotated[Wanted, Query()]) -> dict[str, Any]:
    """Hits, the oldest first."""
    rows = _rows()
    if asked.human is not None:
        rows = rows.filter(human=asked.human)
    if asked.campaign:
        rows = rows.filter(campaign=inside("campaign", asked.campaign))
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    answered = page(rows, "hit", asked, shown)
    _with_visits(answered["items"])
    return answered


@router.get("/hits/{hit_id}", response=HitShown, by_alias=True)
def get_hit(request: HttpRequest, hit_id: str) -> dict[str, Any]:
    """One hit."""
    one = shown(found(_rows(), "hit", hit_id))
    _with_visits([one])
    return one
