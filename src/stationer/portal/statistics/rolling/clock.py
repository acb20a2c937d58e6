"""Hours and days by a PEN's clock. An hour begins where its zone's does, so that a day is whole hours of ours.

The minutes that a zone stands off UTC are those of its winter; in the one zone that moves by half an hour
(Australia/Lord_Howe), days of the other half of the year begin half an hour off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
_WINTER = datetime(2026, 1, 1, tzinfo=UTC)


def phase(zone: str) -> timedelta:
    """By how much hours of this zone begin after those of UTC; less than an hour."""
    offset = _WINTER.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return -offset % HOUR


def hour_of(at: datetime, zone: str) -> datetime:
    """When the hour of this moment began."""
    past = phase(zone)
    whole = (at.astimezone(UTC) - past).replace(minute=0, second=0, microsecond=0)
    return whole + past


def hours_over(hour: datetime, zone: str) -> set[datetime]:
    """The hours of the zone that this hour of UTC touches: one or two."""
    return {hour_of(hour, zone), hour_of(hour + HOUR - timedelta(microseconds=1), zone)}


def day_of(at: datetime, zone: str) -> date:
    """The day of this moment, by that clock."""
    return at.astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> datetime:
    """When a day begins: the first of our hours that is on it."""
    first = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    start = hour_of(first, zone)
    return start if start >= first else start + HOUR


def days(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last."""
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
