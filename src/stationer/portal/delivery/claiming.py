"""Which mail is next: what is due and nobody is at, urgent before the rest, of destinations that do not rest.

A look costs what it returns, not what waits: all that it asks for has an index.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from stationer.portal.delivery import destinations
from stationer.portal.delivery.leases import extended as renewed
from stationer.portal.delivery.leases import holder
from stationer.portal.delivery.models import Destination, Recipient

__all__ = ["LEASE", "claim", "renewed"]

#: Longer than the longest hand-over (RFC 5321 §4.5.3.2.6: ten minutes after the final dot).
LEASE = timedelta(minutes=15)
MOST_AT_ONCE, MOST_SEEN = 20, 200
#: Of a process's four threads a slow destination has no more than two.
MOST_FOR_ONE = 2


def due(now: datetime) -> QuerySet[Recipient]:
    """Waiting, due, and nobody is at it."""
    return Recipient.objects.filter(state=Recipient.State.WAITING, due_at__lte=now, lease=None)


def claim(now: datetime) -> tuple[Sequence[Recipient], int]:
    """Lease some mails: one UPDATE, so that of two workers only one gets each. Returns them, in the order of their
    mails, and how many others were put off because their destination rests."""
    if not due(now).exists():
        return [], 0
    with transaction.atomic():
        return _claim(now)


def _claim(now: datetime) -> tuple[Sequence[Recipient], int]:
    resting = _resting(now)
    if destinations.RELAY in resting:
        return [], 0
    busy = _busy()
    for urgent in (True, False):
        seen = due(now).filter(urgent=urgent).exclude(domain__in=busy).order_by("due_at")
        rows = list(seen.values_list("pk", "domain")[:MOST_SEEN])
        put_off = _put_off([row for row in rows if row[1] in resting], resting)
        if wanted := [pk for pk, domain in rows if domain not in resting][:MOST_AT_ONCE]:
            return _leased(wanted, now), put_off
        if put_off:
            return [], put_off
    return [], 0


def _resting(now: datetime) -> dict[str, datetime]:
    rows = Destination.objects.filter(rests_until__gt=now).values_list("domain", "rests_until")
    return {domain: until for domain, until in rows if until is not None}


def _busy() -> list[str]:
    """Destinations that as many are at as may be."""
    leased = Recipient.objects.filter(lease__isnull=False, leased_until__isnull=False)
    at = leased.values("domain").annotate(leases=Count("lease", distinct=True))
    return list(at.filter(leases__gte=MOST_FOR_ONE).values_list("domain", flat=True))


def _put_off(rows: Sequence[tuple[uuid.UUID, str]], resting: dict[str, datetime]) -> int:
    """To the end of their destination's rest, so that nobody looks at them again before."""
    for domain in Counter(domain for _, domain in rows):
        ids = [pk for pk, other in rows if other == domain]
        Recipient.objects.filter(pk__in=ids).update(due_at=resting[domain])
    return len(rows)


def _leased(wanted: Sequence[uuid.UUID], now: datetime) -> Sequence[Recipient]:
    lease = uuid.uuid4()
    due(now).filter(pk__in=wanted).update(lease=lease, leased_until=now + LEASE, holder=holder())
    return list(Recipient.objects.filter(lease=lease).order_by("due_at", "outgoing_id", "domain", "id"))
