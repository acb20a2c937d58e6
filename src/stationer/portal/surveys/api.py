"""`/api/v1/surveys` and `/votes`: what was asked, what it came to, and each answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from stationer.portal.access.programs import Key, Page, Paging, found, page, paged
from stationer.portal.statistics.addressing import inside
from stationer.portal.statistics.figures.api import Days, period_asked
from stationer.portal.surveys import reading, telling
from stationer.portal.surveys.models import Vote
from stationer.portal.surveys.tallying import Span
from stationer.wire import ids
from stationer.wire.words import Scale

router = Router(tags=["surveys"])
figures, votes = Key("see-figures"), Key("see-visitors")


class Between(Schema):
    """A number and between what it surely lies, 95 in 100; None where there is too little to say."""

    value: float
    low: float | None
    high: float | None


class SurveyShown(Schema):
    """What a message or template (`id`) asks in a scale, and what came of it. `counts` by answer."""

    id: str
    campaign: str | None
    scale: Literal["stars", "faces", "nps"]
    question: str
    mails: int
    votes: int
    counts: dict[str, int]
    of_100_mails: Between | None
    mean: Between | None
    nps: Between | None


class Surveys(Page):
    """A page of surveys, of these days."""

    since: str
    until: str
    items: list[SurveyShown]


class SurveysAsked(Paging, Days):
    """Which days, and which page."""


class Reader(Schema):
    """Who answered: by address where the mail had that one recipient (contract/hooks.md §3)."""

    address: str | None
    recipients: int
    unnamed: bool
    domains: list[str]


class VoteShown(Schema):
    """An answer to a survey."""

    id: str
    mail: str | None
    visitor: Reader
    campaign: str | None
    of: str | None
    scale: Literal["stars", "faces", "nps"]
    value: int
    comment: str
    at: datetime
    commented_at: datetime | None


class Votes(Page):
    """A page of answers."""

    items: list[VoteShown]


class Wanted(Paging):
    """Which votes: of a message or template (`of`), with a comment alone."""

    of: str = ""
    commented: bool = False


def _span(one: Span | None) -> dict[str, float | None] | None:
    if one is None:
        return None
    ends = {"low": one.low, "high": one.high}
    return {"value": round(one.value, 4)} | {
        name: None if end is None else round(end, 4) for name, end in ends.items()
    }


@router.get("/surveys", response=Surveys, auth=figures)
def list_surveys(request: HttpRequest, asked: Annotated[SurveysAsked, Query()]) -> dict[str, Any]:
    """Every survey that was published; counted by when its mails left."""
    days = period_asked(asked)
    some, following = paged(reading.surveys(days), _key, asked)
    items = [
        {
            "id": one.outside_id,
            "campaign": ids.outside("campaign", one.campaign) if one.campaign else None,
            "scale": one.scale,
            "question": one.question,
            "mails": one.tally.mails,
            "votes": one.tally.votes,
            "counts": {str(value): count for value, count, _ in reversed(one.tally.rows())},
            "of_100_mails": _span(one.tally.rate()),
            "mean": _span(one.tally.mean()),
            "nps": _span(one.tally.score()),
        }
        for one in some
    ]
    return {
        "since": days.first.isoformat(),
        "until": days.last.isoformat(),
        "items": items,
        "next": following,
    }


def _key(one: reading.Survey) -> str:
    return f"{one.of} {one.scale} {one.question}"


def shown(told: telling.Told) -> dict[str, Any]:
    """A vote as programs see it; `visitor` as in hooks (contract/hooks.md §3)."""
    row, who = told.row, told.who
    scale: Scale = row.voted.scale
    return {
        "id": row.outside_id,
        "mail": ids.outside("mail", told.mail.pk) if told.mail else None,
        "visitor": {
            "address": who.address or None,
            "recipients": who.people,
            "unnamed": who.unnamed,
            "domains": list(who.domains),
        },
        "campaign": ids.outside("campaign", row.campaign) if row.campaign else None,
        "of": ids.outside("message" if row.campaign else "template", row.of) if row.of else None,
        "scale": scale,
        "value": row.value,
        "comment": row.comment,
        "at": row.at,
        "commented_at": row.commented_at,
    }


@router.get("/votes", response=Votes, auth=votes)
def list_votes(request: HttpRequest, asked: Annotated[Wanted, Query()]) -> dict[str, Any]:
    """Votes in the order in which they were made first."""
    rows = Vote.objects.all()
    if asked.of:
        kind = "message" if asked.of.startswith("msg_") else "template"
        rows = rows.filter(of=inside(kind, asked.of)) if inside(kind, asked.of) else rows.none()
    if asked.commented:
        rows = rows.exclude(comment="")
    answered = page(rows, "vote", asked, lambda row: {"row": row})
    answered["items"] = [shown(one) for one in telling.told([one["row"] for one in answered["items"]])]
    return answered


@router.get("/votes/{vote_id}", response=VoteShown, auth=votes)
def get_vote(request: HttpRequest, vote_id: str) -> dict[str, Any]:
    """One vote."""
    return shown(telling.told([found(Vote.objects.all(), "vote", vote_id)])[0])
