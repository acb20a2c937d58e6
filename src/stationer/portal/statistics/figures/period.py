"""Which days a page or a program asks about: the last 7, 30 or 90, or its own; and as many before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.statistics.rolling import clock

LENGTHS = (7, 30, 90)
USUAL = 30
#: Longest period, in days: a page reads the hours of one.
MOST = 400


@dataclass(frozen=True)
class Period:
    """Whole days by the clock of `zone`, both ends included. `own`: named by its days, not by its length."""

    first: date
    last: date
    zone: str
    own: bool = False

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """The first moment of it."""
        return clock.begins(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return clock.begins(self.last + timedelta(days=1), self.zone)

    @property
    def before(self) -> Period:
        """As many days right before."""
        size = timedelta(days=self.length)
        return Period(self.first - size, self.last - size, self.zone, self.own)

    @property
    def asked(self) -> dict[str, str]:
        """What asks for it again."""
        if self.own:
            return {"since": self.first.isoformat(), "until": self.last.isoformat()}
        return {"days": str(self.length)}


def last_days(count: int, now: datetime, zone: str) -> Period:
    """The last so many days, today among them."""
    today = clock.day_of(now, zone)
    return Period(today - timedelta(days=count - 1), today, zone)


def asked(said: Mapping[str, str], now: datetime, zone: str) -> Period:
    """From `days`, or `since` and `until`. Raises ValidationError with the field that is wrong."""
    if said.get("since") or said.get("until"):
        return _own(said, clock.day_of(now, zone), zone)
    days = said.get("days") or str(USUAL)
    if not days.isdecimal() or not 1 <= int(days) <= MOST:
        raise ValidationError({"days": _("Ask for 1 to {most} days.").format(most=MOST)})
    return last_days(int(days), now, zone)


def _own(said: Mapping[str, str], today: date, zone: str) -> Period:
    last = _day(said, "until") or today
    first = _day(said, "since") or last - timedelta(days=USUAL - 1)
    if first > last:
        raise ValidationError({"until": _("The last day lies before the first.")})
    if (last - first).days >= MOST:
        raise ValidationError({"since": _("That is more than {most} days.").format(most=MOST)})
    if not 1990 <= first.year <= last.year <= 2200:
        raise ValidationError({"since": _("There are no figures that far away.")})
    return Period(first, last, zone, own=True)


def _day(said: Mapping[str, str], name: str) -> date | None:
    text = (said.get(name) or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = _("{text} is no day. Write it as 2026-12-24.").format(text=text)
        raise ValidationError({name: sentence}) from None
