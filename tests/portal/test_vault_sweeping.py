"""Octets that no row names are swept; those of running uploads, of others and of what is not ours stay."""

from __future__ import annotations

import uuid
from contextvars import Context
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from stationer.portal.delivery import worker
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault import ending, keeping, opening, storing, sweeping
from stationer.portal.vault.models import SecureMessage
from tests.portal.vaulted import LETTER, TO

pytestmark = pytest.mark.django_db


def keep():
    return keeping.keep(LETTER, author="alice@acme.example", recipients=TO)


def kept_in(pen):
    with pen_scope(pen):
        return keep()


def rolled_back():
    """One whose row was taken back with the transaction round it."""
    with transaction.atomic():
        row = keep()
        transaction.set_rollback(True)
    return row


def swept(now):
    """How many blobs the worker deletes, which is in no PEN's scope."""
    return Context().run(sweeping.sweep, now)


def there(row):
    return list(storing.blobs().names(storing.folder_of(row)))


def test_what_was_rolled_back_goes_after_a_day_and_nothing_else(in_acme):
    stays, lost = keep(), rolled_back()
    begun = keeping.begin(author="alice@acme.example", recipients=TO, size=5, sha256="0" * 64)
    keeping.take(begun, 0, [b"12345"])
    storing.blobs().put("picture", b"not the vault's")
    storing.blobs().put(f"{in_acme.pk.hex}/{uuid.UUID(int=5).hex}/mail/000000", b"no id of ours")
    foreign = f"{uuid.uuid4().hex}/{lost.pk.hex}/mail/000000"
    storing.blobs().put(foreign, b"another installation's")
    assert len(there(lost)) == 2
    now = timezone.now()
    assert swept(now + timedelta(hours=23)) == 0 and len(there(lost)) == 2
    assert swept(now + timedelta(days=2)) == 2 and not there(lost)
    assert len(there(begun)) == 1 and storing.blobs().has("picture") and storing.blobs().has(foreign)
    assert b"".join(opening.content(stays).range()) == LETTER
    assert swept(now + timedelta(days=2)) == 0


def test_what_a_late_piece_left_of_a_message_that_ended_goes_too(in_acme):
    row = keep()
    ending.end(row, "author")
    SecureMessage.objects.update(due_at=None)
    assert swept(timezone.now() + timedelta(days=2)) == 2 and not there(row)


def test_another_pens_row_keeps_nothing(other, in_acme):
    theirs = Context().run(kept_in, other)
    storing.blobs().put(f"{in_acme.pk.hex}/{theirs.pk.hex}/mail/000000", b"under the wrong PEN")
    assert swept(timezone.now() + timedelta(days=2)) == 1
    assert len(there(theirs)) == 2


def test_the_worker_sweeps_a_day_after_its_start_and_once_a_day(in_acme, monkeypatch):
    moments, now = [], [0.0]
    monkeypatch.setattr(sweeping, "sweep_now", lambda: moments.append(now[0]))
    chores = worker.sweeps(lambda: now[0])
    for hour in range(60):
        now[0] = hour * 3600.0
        for chore in chores:
            chore()
    assert moments == [24 * 3600.0, 48 * 3600.0]
