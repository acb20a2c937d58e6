"""What the worker does of directories: reads those that are due, has what they said looked at, and lets it go on.

A directory is claimed by a lease; reading one may take minutes, so this has a thread of its own. A worker that is
killed leaves an import nobody waits for (the importing worker goes on with it) or nothing at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from stationer.portal.directories import deciding, taking
from stationer.portal.directories.hearing import remembered
from stationer.portal.directories.models import Directory, Sync
from stationer.portal.directories.reading import read
from stationer.portal.directories.told import Problem
from stationer.portal.people.importing import work
from stationer.portal.people.importing.files import Unreadable
from stationer.portal.people.importing.staging import wanted
from stationer.portal.people.models import Import
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.watch.log import Voice

LEASE = timedelta(minutes=20)
KEPT = timedelta(days=60)
Outcome, State = Sync.Outcome, Import.State
#: Companies that are suspended or over are left as they are.
ACTIVE = Q(pen__standing="active")
say = Voice("directories")


def turn() -> int:
    """A worker's turn: the plans that were looked at, then one directory that is due. 0: there was nothing."""
    with outside_scope(reason="which PENs' directories are due"):
        asked = Q(outcome=Outcome.LOOKING) | Q(outcome__in=Sync.OPEN, of=None)
        looked = list(Sync.objects.filter(ACTIVE, asked).values_list("pen_id", "pk"))
        due = Directory.objects.filter(_due()).order_by("next_at").values_list("pen_id", "pk").first()
    for pen_id, key in looked:
        with pen_scope(pen_id):
            _settled(key)
    if due is None:
        return 0
    with pen_scope(due[0]):
        row = claim(due[1])
        return 1 if row and sync(row) else 0


def _settled(key: uuid.UUID) -> None:
    """A fault is this directory's, and no other's."""
    try:
        if one := Sync.objects.filter(pk=key).first():
            settle(one)
    except Exception:
        say.fault("directory-fault", sync=str(key))


def _due() -> Q:
    now = timezone.now()
    return ACTIVE & Q(on=True, next_at__lte=now) & (Q(leased_until=None) | Q(leased_until__lt=now))


def claim(key: uuid.UUID) -> Directory | None:
    """Take a directory that is due in hand, unless another has it: one UPDATE."""
    lease, until = uuid.uuid4(), timezone.now() + LEASE
    if not Directory.objects.filter(_due(), pk=key).update(lease=lease, leased_until=until):
        return None
    left_by_others(key)
    return Directory.objects.get(pk=key)


def left_by_others(key: uuid.UUID) -> None:
    """Whoever had it in hand before was killed while reading: their sync is over."""
    reading = Sync.objects.filter(directory_id=key, outcome=Outcome.READING)
    reading.update(outcome=Outcome.FAILED, problem={"code": "killed"}, ended_at=timezone.now())


def sync(row: Directory) -> Sync:
    """Read it, and go as far as nobody need be asked."""
    now = timezone.now()
    one = Sync.objects.create(directory=row, started_at=now)
    try:
        whole = read(row)
        if not _renewed(row):
            over(one, Outcome.OVERTAKEN)
            return one
        found = taking.take(row, one, whole)
    except (Problem, Unreadable) as fault:
        failed(row, one, fault.note())
    except Exception:
        say.fault("directory-fault", directory=row.outside_id)
        failed(row, one, {"code": "fault"})
    else:
        Directory.objects.filter(pk=row.pk).update(checked_at=now, problem={}, failing_since=None)
        _go_on(one, found)
    _freed(row, now + timedelta(minutes=row.every))
    one.refresh_from_db()
    say.info("directory", directory=row.outside_id, outcome=str(one.outcome), people=one.people)
    return one


def _renewed(row: Directory) -> bool:
    """Whether nobody else has taken it in hand meanwhile: what was read is old then."""
    mine = Directory.objects.filter(pk=row.pk, lease=row.lease)
    return bool(mine.update(leased_until=timezone.now() + LEASE))


def _freed(row: Directory, next_at: datetime) -> None:
    """The lease is given back; somebody may have wanted it read again meanwhile."""
    mine = Directory.objects.filter(pk=row.pk, lease=row.lease)
    mine.filter(next_at=row.next_at).update(next_at=next_at)
    mine.update(lease=None, leased_until=None)


def _go_on(one: Sync, found: Import | None) -> None:
    if found is None:
        return over(one, Outcome.SAME)
    through(found)
    settle(one)


def through(row: Import) -> None:
    """All that is due of an import, here and now, unless another worker is at it."""
    taken = work.claim(row)
    while taken and taken.step():
        pass


def failed(row: Directory, one: Sync, note: Mapping[str, object]) -> None:
    """It could not be read, or not be looked at: nothing changed."""
    over(one, Outcome.FAILED, note)
    since = row.failing_since or timezone.now()
    Directory.objects.filter(pk=row.pk).update(problem=dict(note), failing_since=since)


def over(one: Sync, outcome: str, note: Mapping[str, object] | None = None) -> None:
    """It came to this."""
    one.outcome, one.problem, one.ended_at = Outcome(outcome), dict(note or {}), timezone.now()
    one.save()


def settle(one: Sync) -> None:
    """Go on with what was looked at; what is still due is the importing worker's."""
    row = Import.objects.filter(sync=one).first()
    if row is None:
        return over(one, Outcome.FORGOTTEN)
    if row.is_due:
        return
    if row.state == State.FAILED or row.note.get("code") == "fault":
        note = row.note
        work.drop(row)
        one.of = None
        return failed(one.directory, one, note)
    if row.state == State.CHECKED:
        _decided(one, row)


def _decided(one: Sync, row: Import) -> None:
    one.directory = Directory.objects.get(pk=one.directory_id)  # as it is now: it was read a while ago
    if not (one.directory.on and one.is_by(one.directory)):
        one.of = None
        work.drop(row)
        return over(one, Outcome.OVERTAKEN)
    outcome, why = deciding.decide(one, row)
    one.counts = row.counts
    if outcome == Outcome.APPLIED:
        one.save(update_fields=["counts"])
        if Import.objects.filter(pk=row.pk, state=State.CHECKED).update(state=State.APPLYING, note={}):
            row.refresh_from_db()
            through(row)
        return
    if outcome == Outcome.SAME:
        one.of = None
        Directory.objects.filter(pk=one.directory_id).update(fingerprint=remembered(one, row), known=wanted())
        work.drop(row)
    elif why:
        Import.objects.filter(pk=row.pk).update(note=why)
    over(one, outcome, why)


def forget_old() -> int:
    """Forget syncs of long ago, and those that a killed worker left in the middle."""
    now = timezone.now()
    with outside_scope(reason="syncs that are over, of every PEN"):
        Sync.objects.filter(outcome=Outcome.READING, started_at__lt=now - LEASE).update(
            outcome=Outcome.FAILED, problem={"code": "killed"}, ended_at=now
        )
        return Sync.objects.filter(started_at__lt=now - KEPT).exclude(outcome__in=Sync.OPEN).delete()[0]
