"""What a worker does of imports: a due row is claimed by a lease and worked at a piece a turn, so that mail and rolls
do not wait behind a long file. A worker that is killed leaves its lease; when that ends, another begins again from
the file. A small file is done at once, while the person waits.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from stationer.portal.audit.actor import Actor, Via, acting
from stationer.portal.people.importing.files import Unreadable, forget, sweep
from stationer.portal.people.importing.staging import Staging, clear
from stationer.portal.people.importing.swap import Moved, apply
from stationer.portal.people.importing.undoing import undo
from stationer.portal.people.models import Import
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.watch.log import Voice

State = Import.State
#: Who looks at lines that came from elsewhere than a file: the first that takes the import (directories say so).
OTHERS: list[Callable[[Import], Staging | None]] = []
LEASE = timedelta(seconds=60)
#: One transaction for all: the lease must outlive it.
LONG_LEASE = timedelta(minutes=20)
MANY = 50_000
#: A file of so many octets is dealt with while the person waits.
AT_ONCE = 400_000
#: How long an import can be undone, and one that was given up lies about.
KEEP, FORSAKEN = timedelta(days=30), timedelta(days=2)
#: How often people may change between look and deed before the person is asked.
MOST_LOOKS = 3
#: Where a fault leads back to.
BACK = {State.CHECKING: State.FAILED, State.APPLYING: State.CHECKED, State.UNDOING: State.DONE}
say = Voice("people")


def staging_of(row: Import) -> Staging:
    """What looks at this import."""
    return next((found for one in OTHERS if (found := one(row))), None) or Staging(row)


class Lost(Exception):
    """Another worker has it now."""


class Turn:
    """One import in this process's hands."""

    def __init__(self, row: Import, lease: uuid.UUID) -> None:
        self.row, self.lease = row, lease
        self.steps = self._steps()

    def step(self) -> bool:
        """One piece of the work. Returns whether there is more. A fault of ours is not tried for ever; one of the
        database's is, when the lease has ended."""
        with pen_scope(self.row.pen_id), acting(self._by()):
            try:
                return next(self.steps, None) is not None
            except Lost:
                return False
            except OperationalError:
                raise
            except Exception:
                say.fault("import-fault", import_id=self.row.outside_id)
                self._end(BACK[State(self.row.state)], note={"code": "fault"})
                return False

    def _by(self) -> Actor:
        """Whoever sent the file has done it, or pressed the button; else the directory."""
        by = self.row.by
        alone: Via = "server" if self.row.from_directory else "key"
        return Actor("page" if by else alone, self.row.by_name, by.email if by else "", by.pk if by else None)

    def _steps(self) -> Iterator[int]:
        try:
            if self.row.state == State.CHECKING:
                yield from self._look()
            elif self.row.state == State.APPLYING:
                yield from self._apply()
            elif self.row.state == State.UNDOING:
                self._hold(leased_until=timezone.now() + (LONG_LEASE if self._lines() > MANY else LEASE))
                undo(self.row)
        except Unreadable as fault:
            clear(self.row)
            self._end(State.FAILED, note=fault.note())
        if not self.row.is_due:
            say.info("import", import_id=self.row.outside_id, state=str(self.row.state), **self.row.counts)

    def _look(self) -> Iterator[int]:
        yield from self._staged()
        self._end(State.CHECKED)

    def _staged(self) -> Iterator[int]:
        work = staging_of(self.row)
        for done in work.pieces():
            self._hold(done=done, leased_until=timezone.now() + LEASE)
            yield done
        row = self.row
        row.counts, row.digest = work.counts, work.digest.hexdigest()
        row.new_groups = {name: key.hex for name, key in work.new_groups.items()}

    def _apply(self) -> Iterator[int]:
        """Put it in place; where people have changed meanwhile, look again first, and go on if nothing came of it."""
        for _ in range(MOST_LOOKS):
            try:
                self._hold(leased_until=timezone.now() + (LONG_LEASE if self._lines() > MANY else LEASE))
                return apply(self.row)
            except Moved:
                agreed = self.row.digest
                yield from self._staged()
                if self.row.digest != agreed:
                    break
        self._end(State.CHECKED, note={"code": "moved"})

    def _lines(self) -> int:
        return sum(self.row.counts.values())

    def _hold(self, **fields: object) -> None:
        """Keep the lease. Raises Lost."""
        if not Import.objects.filter(pk=self.row.pk, lease=self.lease).update(**fields):
            raise Lost

    def _end(self, state: str, note: dict[str, object] | None = None) -> None:
        self._hold(state=state)
        self.row.state, self.row.note = State(state), note or {}
        self.row.lease = self.row.leased_until = None
        self.row.save()


def due(now: datetime) -> Q:
    """What nobody is at."""
    return Q(state__in=Import.DUE) & (Q(leased_until=None) | Q(leased_until__lt=now))


def claim(row: Import) -> Turn | None:
    """Take it in hand, unless another has it: one UPDATE. In the scope of its PEN."""
    now, lease = timezone.now(), uuid.uuid4()
    claimed = Import.objects.filter(due(now), pk=row.pk).update(lease=lease, leased_until=now + LEASE)
    return Turn(Import.objects.get(pk=row.pk), lease) if claimed else None


_in_hand: list[Turn] = []


def turn() -> int:
    """A worker's turn: go on with the one in hand, or take the oldest that is due. 0: there is none."""
    if not _in_hand:
        with outside_scope(reason="which PENs' imports are due"):
            row = Import.objects.filter(due(timezone.now())).order_by("created_at").first()
        if row is None:
            return 0
        with pen_scope(row.pen_id):
            taken = claim(row)
        if taken is None:
            return 0
        _in_hand.append(taken)
    try:
        more = _in_hand[0].step()
    except BaseException:
        _in_hand.clear()
        raise
    if not more:
        _in_hand.clear()
    return 1


def at_once(row: Import) -> None:
    """Do what is due of a small file, here and now; a large one is the worker's."""
    if row.size <= AT_ONCE and (taken := claim(row)):
        while taken.step():
            pass


def forget_old() -> int:
    """Forget imports that can no longer be undone, and those that were given up half-way."""
    now = timezone.now()
    with outside_scope(reason="imports that are over, of every PEN"):
        over = Q(created_at__lt=now - KEEP) | Q(created_at__lt=now - FORSAKEN, applied_at=None)
        rows = list(Import.objects.filter(over).exclude(state__in=Import.DUE).values_list("pen_id", "pk"))
        there = set(Import.objects.values_list("pk", flat=True))
    for pen_id, key in rows:
        with pen_scope(pen_id):
            drop(Import.objects.get(pk=key))
    sweep(there, (now - FORSAKEN).timestamp())
    return len(rows)


def drop(row: Import) -> None:
    """Forget an import, with its file and all that is staged."""
    key = row.pk
    clear(row)
    row.delete()
    forget(key)
