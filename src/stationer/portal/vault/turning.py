"""What the worker does for the vault: checks of long mails, octets of what has ended, uploads that nobody goes on with.

Its truth is rows: what is due, and who has it until when. A worker that is killed costs a lease. Checks may wait for a
scanner, and are a chore of their own: what has ended goes meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.vault import checking, ending, storing
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Enclosure, SecureMessage
from stationer.watch.log import Voice

State = SecureMessage.State
#: After how long an upload that got no piece is given up, and a fault is tried again.
GIVEN_UP, AGAIN = timedelta(days=7), timedelta(minutes=1)
MOST_ENDED = 500
#: How often a check may fail in a way that was not foreseen.
MOST_ATTEMPTS = 8
say = Voice("vault")


def turn() -> int:
    """One thing of either kind that is due. Returns how many were done."""
    return clear() or check()


def clear() -> int:
    """The octets of one message that has ended or was refused."""
    return _one(~Q(state=State.CHECKING), _clear)


def check() -> int:
    """One check that is due."""
    return _one(Q(state=State.CHECKING), checking.check)


def _one(which: Q, deed: Callable[[SecureMessage], None]) -> int:
    now, lease = timezone.now(), uuid.uuid4()
    with outside_scope(reason="which PENs' secure messages are due"):
        due = _due(now).filter(which)
        key = due.order_by("due_at", "id").values_list("pk", flat=True).first()
        if key is None or not due.filter(pk=key).update(lease=lease, leased_until=now + checking.LEASE):
            return 0
        row = SecureMessage.objects.get(pk=key)
    with pen_scope(row.pen_id):
        _do(row, deed)
    return 1


def _due(now: datetime):  # type: ignore[no-untyped-def]
    return SecureMessage.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), due_at__lte=now)


def _clear(row: SecureMessage) -> None:
    storing.forget(row)
    mine = SecureMessage.objects.filter(pk=row.pk, lease=row.lease)
    mine.update(due_at=None, attempts=0, lease=None, leased_until=None)


def _do(row: SecureMessage, deed: Callable[[SecureMessage], None]) -> None:
    try:
        deed(row)
    except (VaultError, OSError) as fault:
        say.error("message-later", message=row.outside_id, state=row.state, reason=str(fault))
        if isinstance(fault, VaultError) and fault.code == "unreadable":  # what is gone may stay so
            _later(row)
            return
        mine = SecureMessage.objects.filter(pk=row.pk, lease=row.lease)
        mine.update(due_at=timezone.now() + AGAIN, lease=None, leased_until=None)
    except Exception as fault:  # of one message: those behind it are not to wait for it
        said = f"{type(fault).__name__}: {fault}"
        say.error("message-later", message=row.outside_id, state=row.state, reason=said)
        _later(row)


def _later(row: SecureMessage) -> None:
    """What was not foreseen is tried again later and later; a check that fails every time is given up."""
    if row.state == State.CHECKING and row.attempts + 1 >= MOST_ATTEMPTS:
        checking.refuse(row, "uncheckable")
        return
    due = timezone.now() + AGAIN * 2 ** min(row.attempts, 10)
    mine = SecureMessage.objects.filter(pk=row.pk, lease=row.lease)
    mine.update(due_at=due, attempts=row.attempts + 1, lease=None, leased_until=None)


def tidy() -> int:
    """Give up uploads, and end what was kept for as long as its author's package says. Returns how many."""
    now = timezone.now()
    with outside_scope(reason="secure messages that are over, of every PEN"):
        enclosed = Exists(Enclosure.objects.filter(source=OuterRef("pk")).exclude(message__state=State.ENDED))
        old = SecureMessage.objects.filter(state=State.READY, until__lte=now).exclude(enclosed)
        over = list(old.order_by("until")[:MOST_ENDED])
        left = SecureMessage.objects.filter(state=State.UPLOADING, touched_at__lt=now - GIVEN_UP)
        given_up = list(left.order_by("touched_at")[:MOST_ENDED])
    for row in over:
        with pen_scope(row.pen_id):
            ending.end(row, "retention")
    for row in given_up:
        with pen_scope(row.pen_id):
            storing.forget(row)
            SecureMessage.objects.filter(pk=row.pk, state=State.UPLOADING, touched_at=row.touched_at).delete()
    return len(over) + len(given_up)
