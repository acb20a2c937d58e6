"""Assertions that were used: each counts once, also after a restart, in another process and on another machine
(contract/sign-in.md §4). So they stand in rows, not in the cache, which may forget before their time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from stationer.portal.people.scope import outside_scope
from stationer.portal.providers.models import Provider, UsedAssertion

#: An assertion is remembered for so long beyond its own end: clocks may differ, and it was taken until then.
BEYOND = timedelta(minutes=10)


def first_use(row: Provider, assertion: str, until: int | None) -> bool:
    """Whether this assertion (its ID) was not here before; from now on it was. `until` is when it ends, in Unix
    seconds. Of two at once, one is the first."""
    now = timezone.now()
    ends = max(now, _moment(until) if until else now) + BEYOND
    digest = sha256(f"{row.pk.hex}\n{assertion}".encode()).digest()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(provider=row, sha256=digest, until=ends)
    except IntegrityError:
        return False
    return True


def _moment(until: int) -> datetime:
    """The last day there is, where an assertion has no end to speak of."""
    try:
        return datetime.fromtimestamp(until, UTC)
    except (OverflowError, OSError, ValueError):
        return datetime(9999, 1, 1, tzinfo=UTC)


def forget_old() -> int:
    """Forget assertions that are over: they are refused by their own end. Returns how many."""
    with outside_scope(reason="used assertions that are over, of every PEN"):
        return UsedAssertion.objects.filter(until__lt=timezone.now()).delete()[0]
