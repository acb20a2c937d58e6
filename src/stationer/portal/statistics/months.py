"""On PostgreSQL raw rows lie in a partition for each month (UTC), by their ids; on SQLite there is none of this.

An id is a UUIDv7 (RFC 9562 §5.7), so a month is a range of ids, and the primary key holds the partition's column as it
is. The worker makes months ahead; what belongs to none lies in the rest (`…_rest`): that of clocks far off, and what
came of a month before the portal was there. A month that no PEN keeps any more is dropped, whatever it has in it,
where single rows would be deleted one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Addressee, Hit, Shown, first_id
from stationer.portal.statistics.rolling.removing import sweep
from stationer.watch.log import Voice

#: Whatever refers to mails, before mails: in this order months are dropped.
TABLES = ("statistics_hit", "statistics_shown", "statistics_addressee", "statistics_mail")
#: Months that are there before they begin.
AHEAD = 3

say = Voice("portal")


def there() -> bool:
    """Whether this database has them."""
    return connection.vendor == "postgresql"


def begins(at: datetime, later: int = 0) -> datetime:
    """When the month of this moment begins, or the one so many months later."""
    at = at.astimezone(UTC)
    count = at.year * 12 + at.month - 1 + later
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


def _named(table: str, month: datetime) -> str:
    return f"{table}_{month:%Y_%m}"


def make_ahead() -> None:
    """This month's partition and the next ones', where they are not there yet."""
    if there():
        now = timezone.now()
        for later in range(AHEAD + 1):
            make(begins(now, later))


def make(month: datetime) -> None:
    """The partitions of a month. Where its rows lie in the rest already (a clock was ahead), they stay there."""
    low, high = first_id(month), first_id(begins(month, 1))
    for table in reversed(TABLES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"CREATE TABLE IF NOT EXISTS {_named(table, month)} PARTITION OF {table} "
                    f"FOR VALUES FROM ('{low}') TO ('{high}')"
                )
        except IntegrityError:
            say.warning("month-not-made", table=table, month=f"{month:%Y-%m}")


def known() -> Iterator[datetime]:
    """Months that have a partition of mails, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'statistics_mail'::regclass ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall() if not name.endswith("_rest")]
    for name in names:
        yield datetime.strptime(name.removeprefix("statistics_mail_"), "%Y_%m").replace(tzinfo=UTC)


def drop_before(since: datetime) -> int:
    """Drop the months that were over by then, when figures of before are closed. Returns how many."""
    over = [month for month in known() if begins(month, 1) <= since] if there() else []
    for month in over:
        _let_go(month)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # or a table with changes that wait could not be detached
            for table in TABLES:
                name = _named(table, month)
                cursor.execute("SELECT to_regclass(%s)", [name])
                if cursor.fetchone() != (None,):
                    cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {name}")
                    cursor.execute(f"DROP TABLE {name}")
        say.info("month-dropped", month=f"{month:%Y-%m}")
    return len(over)


def _let_go(month: datetime) -> None:
    """Of rows in other months that belong to mails of this one: a young click still counts in its own hour."""
    low, high = first_id(month), first_id(begins(month, 1))
    theirs: dict[str, Any] = {"mail_id__gte": low, "mail_id__lt": high}
    for pen in Pen.objects.all():
        with pen_scope(pen), transaction.atomic():
            Hit.objects.filter(**theirs, pk__gte=high).update(mail=None)
            sweep(Hit.objects.filter(**theirs, pk__lt=low))
            for model in (Shown, Addressee):
                sweep(model.objects.filter(**theirs).exclude(pk__gte=low, pk__lt=high))
