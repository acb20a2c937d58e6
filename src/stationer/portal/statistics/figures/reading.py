"""The figures of the PEN in scope, from its sums: what pages, files and the API show alike."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Subquery, Sum

from stationer.portal.statistics.figures.chance import Difference, Share, difference
from stationer.portal.statistics.figures.period import Period
from stationer.portal.statistics.models import LostClicks
from stationer.portal.statistics.rolled import DayFigure, DaySketch, HourFigure
from stationer.portal.statistics.rolling import clock, sketch


@dataclass
class Sums:
    """The figures of contract/figures.md §2 that add up."""

    mails: int = 0
    clicked: int = 0
    raw: int = 0
    human: int = 0
    held: int = 0
    raw_then: int = 0
    human_then: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row of sums."""
        for name in NAMES:
            setattr(self, name, getattr(self, name) + (row.get(f"n_{name}") or 0))

    @property
    def machine(self) -> int:
        """Raw clicks that are not known to be a person's."""
        return self.raw - self.human

    @property
    def rate(self) -> float:
        """Click rate, 0 to 1."""
        return self.clicked / self.mails if self.mails else 0.0

    @property
    def per_hundred(self) -> float:
        """Click rate in mails of 100."""
        return 100 * self.rate


NAMES = tuple(field.name for field in fields(Sums))
_HOUR = {f"n_{name}": Sum(name) for name in NAMES}
_DAY = {f"n_{name}": Sum(name) for name in ("mails", "clicked", "raw", "human")}


def hours(period: Period, campaign: uuid.UUID | None = None, of: uuid.UUID | None = None) -> QuerySet[Any]:
    """The hour sums of the PEN, a campaign, or one of its messages."""
    return HourFigure.objects.filter(campaign=campaign, of=of, at__gte=period.since, at__lt=period.until)


def totals(rows: QuerySet[Any]) -> Sums:
    """All of them together."""
    found = Sums()
    found.add(rows.aggregate(**(_HOUR if rows.model is HourFigure else _DAY)))
    return found


def first_hour() -> datetime | None:
    """Since when there are figures at all."""
    return HourFigure.objects.order_by("at").values_list("at", flat=True).first()


def known_before(period: Period, first: datetime | None) -> bool:
    """Whether figures, of which this hour is the first, go back far enough to compare a period with the one before."""
    return first is not None and first < clock.begins(period.before.first + timedelta(days=1), period.zone)


def lost_of(period: Period) -> Subquery:
    """How many clicks edges could not write down (a full disk): they are in no figure, and that is said."""
    rows = LostClicks.objects.filter(at__gte=period.since, at__lt=period.until)
    return Subquery(rows.order_by().values("pen").annotate(n=Sum("clicks")).values("n"))


def messages_by_id(
    period: Period, campaign: uuid.UUID | None, after: uuid.UUID | None, most: int
) -> list[tuple[uuid.UUID, Sums]]:
    """Messages of all campaigns, or one, in the order of their ids, those behind `after`."""
    rows = HourFigure.objects.filter(of__isnull=False, at__gte=period.since, at__lt=period.until)
    rows = rows.filter(campaign=campaign) if campaign else rows.filter(campaign__isnull=False)
    rows = rows.filter(of__gt=after) if after else rows
    found: list[tuple[uuid.UUID, Sums]] = []
    for row in rows.order_by().values("of").annotate(**_HOUR).order_by("of")[:most]:
        one = Sums()
        one.add(row)
        if (of := row["of"]) is not None:
            found.append((of, one))
    return found


@dataclass
class Course:
    """How it went: the whole, each day, and clicks by the hour of the week (Monday is 0)."""

    whole: Sums
    days: dict[date, Sums]
    week: dict[tuple[int, int], Sums]


def course(rows: QuerySet[Any], period: Period) -> Course:
    """One query: all hours of the period, put together by the PEN's clock."""
    zone = ZoneInfo(period.zone)
    found = Course(Sums(), {day: Sums() for day in clock.days(period.first, period.last)}, defaultdict(Sums))
    for row in rows.order_by().values("at").annotate(**_HOUR).iterator(5000):
        at: datetime = row["at"].astimezone(zone)
        found.whole.add(row)
        found.week[at.weekday(), at.hour].add(row)
        if at.date() in found.days:
            found.days[at.date()].add(row)
    return found


def by_hour(found: Course) -> dict[int, Sums]:
    """The hours of the day, 0 to 23, over all days: mails by when they left, `…_then` by when somebody clicked."""
    hours = {hour: Sums() for hour in range(24)}
    for (_, hour), one in found.week.items():
        hours[hour].add({f"n_{name}": getattr(one, name) for name in NAMES})
    return hours


def daily(rows: QuerySet[Any], period: Period) -> Course:
    """The same for a member, a domain or a list, of whom only days are kept."""
    found = Course(Sums(), {day: Sums() for day in clock.days(period.first, period.last)}, {})
    for row in rows.order_by().values("day").annotate(**_DAY):
        found.whole.add(row)
        found.days[row["day"]].add(row)
    return found


def messages(period: Period, campaign: uuid.UUID) -> dict[uuid.UUID, Sums]:
    """Each message of a campaign."""
    rows = HourFigure.objects.filter(
        campaign=campaign, of__isnull=False, at__gte=period.since, at__lt=period.until
    )
    return _by("of", rows)


def campaigns(period: Period) -> dict[uuid.UUID, Sums]:
    """Each campaign that had anything."""
    rows = HourFigure.objects.filter(
        campaign__isnull=False, of=None, at__gte=period.since, at__lt=period.until
    )
    return _by("campaign", rows)


def _by(name: str, rows: QuerySet[Any]) -> dict[uuid.UUID, Sums]:
    found: dict[uuid.UUID, Sums] = defaultdict(Sums)
    for row in rows.order_by().values(name).annotate(**_HOUR):
        found[row[name]].add(row)
    return dict(found)


def days_of(
    kind: str, period: Period, key: str | None = None, campaign: uuid.UUID | None = None
) -> QuerySet[Any]:
    """The day sums of members, domains or lists, or of one of them."""
    rows = DayFigure.objects.filter(kind=kind, campaign=campaign, day__gte=period.first, day__lte=period.last)
    return rows if key is None else rows.filter(key=key)


#: By what members, domains and lists may be sorted.
ORDERS = {"mails": "-n_mails", "human": "-n_human", "clicked": "-n_clicked", "raw": "-n_raw", "key": "key"}


def parts(rows: QuerySet[Any], order: str = "mails", only: Q | None = None) -> QuerySet[Any]:
    """Members, domains or lists with their sums, the largest first."""
    found = rows.filter(only) if only is not None else rows
    sums: QuerySet[Any] = found.order_by().values("key").annotate(**_DAY)
    return sums.order_by(ORDERS.get(order, "-n_mails"), "key")


def summed(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, Sums]]:
    """Rows of `parts`, as sums."""
    made = []
    for row in rows:
        one = Sums()
        one.add(row)
        made.append((str(row["key"]), one))
    return made


@dataclass(frozen=True)
class People:
    """How many people, and whether that is counted or estimated; and the lift, where there was a holdout."""

    reached: int
    exact: bool
    lift: Difference | None


def people(period: Period, campaign: uuid.UUID | None = None) -> People:
    """Whom the PEN's mails reached, or a campaign's; one query."""
    return _people(_met(period.first, period, campaign)[0])


def people_beside(period: Period, campaign: uuid.UUID | None = None) -> tuple[People, People]:
    """The same, and of as many days before; one query."""
    now, before = _met(period.before.first, period, campaign)
    return _people(now), _people(before)


Kept = dict[str, list[bytes]]


def _met(since: date, period: Period, campaign: uuid.UUID | None) -> tuple[Kept, Kept]:
    """The sketches of a period, and of the days from `since` to it."""
    beside = Q(day__gte=period.first) | Q(what=DaySketch.What.REACHED)  # no lift is set beside another
    rows = DaySketch.objects.filter(beside, campaign=campaign, of=None, day__gte=since, day__lte=period.last)
    now: Kept = defaultdict(list)
    before: Kept = defaultdict(list)
    for what, day, values in rows.values_list("what", "day", "people"):
        (now if day >= period.first else before)[what].append(bytes(values))
    return now, before


def _people(kept: Kept, held: Share | None = None) -> People:
    """`held`: those kept back, where these sketches do not say it."""
    met = defaultdict(bytes, {what: sketch.joined(values) for what, values in kept.items()})
    reached = sketch.size(met["reached"])
    if met["held"]:
        held = _share(met["held"], met["held-clicked"])
    seen = _share(met["seen"], met["seen-clicked"])
    return People(reached, sketch.is_exact(reached), difference(seen, held) if held else None)


def _share(whole: bytes, part: bytes) -> Share:
    """Of all, or of a fair sample where they are many: an estimate of a share would pass for exact."""
    hits, of = sketch.share(whole, part)
    return Share(hits, of, sample=len(whole) // 8 >= sketch.MOST)


def people_of_messages(period: Period, campaign: uuid.UUID, whole: People) -> dict[uuid.UUID, People]:
    """Whom each message of a campaign reached, and its lift against those whom the campaign was held back from
    (`whole`: the campaign's); one query."""
    rows = DaySketch.objects.filter(
        campaign=campaign, of__isnull=False, day__gte=period.first, day__lte=period.last
    )
    kept: dict[uuid.UUID, Kept] = defaultdict(lambda: defaultdict(list))
    for of, what, values in rows.values_list("of", "what", "people"):
        if of is not None:
            kept[of][what].append(bytes(values))
    held = whole.lift.other if whole.lift else None
    return {of: _people(sketches, held) for of, sketches in kept.items()}
