"""What a partner's pages show of the companies below it: made of counted numbers (`Standing`, `DayCount`) alone.

However many companies there are, it is asked in four statements.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.content.parts import PARTS
from stationer.portal.partners.desk import Desk
from stationer.portal.partners.models import DayCount
from stationer.portal.people.models import Partner, Pen

State = Literal["good", "look", "new", "resting"]
#: A company that has sent mails in these weeks, and none for so many days, wants a look.
WEEKS, QUIET_DAYS = 4, 7
SORTS = ("name", "people", "mails", "state")
#: What wants attention stands first.
ORDER: dict[State, int] = {"look": 0, "new": 1, "resting": 2, "good": 3}


@dataclass
class Company:
    """One line: a company, how it stands in a word and a sentence, and its numbers."""

    pen: Pen
    state: State = "good"
    word: str = ""
    why: str = ""
    people: int = 0
    equipped: int = 0
    week: int = 0
    weeks: list[int] = field(default_factory=lambda: [0] * WEEKS)
    counted_at: datetime | None = None

    @property
    def handed(self) -> list[tuple[str, bool]]:
        """What it is handed: the names of parts, each with whether it is locked."""
        return [(PARTS[key].name(), one.locked) for key, one in self.pen.from_above().parts.items()]

    @property
    def line(self) -> str:
        """The four weeks as the points of a line, 100 wide and 30 high."""
        top = max(self.weeks) or 1
        return " ".join(
            f"{100 * n // (WEEKS - 1)} {28 - 24 * value // top}" for n, value in enumerate(self.weeks)
        )

    @property
    def trend(self) -> str:
        """The line, said aloud."""
        first, last = self.weeks[0], self.weeks[-1]
        return _("rising") if last > first * 1.1 else _("falling") if last < first * 0.9 else _("level")


@dataclass
class Group:
    """A reseller below, with what its companies make together."""

    partner: Partner
    count: int = 0
    look: int = 0
    people: int = 0
    week: int = 0


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def companies(desk: Desk, today: date | None = None) -> list[Company]:
    """Every company below, unsorted."""
    today = today or timezone.now().astimezone(UTC).date()
    rows = desk.pens().select_related("partner", "counted")
    sums = sent(desk.partner, today)
    return [described(pen, sums.get(pen.pk, {}), today) for pen in rows]


def sent(partner: Partner, today: date) -> dict[uuid.UUID, dict[date, int]]:
    """Mails by day of the last four weeks and this one, by company."""
    since = monday(today) - timedelta(weeks=WEEKS - 1)
    rows = DayCount.objects.filter(pen__partner__path__startswith=partner.path, day__gte=since, mails__gt=0)
    found: dict[uuid.UUID, dict[date, int]] = {}
    for pen_id, day, mails in rows.values_list("pen_id", "day", "mails"):
        found.setdefault(pen_id, {})[day] = mails
    return found


def described(pen: Pen, days: dict[date, int], today: date) -> Company:
    """One company, from its numbers."""
    counted, week = getattr(pen, "counted", None), monday(today)
    one = Company(pen)
    for day, mails in days.items():
        one.weeks[WEEKS - 1 - (week - monday(day)).days // 7] += mails
    one.week = one.weeks[-1]
    if counted is not None:
        one.people, one.equipped, one.counted_at = counted.people, counted.equipped, counted.counted_at
    last = max(days, default=None)
    quiet = last is not None and (today - last).days >= QUIET_DAYS
    one.state, one.word, one.why = _standing(pen, quiet)
    return one


def _standing(pen: Pen, quiet: bool) -> tuple[State, str, str]:
    counted = getattr(pen, "counted", None)
    if pen.standing == Pen.Standing.ENDED:
        return "resting", _("Ended"), _("its mail leaves as it is written")
    if pen.standing == Pen.Standing.SUSPENDED:
        return "resting", _("Suspended"), _("its mail goes on, nothing can be changed")
    if counted is None or counted.begun_at is None:
        return "new", _("Not begun"), _("invited; nobody has signed in")
    if counted.published_at is None:
        return "new", _("Setting up"), _("nothing is published yet")
    if not counted.equipped:
        return "look", _("Wants a look"), _("no device puts the letterhead on its mail")
    if quiet:
        return "look", _("Wants a look"), _("no mail for {days} days").format(days=QUIET_DAYS)
    if counted.handed_at and counted.published_at < counted.handed_at:
        return "good", _("In order"), _("what you handed down waits for its next Publish")
    return "good", _("In order"), ""


def ordered(rows: Iterable[Company], by: str) -> list[Company]:
    """Sorted by one of SORTS; equals by name."""
    named = sorted(rows, key=lambda one: (one.pen.name.casefold(), one.pen.pk))
    if by == "people":
        return sorted(named, key=lambda one: -one.people)
    if by == "mails":
        return sorted(named, key=lambda one: -one.week)
    if by == "state":
        return sorted(named, key=lambda one: ORDER[one.state])
    return sorted(named, key=lambda one: one.pen.partner.path if one.pen.partner else "")


def groups(desk: Desk, rows: Iterable[Company]) -> dict[uuid.UUID, Group]:
    """The resellers below, by id, those without a company too."""
    found = {one.pk: Group(one) for one in desk.partners() if one.pk != desk.partner.pk}
    for one in rows:
        for group in found.values():
            if one.pen.partner and one.pen.partner.path.startswith(group.partner.path):
                group.count, group.look = group.count + 1, group.look + (one.state == "look")
                group.people, group.week = group.people + one.people, group.week + one.week
    return found


def since(pen: Pen) -> date | None:
    """The first day that is counted of a company."""
    found: date | None = DayCount.objects.filter(pen=pen).aggregate(first=Min("day"))["first"]
    return found


def by_month(pen: Pen) -> list[tuple[date, int]]:
    """Mails of each month that is counted, the newest first."""
    rows = DayCount.objects.filter(pen=pen).values_list("day__year", "day__month").annotate(sent=Sum("mails"))
    found = [(date(year, month, 1), sent) for year, month, sent in rows.order_by("-day__year", "-day__month")]
    return found[:13]
