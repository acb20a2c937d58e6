"""Destinations that refuse for now rest: a domain after three refusals in a row, the relay after the first."""

from __future__ import annotations

from datetime import datetime, timedelta

from stationer.portal.delivery.models import Destination

#: Of the relay itself.
RELAY = ""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
#: The relay is one machine that everything waits for: looked at again sooner.
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
PATIENCE = 3


def wait_after(attempts: int) -> timedelta:
    """How long a recipient waits after so many attempts (1: the first)."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)


def refused(domain: str, reason: str, now: datetime) -> datetime | None:
    """Note a temporary refusal. Returns until when the destination rests, if it does."""
    if domain != RELAY:
        Destination.objects.filter(domain=RELAY).delete()
    row, _ = Destination.objects.get_or_create(domain=domain)
    row.failures += 1
    row.reason = reason[:1000]
    if domain == RELAY:
        row.rests_until = now + min(FIRST_REST * (1 << min(row.failures - 1, 10)), LONGEST_REST)
    elif row.failures >= PATIENCE:
        row.rests_until = now + wait_after(row.failures - PATIENCE + 1)
    row.save()
    return row.rests_until


def took(domain: str) -> None:
    """It takes mail again, and so does the relay: nothing is held against them."""
    Destination.objects.filter(domain__in=[domain, RELAY]).delete()
