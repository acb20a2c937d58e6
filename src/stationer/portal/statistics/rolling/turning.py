"""The worker's part: what is due is counted again, a few hours a turn, under a lock on the PEN's own row.

A mark is read, its hour is made again, the mark goes: one transaction. What is told meanwhile leaves a mark of its
own, so that no row is missed and none counts twice. Hours come at once; days a minute later, since each is made
from its whole day, its hours with it: where many hours are due, their day is made at once and nothing is read twice.
Before `Rolling.raw_from` raw rows are no longer whole, and figures stay as they are.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.statistics.models import Hit, Mail
from stationer.portal.statistics.rolled import DayFigure, DaySketch, DueDay, DueHour, HourFigure, Rolling
from stationer.portal.statistics.rolling import clock, days, hours, tally
from stationer.portal.statistics.rolling.removing import sweep

#: Hours of one transaction; with how many due the worker was away, and makes whole days.
HOURS, MANY = 8, 48
#: A day waits so long for more of its rows; at least so often as it takes itself.
DAY_PAUSE, REST = timedelta(seconds=60), 20


def turn() -> bool:
    """A piece of work for each PEN that has some; whether there was any."""
    now = timezone.now()
    with outside_scope(reason="which PENs' figures are due"):
        marked = set(DueHour.objects.order_by().values_list("pen_id", flat=True).distinct())
        marked |= set(DueDay.objects.filter(due_at__lte=now).order_by().values_list("pen_id", flat=True))
        resting = set(Rolling.objects.filter(rest_until__gt=now).values_list("pen_id", flat=True))
        pens = list(Pen.objects.filter(pk__in=marked - resting))
        DueHour.objects.filter(pen_id__in=marked - {*Pen.objects.values_list("pk", flat=True)}).delete()
    return any([_advance(pen, now) for pen in pens])


def _advance(pen: Pen, now: datetime) -> bool:
    with pen_scope(pen):
        began = time.monotonic()
        done = some_hours(pen, now) or one_day(pen, now)
        spent = time.monotonic() - began
        if done and spent > 0.1:  # a large hour is not made again at every turn
            Rolling.objects.update(rest_until=timezone.now() + timedelta(seconds=5 * spent))
        return done


def _hold(pen: Pen) -> Rolling | None:
    """The PEN's row, locked; None while another worker has it. A PEN's new clock makes all its figures due."""
    Rolling.objects.get_or_create(defaults={"zone": pen.zone})
    rows = Rolling.objects.all()
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    row = rows.first()
    if row is not None and row.zone != pen.zone:
        _mark_everything(row)
        _empty(row)
        row.zone = pen.zone
        row.save()
    return row


def _empty(rolling: Rolling) -> None:
    """Take out what was counted by another clock, as far as raw rows can tell it anew."""
    since = rolling.raw_from or datetime(1970, 1, 2, tzinfo=UTC)
    sweep(HourFigure.objects.filter(at__gte=since))
    for model in (DayFigure, DaySketch):
        sweep(model.objects.filter(day__gt=clock.day_of(since, rolling.zone)))


def some_hours(pen: Pen, now: datetime, many: int = MANY, people: tally.People | None = None) -> bool:
    """Count a few due hours again; where more than `many` are, the whole day of one. Whether there were any.

    Which come first is left to chance (the ids of marks), so that none is marked before all others for ever."""
    with transaction.atomic():
        rolling = _hold(pen)
        if rolling is None:
            return False
        due = DueHour.objects.order_by("pk").values_list("hour", flat=True)
        chosen = list(dict.fromkeys(due[: 8 * HOURS]))[:HOURS]
        if not chosen:
            return False
        if due.order_by("hour").distinct()[: many + 1].count() > many:
            day = clock.day_of(max(_over(chosen[:1], rolling)), rolling.zone)
            _one_day(people or days.people_of(pen), rolling, day, now)
            return True
        begun = _taken(chosen, rolling)
        for hour in sorted(begun):
            hours.roll(hour)
        _days_due({clock.day_of(one, rolling.zone) for one in begun}, rolling, now)
        Rolling.objects.update(rolled_at=now)
    return True


def _over(marked: Iterable[datetime], rolling: Rolling) -> set[datetime]:
    return {one for hour in marked for one in clock.hours_over(hour, rolling.zone)}


def _taken(marked: Sequence[datetime], rolling: Rolling) -> set[datetime]:
    """Take these hours' marks out, before any raw row is read. Returns the PEN's hours that they made due."""
    sweep(DueHour.objects.filter(hour__in=marked))
    return {one for one in _over(marked, rolling) if _is_whole(one, rolling)}


def _is_whole(at: datetime, rolling: Rolling) -> bool:
    return rolling.raw_from is None or at >= rolling.raw_from


def _days_due(found: set[date], rolling: Rolling, now: datetime) -> None:
    due_at = now + max(DAY_PAUSE, timedelta(milliseconds=REST * rolling.day_ms))
    DueDay.objects.bulk_create([DueDay(day=day, due_at=due_at) for day in found], ignore_conflicts=True)


def one_day(pen: Pen, now: datetime | None, people: tally.People | None = None) -> bool:
    """Make one day again that is due by then (None: that is due at all); whether there was one."""
    with transaction.atomic():
        rolling = _hold(pen)
        if rolling is None:
            return False
        due = DueDay.objects.order_by("due_at", "day")
        row = (due.filter(due_at__lte=now) if now else due).first()
        if row is None:
            return False
        _one_day(people or days.people_of(pen), rolling, row.day, timezone.now())
    return True


def _one_day(people: tally.People, rolling: Rolling, day: date, now: datetime) -> None:
    """The day with all that is due of it; and an hour of the days beside it, where its marks touch one."""
    began = time.monotonic()
    own = set(days.hours_of(day, rolling.zone))
    marked = DueHour.objects.filter(hour__gte=min(own).replace(minute=0), hour__lt=max(own) + clock.HOUR)
    begun = _taken(list(marked.values_list("hour", flat=True).distinct()), rolling) - own
    DueDay.objects.filter(day=day).delete()
    if _is_whole(min(own), rolling):
        days.roll(people, day, rolling.zone)
    for hour in sorted(begun):
        hours.roll(hour)
    _days_due({clock.day_of(one, rolling.zone) for one in begun}, rolling, now)
    Rolling.objects.update(day_ms=round(1000 * (time.monotonic() - began)), rolled_at=timezone.now())


def settle(pen: Pen) -> None:
    """Count all that is due, in the PEN's scope, without waiting: by whole days, so that nothing is read twice."""
    people = days.people_of(pen)
    while some_hours(pen, timezone.now(), 0, people) or one_day(pen, None, people):
        pass


def again(pen: Pen) -> None:
    """Make every figure of the PEN in scope again that its raw rows still tell."""
    with transaction.atomic():
        rolling = _hold(pen)
        if rolling is not None:
            _mark_everything(rolling)
    settle(pen)


def _mark_everything(rolling: Rolling) -> None:
    """From the first raw row, or figure, to the last."""
    ends = [
        end
        for model in (Mail, Hit, HourFigure)
        for end in (model.objects.order_by("at").first(), model.objects.order_by("at").last())
        if end is not None
    ]
    if not ends:
        return
    first, last = min(one.at for one in ends), max(one.at for one in ends)
    hour = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    count = int((last - hour) / clock.HOUR) + 1
    made = (DueHour(hour=hour + n * clock.HOUR) for n in range(count))
    DueHour.objects.bulk_create(made, batch_size=1000)
