"""Blobs that no row names, of what was rolled back: nobody can read them, their key was in the row (contract/vault.md
§7). Those of a PEN that is not known here are left: they may be another installation's, or its database is not back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from django.utils import timezone

from stationer.blobs.names import Absent
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope
from stationer.portal.vault import storing
from stationer.portal.vault.models import SecureMessage
from stationer.watch.log import Voice

State = SecureMessage.State
#: A message that was begun so long ago has a row, if it ever gets one; messages that are asked for at once.
SETTLED, AT_ONCE = timedelta(days=1), 500
say = Voice("vault")


def sweep_now() -> None:
    """The worker's chore."""
    sweep(timezone.now())


def sweep(now: datetime) -> int:
    """Delete them; how many. What of the store is not the vault's is not looked at. Raises OSError."""
    gone, messages = 0, _messages(now)
    pens = set(Pen.objects.values_list("pk", flat=True))
    while some := list(islice(messages, AT_ONCE)):
        with outside_scope(reason="which blobs of the vault a row names, of every PEN"):
            rows = SecureMessage.objects.filter(pk__in=[message for _, message, _ in some]).exclude(
                state__in=(State.ENDED, State.REFUSED)
            )
            kept = {(row.pen_id, row.pk) for row in rows.only("pen_id", "id")}
        for pen, message, names in some:
            if pen in pens and (pen, message) not in kept:
                gone += _deleted(names)
    if gone:
        say.info("blobs-swept", blobs=gone)
    return gone


def _messages(now: datetime) -> Iterator[tuple[uuid.UUID, uuid.UUID, list[str]]]:
    """PEN, message and the names of its blobs; of those that were begun long enough ago."""
    for folder, names in groupby(storing.blobs().names(), key=lambda name: tuple(name.split("/")[:2])):
        match [_id(one) for one in folder]:
            case [uuid.UUID() as pen, uuid.UUID(version=7) as message] if now - _made(message) >= SETTLED:
                yield pen, message, list(names)


def _id(text: str) -> uuid.UUID | None:
    with suppress(ValueError):
        found = uuid.UUID(text)
        return found if found.hex == text else None
    return None


def _made(message: uuid.UUID) -> datetime:
    """A UUIDv7 begins with its moment, in ms (RFC 9562 §5.7)."""
    return datetime.fromtimestamp((message.int >> 80) / 1000, UTC)


def _deleted(names: list[str]) -> int:
    gone = 0
    for name in reversed(names):  # the first piece last: it has the header
        with suppress(Absent):
            storing.blobs().delete(name)
            gone += 1
    return gone
