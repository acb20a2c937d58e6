"""One day made anew from its raw rows: the sums of its hours, of members, domains and lists, and its people."""

from __future__ import annotations

import gc
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from stationer.portal.people.models import AddressList, Pen
from stationer.portal.statistics.rolled import DayFigure, DaySketch
from stationer.portal.statistics.rolling import hours, tally
from stationer.portal.statistics.rolling.clock import HOUR, begins
from stationer.portal.statistics.rolling.inserting import insert
from stationer.portal.statistics.rolling.removing import sweep

COLUMNS = ("day", "kind", "key", "campaign", "mails", "clicked", "raw", "human")


def people_of(pen: Pen) -> tally.People:
    """The people of the PEN in scope, with its lists as they are now."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in AddressList.objects.all():
        for address in row.addresses:
            found[address].append(row.pk.hex)
    return tally.People(bytes(pen.mark_key), found)


def hours_of(day: date, zone: str) -> list[datetime]:
    """When each of its hours begins."""
    since, until = begins(day, zone), begins(day + timedelta(days=1), zone)
    return [since + n * HOUR for n in range((until - since) // HOUR)]


def roll(people: tally.People, day: date, zone: str) -> None:
    """Take the day's sums and sketches out and make them again, its hours' too. Runs in the caller's transaction,
    under the lock."""
    made = tally.Day(people)
    with _uncollected():
        for hour in hours_of(day, zone):
            hours.roll(hour, made)
    sweep(DayFigure.objects.filter(day=day))
    insert(
        DayFigure,
        COLUMNS,
        (
            (day, kind, key.replace("-", "") if kind == DayFigure.Kind.MEMBER else key, campaign, *sums)
            for (kind, key), sums_of in made.parts.items()
            for campaign, sums in sums_of.items()
        ),
    )
    sweep(DaySketch.objects.filter(day=day))
    DaySketch.objects.bulk_create(_sketches(day, made))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing in here goes round in circles: the collector would look through a million rows for nothing, a fifth of
    the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _sketches(day: date, made: tally.Day) -> Iterator[DaySketch]:
    for (campaign, of), sketches in made.people.items():
        for what, people in sketches.items():
            yield DaySketch(
                day=day, campaign=_uuid(campaign), of=_uuid(of), what=what, people=people.written()
            )


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None
