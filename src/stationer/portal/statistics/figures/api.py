"""`/api/v1/figures`: the numbers of the pages, by the same words (contract/figures.md)."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from stationer.portal.access import programs
from stationer.portal.access.programs import Page, Paging, found
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import AddressList, Member, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.statistics.figures import period, reading
from stationer.portal.statistics.figures.chance import Difference, Share
from stationer.portal.statistics.figures.reading import Course, People, Sums
from stationer.portal.statistics.rolled import DayFigure
from stationer.wire import ids

router = Router(tags=["figures"], auth=programs.Key("see-figures"))
Day = Annotated[str, Field(max_length=10)]


class Days(Schema):
    """`since` and `until` are days by the PEN's clock, both included; or the last `days`, 30 if nothing is said."""

    since: Day = ""
    until: Day = ""
    days: Annotated[str, Field(max_length=3)] = ""


class PartsAsked(Paging, Days):
    """Days, a campaign (all without), and which page."""

    campaign: str = ""


DaysQuery = Annotated[Days, Query()]
PartsQuery = Annotated[PartsAsked, Query()]
KINDS = {"members": DayFigure.Kind.MEMBER, "domains": DayFigure.Kind.DOMAIN, "lists": DayFigure.Kind.LIST}


class SumsShown(Schema):
    """Counts (contract/figures.md §1)."""

    mails: int
    clicked: int
    raw_clicks: int
    human_clicks: int
    click_rate: float
    held: int


class DayShown(SumsShown):
    """Counts of a day."""

    day: str


class HourShown(Schema):
    """Counts of an hour of the day, of all days."""

    hour: int
    mails: int
    raw_clicks: int
    human_clicks: int


class PeopleShown(Schema):
    """How many people were reached; exact, or estimated."""

    reached: int
    exact: bool


class SideShown(Schema):
    """Those with a campaign, or those held back."""

    people: int
    clicked: int
    sample: bool


class LiftShown(Schema):
    """What a campaign brought: clicks of those with it against those without (contract/figures.md §4)."""

    with_: Annotated[SideShown, Field(alias="with")]
    without: SideShown
    most_likely: float
    low: float
    high: float
    verdict: str


class OfMessage(SumsShown):
    """Counts of a campaign's message."""

    id: str
    people: PeopleShown | None
    lift: LiftShown | None


class PartShown(SumsShown):
    """Counts of one member, domain, list or message (`of`; empty for what is gone)."""

    of: str


class PartsShown(Page):
    """A page of counts."""

    items: list[PartShown]


class Figures(Schema):
    """Of one thing over one period: in all, by day, by hour of the day (none are kept of a member); of a campaign its
    messages; people and lift where they are known."""

    since: str
    until: str
    total: SumsShown
    days: list[DayShown]
    hours: list[HourShown]
    messages: list[OfMessage] | None = None
    people: PeopleShown | None = None
    lift: LiftShown | None = None


def period_asked(asked: Days) -> period.Period:
    """The days that a program asks about, by the clock of the PEN in scope. Raises ValidationError."""
    zone = Pen.objects.values_list("zone", flat=True).get(pk=current_pen_id())
    return period.asked(
        {"since": asked.since, "until": asked.until, "days": asked.days}, timezone.now(), zone
    )


def _shown(one: Sums) -> dict[str, Any]:
    return {
        "mails": one.mails,
        "clicked": one.clicked,
        "raw_clicks": one.raw,
        "human_clicks": one.human,
        "click_rate": round(one.rate, 6),
        "held": one.held,
    }


def _lift(one: Difference | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "with": _side(one.one),
        "without": _side(one.other),
        "most_likely": round(one.most_likely, 6),
        "low": round(one.low, 6),
        "high": round(one.high, 6),
        "verdict": one.verdict,
    }


def _side(one: Share) -> dict[str, Any]:
    return {"people": one.of, "clicked": one.hits, "sample": one.sample}


def _whole(days: period.Period, course: Course, met: People | None) -> dict[str, Any]:
    return {
        "since": days.first.isoformat(),
        "until": days.last.isoformat(),
        "total": _shown(course.whole),
        "days": [{"day": day.isoformat(), **_shown(one)} for day, one in course.days.items()],
        "hours": [
            {"hour": hour, "mails": one.mails, "raw_clicks": one.raw_then, "human_clicks": one.human_then}
            for hour, one in (reading.by_hour(course).items() if course.week else ())
        ],
        **_met(met),
    }


def _met(met: People | None) -> dict[str, Any]:
    if met is None:
        return {"people": None, "lift": None}
    return {"people": {"reached": met.reached, "exact": met.exact}, "lift": _lift(met.lift)}


@router.get("/figures", response=Figures, by_alias=True)
def get_figures(request: HttpRequest, asked: DaysQuery) -> dict[str, Any]:
    """Everything the PEN sent."""
    days = period_asked(asked)
    return _whole(days, reading.course(reading.hours(days), days), reading.people(days))


@router.get("/figures/campaigns/{campaign_id}", response=Figures, by_alias=True)
def get_campaign_figures(request: HttpRequest, campaign_id: str, asked: DaysQuery) -> dict[str, Any]:
    """One campaign and each of its messages, with their lift against the holdout."""
    row, days = found(Campaign.objects.all(), "campaign", campaign_id), period_asked(asked)
    course = reading.course(reading.hours(days, row.pk), days)
    met = reading.people(days, row.pk)
    people = reading.people_of_messages(days, row.pk, met)
    messages = [
        {"id": ids.outside("message", key), **_shown(one), **_met(people.get(key))}
        for key, one in sorted(reading.messages(days, row.pk).items())
    ]
    return _whole(days, course, met) | {"messages": messages}


@router.get("/figures/messages/{message_id}", response=Figures, by_alias=True)
def get_message_figures(request: HttpRequest, message_id: str, asked: DaysQuery) -> dict[str, Any]:
    """One message."""
    row, days = found(Message.objects.all(), "message", message_id), period_asked(asked)
    return _whole(days, reading.course(reading.hours(days, row.campaign_id, row.pk), days), None)


@router.get("/figures/members/{member_id}", response=Figures, by_alias=True)
def get_member_figures(request: HttpRequest, member_id: str, asked: DaysQuery) -> dict[str, Any]:
    """What one member sent."""
    row, days = found(Member.objects.all(), "member", member_id), period_asked(asked)
    rows = reading.days_of(DayFigure.Kind.MEMBER, days, row.pk.hex)
    return _whole(days, reading.daily(rows, days), None)


@router.get("/figures/messages", response=PartsShown)
def list_message_figures(request: HttpRequest, asked: PartsQuery) -> dict[str, Any]:
    """Each message; of one campaign with `campaign`. `next` is the cursor of the page after."""
    campaign = found(Campaign.objects.all(), "campaign", asked.campaign).pk if asked.campaign else None
    after = programs.after("message", asked.cursor) if asked.cursor else None
    sums = reading.messages_by_id(period_asked(asked), campaign, after, asked.limit + 1)
    items = [{"of": ids.outside("message", key), **_shown(one)} for key, one in sums[: asked.limit]]
    return {"items": items, "next": items[-1]["of"] if len(sums) > asked.limit else None}


@router.get("/figures/{sort}", response=PartsShown)
def list_figures(
    request: HttpRequest, sort: Literal["members", "domains", "lists"], asked: PartsQuery
) -> dict[str, Any]:
    """Each member, domain or list; of one campaign with `campaign`. `next` is the cursor of the page after."""
    campaign = found(Campaign.objects.all(), "campaign", asked.campaign).pk if asked.campaign else None
    rows = reading.parts(reading.days_of(KINDS[sort], period_asked(asked), campaign=campaign), "key")
    if asked.cursor:
        rows = rows.filter(key__gt=asked.cursor.removeprefix("after:"))
    sums = reading.summed(rows[: asked.limit + 1])
    more, sums = len(sums) > asked.limit, sums[: asked.limit]
    names = _outside(sort, [key for key, _ in sums])
    return {
        "items": [{"of": names[key], **_shown(one)} for key, one in sums],
        "next": f"after:{sums[-1][0]}" if more else None,
    }


def _outside(sort: str, keys: list[str]) -> dict[str, str]:
    """A member's id, a list's name, as other routes have them; empty for what is gone."""
    if sort == "domains":
        return {key: key for key in keys}
    if sort == "members":
        return {key: ids.outside("member", uuid.UUID(hex=key)) if key else "" for key in keys}
    rows = AddressList.objects.filter(pk__in=[uuid.UUID(hex=key) for key in keys]).values_list("pk", "name")
    named = {pk.hex: name for pk, name in rows}
    return {key: named.get(key, "") for key in keys}
