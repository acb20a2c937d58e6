"""Wrapped keys as rows that a rotation walks (contract/seal.md §7): PENs' own, of all of them; those of the messages
of one. A row is replaced only where it still holds what was read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from stationer.keys import Row, Tally, rotate
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.vault import unlocking
from stationer.portal.vault.models import PenKey, SecureMessage
from stationer.seal import Owner


@contextmanager
def _everywhere() -> Iterator[None]:
    with outside_scope(reason="wrapped keys of every PEN, rewrapped under the installation's"):
        yield


class PenKeys:
    """`PenKey` of every PEN: what is under the installation's keys."""

    def after(self, name: str, many: int) -> Sequence[Row]:
        """The next rows by id."""
        with _everywhere():
            rows = PenKey.objects.order_by("pk")
            rows = rows.filter(pk__gt=uuid.UUID(name)) if name else rows
            return [
                Row(row.pk.hex, Owner("pen", row.pen_id.hex, row.name), bytes(row.wrapped))
                for row in rows[:many]
            ]

    def replace(self, changes: Sequence[tuple[Row, bytes]]) -> int:
        """Where a row still holds what was read."""
        with _everywhere(), transaction.atomic():
            return sum(
                PenKey.objects.filter(pk=uuid.UUID(row.name), wrapped=row.wrapped).update(wrapped=new)
                for row, new in changes
            )


class MessageKeys:
    """Keys of the messages of the PEN in scope: what is under the PEN's keys."""

    def after(self, name: str, many: int) -> Sequence[Row]:
        """The next rows by id."""
        rows = SecureMessage.objects.filter(wrapped__isnull=False).order_by("pk")
        rows = rows.filter(pk__gt=uuid.UUID(name)) if name else rows
        return [
            Row(row.pk.hex, Owner("message", row.pen_id.hex, row.pk.hex), bytes(row.wrapped or b""))
            for row in rows.only("pk", "pen_id", "wrapped")[:many]
        ]

    def replace(self, changes: Sequence[tuple[Row, bytes]]) -> int:
        """Where a row still holds what was read."""
        with transaction.atomic():
            return sum(
                SecureMessage.objects.filter(pk=uuid.UUID(row.name), wrapped=row.wrapped).update(wrapped=new)
                for row, new in changes
            )


def tables() -> tuple[PenKeys, ...]:
    """What `stationer keys` counts and rewraps; nothing where the portal's database is not there yet."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not Path(name).exists():
        return ()  # to ask it would make it
    return (PenKeys(),) if PenKey._meta.db_table in connection.introspection.table_names() else ()


def rotate_pen(pen: Pen) -> tuple[Tally, bool]:
    """What an earlier rotation left goes under the PEN's primary key; where nothing was left, that is a new one and
    all go under it. The tally, and whether a key was made. Raises VaultError."""
    with pen_scope(pen):
        left = rotate(unlocking.pen_ring(), MessageKeys())
        if left.rewrapped:
            return left, False
        unlocking.make_pen_key()
        return rotate(unlocking.pen_ring(), MessageKeys()), True
