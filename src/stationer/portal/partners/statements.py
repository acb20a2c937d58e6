"""Statements: what each company used in a month, a line each, closed once, never changed (contract/partners.md §7).

A month (UTC) is closed when its last day is no longer counted again. Its lines are made of the days' numbers alone,
and say of themselves how many days they have. The same month is the same bytes whenever it is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from hashlib import sha256

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from stationer.portal.partners.counting import LATE_DAYS
from stationer.portal.partners.models import DayCount, Usage
from stationer.portal.people.models import Partner, Pen
from stationer.portal.statistics.figures.sheet import write

HEADING = (
    "month", "partner", "company", "company_id", "days", "people_most", "seats_most", "seat_days", "mails",
)  # fmt: skip


@dataclass(frozen=True)
class Total:
    """A closed month of a partner and all below it."""

    month: date
    companies: int
    seats: int
    seat_days: int
    mails: int


def month_of(text: str) -> date:
    """`2026-03` as its first day. Raises ValueError."""
    if len(text) != 7:
        raise ValueError(text)
    return date.fromisoformat(f"{text}-01")


def after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=32)).replace(day=1)


def close_all(today: date | None = None) -> int:
    """Close every month that is over and whose days are no longer counted again. Returns how many lines it made."""
    today = today or timezone.now().astimezone(UTC).date()
    first = DayCount.objects.order_by("day").values_list("day", flat=True).first()
    made, month = 0, first.replace(day=1) if first else today.replace(day=1)
    while after(month) + timedelta(days=LATE_DAYS) <= today:
        made += close(month)
        month = after(month)
    return made


def close(month: date) -> int:
    """The lines of this month for PENs that have none yet. Returns how many it made."""
    days = DayCount.objects.filter(day__gte=month, day__lt=after(month), pen__partner__isnull=False)
    counted = days.values("pen_id").annotate(
        n=Count("pk"), most=Max("people"), top=Max("seats"), total=Sum("seats"), sent=Sum("mails")
    )
    done = set(Usage.objects.filter(month=month).values_list("pen", flat=True))
    wanted = list(counted.order_by("pen_id"))
    pens = Pen.objects.filter(pk__in=[one["pen_id"] for one in wanted]).select_related("partner").in_bulk()
    lines = [
        Usage(
            month=month, path=pen.partner.path, partner=pen.partner.name, pen=pen.outside_id, company=pen.name,
            days=one["n"], people_most=one["most"], seats_most=one["top"], seat_days=one["total"],
            mails=one["sent"],
        )
        for one in wanted
        for pen in [pens[one["pen_id"]]]
        if pen.partner is not None and pen.outside_id not in done
    ]  # fmt: skip
    Usage.objects.bulk_create(lines, batch_size=500, ignore_conflicts=True)
    return len(lines)


def lines_of(partner: Partner, month: date) -> QuerySet[Usage]:
    """The closed lines of a partner and all below it."""
    return Usage.objects.filter(path__startswith=partner.path, month=month).order_by("path", "company", "pen")


def sheet(partner: Partner, month: date) -> bytes:
    """The statement as CSV (contract/figures.md §6): the same bytes each time."""
    return write(HEADING, [_cells(row) for row in lines_of(partner, month)])


def _cells(row: Usage) -> Sequence[object]:
    return (
        f"{row.month:%Y-%m}", row.partner, row.company, row.pen, row.days, row.people_most, row.seats_most,
        row.seat_days, row.mails,
    )  # fmt: skip


def digest(data: bytes) -> str:
    """By which two copies of a statement are compared."""
    return sha256(data).hexdigest()


def months(partner: Partner) -> list[Total]:
    """The closed months, the newest first."""
    rows = Usage.objects.filter(path__startswith=partner.path).values("month")
    summed = rows.annotate(n=Count("pk"), top=Sum("seats_most"), total=Sum("seat_days"), sent=Sum("mails"))
    return [
        Total(one["month"], one["n"], one["top"], one["total"], one["sent"])
        for one in summed.order_by("-month")
    ]


def so_far(partner: Partner, today: date) -> Total:
    """The running month, which is not closed and may still change."""
    month = today.replace(day=1)
    inside = Q(pen__partner__path__startswith=partner.path, day__gte=month)
    rows = list(
        DayCount.objects.filter(inside)
        .values("pen_id")
        .annotate(top=Max("seats"), total=Sum("seats"), sent=Sum("mails"))
    )
    return Total(
        month,
        len(rows),
        sum(r["top"] for r in rows),
        sum(r["total"] for r in rows),
        sum(r["sent"] for r in rows),
    )
