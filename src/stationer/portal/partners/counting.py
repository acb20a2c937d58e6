"""Counted numbers of PENs that have a partner: made by the worker in each PEN's own scope, kept outside of it.

This is the one place where numbers leave a PEN for its partner: how many people, how many with a device, how many
mails of a day (UTC), when it last published. Nothing else is read, and no name or word kept.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone

from stationer.portal.access.models import Device
from stationer.portal.partners.handing import adopt
from stationer.portal.partners.models import DayCount, Standing
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication
from stationer.portal.statistics.rolled import HourFigure
from stationer.watch.log import Voice
from stationer.wire import ids

#: A PEN is counted again after so long; so many in one turn.
EVERY, MANY = timedelta(minutes=10), 20
#: Mails of a day are counted again for so many days: reports and clicks come late.
LATE_DAYS = 5
#: Days are kept for so long; closed statements stay.
KEPT = timedelta(days=400)
say = Voice("partners")


def turn() -> int:
    """The worker's turn: the PENs that were not counted for longest. Returns how many."""
    made, old = adopt(), timezone.now() - EVERY
    late = Q(pen__standing_since__gte=timezone.now() - timedelta(days=LATE_DAYS + 1))
    due = Standing.objects.filter(
        Q(pen__standing__in=LIVING) | late, Q(counted_at=None) | Q(counted_at__lt=old)
    )
    rows = list(due.order_by("counted_at").values_list("pen_id", flat=True)[:MANY])
    return made + sum(_counted(pen_id) for pen_id in rows)


def _counted(pen_id: uuid.UUID) -> bool:
    """`count`; a fault of one company is said, and it is counted again when the others were."""
    try:
        count(pen_id)
    except Exception:
        Standing.objects.filter(pen_id=pen_id).update(counted_at=timezone.now())
        say.fault("not-counted", pen=ids.outside("pen", pen_id))
        return False
    return True


#: What is counted; of an ended company nothing is used any more, and its mails of before are reported late.
LIVING = (Pen.Standing.ACTIVE, Pen.Standing.SUSPENDED)


def count(pen_id: uuid.UUID, now: datetime | None = None) -> None:
    """Count this PEN as it is now, and the mails of its last days; of an ended one, these alone."""
    now = now or timezone.now()
    today = now.astimezone(UTC).date()
    with pen_scope(pen_id), transaction.atomic():
        if Pen.objects.filter(pk=pen_id, standing__in=LIVING).exists():
            _present(pen_id, now, today)
        else:
            Standing.objects.filter(pen_id=pen_id).update(counted_at=now)
        late = today - timedelta(days=LATE_DAYS)
        for row in DayCount.objects.filter(pen_id=pen_id, day__gte=late, day__lte=today):
            DayCount.objects.filter(pk=row.pk).update(mails=mails_of(row.day))


def _present(pen_id: uuid.UUID, now: datetime, today: date) -> None:
    """How it is now: the row of this day."""
    agents = Device.objects.filter(revoked_at=None).exclude(kind=Device.Kind.API)
    told = {
        "people": Member.objects.count(),
        "equipped": agents.values("member_id").distinct().count(),
        "published_at": Publication.objects.aggregate(last=Max("made_at"))["last"],
        "counted_at": now,
    }
    Standing.objects.filter(pen_id=pen_id).update(**told)
    row, _ = DayCount.objects.get_or_create(pen_id=pen_id, day=today)
    row.people, row.seats = max(row.people, told["people"]), max(row.seats, told["equipped"])
    row.save()


def mails_of(day: date) -> int:
    """The mails of the PEN in scope that count (contract/figures.md §1) and belong to this UTC day."""
    begin = datetime.combine(day, time(), UTC)
    hours = HourFigure.objects.filter(campaign=None, of=None, at__gte=begin, at__lt=begin + timedelta(days=1))
    return int(hours.aggregate(sum=Sum("mails"))["sum"] or 0)


def forget_old() -> int:
    """Delete days that no page and no statement needs any more. Returns how many."""
    return DayCount.objects.filter(day__lt=timezone.now().date() - KEPT).delete()[0]
