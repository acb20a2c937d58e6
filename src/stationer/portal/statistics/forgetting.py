"""What becomes of it all in time (contract/figures.md §5): single mails and clicks go first, their sums later.

First it is written down from when on raw rows are whole, so that no figure is made from what is half gone; then they
go, some at a time, each in a short transaction of its own, so that nobody waits for it. Being killed costs nothing.
On PostgreSQL a month that no PEN keeps any more goes at once, with whatever is in it (`statistics.months`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import months
from stationer.portal.statistics.models import Addressee, EarlyReport, Hit, LostClicks, Mail, Shown
from stationer.portal.statistics.rolled import DayFigure, DaySketch, HourFigure, Keeping, Rolling
from stationer.portal.statistics.rolling import clock, turning
from stationer.portal.statistics.rolling.removing import sweep

#: Mails of one transaction; how many of those an hour has for one PEN.
PIECE, MOST_PIECES = 500, 400


def forget_old() -> int:
    """Once an hour, for every PEN. Returns how many raw rows went one by one."""
    now, pens = timezone.now(), list(Pen.objects.all())
    months.make_ahead()
    months.drop_before(min((_closed(pen, now) for pen in pens), default=now))
    gone = 0
    for pen in pens:
        with pen_scope(pen):
            gone += forget(pen, now)
    return gone


def _closed(pen: Pen, now: datetime) -> datetime:
    """Since when this PEN keeps raw rows; what is older is counted for the last time."""
    with pen_scope(pen):
        kept = Keeping.objects.first() or Keeping()
        since = clock.begins(clock.day_of(now, pen.zone) - timedelta(days=kept.raw_days), pen.zone)
        if Mail.objects.filter(at__lt=since).exists() or Hit.objects.filter(at__lt=since, mail=None).exists():
            turning.settle(pen)  # the last chance of what came late
            _is_whole_from(since)
    return since


def forget(pen: Pen, now: datetime) -> int:
    """What this PEN, in scope, keeps no longer."""
    since = _closed(pen, now)
    gone = sweep(EarlyReport.objects.filter(at__lt=since))  # their mails will not come any more
    for _ in range(MOST_PIECES):
        piece = _mails(since) or _lone_hits(since)
        gone += piece
        if not piece:
            break
    kept = Keeping.objects.first() or Keeping()
    _figures(months_before(clock.day_of(now, pen.zone), kept.figure_months), pen.zone)
    return gone


def _is_whole_from(since: datetime) -> None:
    """Figures of before stay as they are from now on."""
    with transaction.atomic():
        row = Rolling.objects.first() or Rolling()
        if row.raw_from is None or row.raw_from < since:
            row.raw_from = since
            row.save()


def _mails(since: datetime) -> int:
    """The oldest mails with all that is theirs."""
    with transaction.atomic():
        some = list(Mail.objects.filter(at__lt=since).order_by("at").values_list("pk", flat=True)[:PIECE])
        if not some:
            return 0
        # a young click on an old mail still counts in its own hour
        Hit.objects.filter(mail__in=some, at__gte=since).update(mail=None)
        theirs = sum(sweep(model.objects.filter(mail__in=some)) for model in (Hit, Shown, Addressee))
        return theirs + sweep(Mail.objects.filter(pk__in=some))


def _lone_hits(since: datetime) -> int:
    """Clicks on links that senders made, or of mails that no edge told of."""
    with transaction.atomic():
        lone = Hit.objects.filter(at__lt=since, mail=None).values_list("pk", flat=True)[:PIECE]
        return sweep(Hit.objects.filter(pk__in=list(lone)))


def months_before(day: date, months: int) -> date:
    """The first of the month so many months ago."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _figures(first: date, zone: str) -> None:
    sweep(
        LostClicks.objects.filter(at__lt=clock.begins(first, zone))
    )  # as long as the figures that lack them
    sweep(HourFigure.objects.filter(at__lt=clock.begins(first, zone)))
    sweep(DayFigure.objects.filter(day__lt=first))
    sweep(DaySketch.objects.filter(day__lt=first))
