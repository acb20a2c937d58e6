"""Keys are rotated while messages are opened, and killed at it; what was swapped, torn or is another's does not open."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextvars import copy_context

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from stationer import keys
from stationer.cli.keys import run
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.start import prepare
from stationer.portal.vault import ending, keeping, keyrows, models, opening, storing, unlocking
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import PenKey, SecureMessage
from tests.portal.vaulted import LETTER, TO

ROTATES = """
import django; django.setup()
from stationer.keys import add, kms_aead, rotate
from stationer.portal.people.models import Pen
from stationer.portal.vault import keyrows
from stationer.seal.keyring import ring_of
from django.conf import settings
print("begins", flush=True)
while True:
    ring = ring_of(add(settings.PORTAL.keyring), kms_aead)
    for table in keyrows.tables():
        rotate(ring, table, 1)
    for pen in Pen.objects.all():
        keyrows.rotate_pen(pen)
    print("rotated", flush=True)
"""


def kept(many=1):
    return [keeping.keep(LETTER, author="alice@acme.example", recipients=TO) for _ in range(many)]


def says(row):
    return b"".join(opening.content(SecureMessage.objects.get(pk=row.pk)).range())


def rotate_installation(portal):
    ring = keys.read(portal.keyring)
    arguments = argparse.Namespace(verb="rotate", file=portal.keyring, kms="", json=False)
    assert run(arguments, keyrows.tables()) == 0
    assert keys.read(portal.keyring).primary != ring.primary


@pytest.mark.django_db
def test_rotated_on_both_floors_all_is_read(in_acme, portal, capsys):
    rows = kept(3)
    first = PenKey.objects.get().name
    from contextvars import Context

    Context().run(rotate_installation, portal)
    arguments = argparse.Namespace(verb="show", file=portal.keyring, kms="", json=True)
    capsys.readouterr()
    Context().run(run, arguments, keyrows.tables())
    shown = json.loads(capsys.readouterr().out)["keys"]
    assert [one["rows"] for one in shown] == [0, 1]
    Context().run(call_command, "rotate_pen_keys", pen=in_acme.outside_id)
    said = json.loads(capsys.readouterr().out)
    assert (said["made"], said["rewrapped"], said["unreadable"]) == (True, 3, 0)
    assert PenKey.objects.get(primary=True).name == said["key"] != first
    assert all(says(row) == LETTER for row in rows)


@pytest.mark.django_db
def test_what_an_earlier_rotation_left_goes_first(in_acme):
    rows = kept(2)
    unlocking.make_pen_key()
    tally, made = keyrows.rotate_pen(in_acme)
    assert (tally.rewrapped, made, PenKey.objects.count()) == (2, False, 2)
    assert all(says(row) == LETTER for row in rows)


@pytest.mark.django_db
def test_a_row_that_ended_meanwhile_stays_ended(in_acme):
    row = kept()[0]
    table = keyrows.MessageKeys()
    read = table.after("", 10)
    ending.end(row, "author")
    assert table.replace([(read[0], b"anything")]) == 0
    assert SecureMessage.objects.get().wrapped is None


@pytest.mark.django_db(transaction=True)
def test_messages_are_opened_while_keys_are_rotated(acme, portal):
    with pen_scope(acme):
        rows = kept(3)
    wrong, stop = [], threading.Event()

    def reader():
        with pen_scope(acme):
            while not stop.is_set():
                wrong.extend(row.pk for row in rows if says(row) != LETTER)
        connections.close_all()

    threads = [threading.Thread(target=copy_context().run, args=(reader,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            rotate_installation(portal)
            keyrows.rotate_pen(acme)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong


class Load:
    """Messages that are kept and read all the time, in threads of their own. `rows`: those that were kept, `wrong`: what
    did not say what it should, or could not be kept."""

    def __init__(self, acme, many):
        with pen_scope(acme):
            self.rows = kept(many)
        self._acme, self._stop = acme, threading.Event()
        self.wrong, self.read = [], 0
        work = [(self._keeps, 1), (self._reads, 2)]
        self._threads = [
            threading.Thread(target=copy_context().run, args=(self._run, one))
            for one, many in work
            for _ in range(many)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, deed):
        try:
            with pen_scope(self._acme):
                while not self._stop.wait(0.02):
                    deed()
        except Exception as fault:
            self.wrong.append(repr(fault))
        finally:
            connections.close_all()

    def _keeps(self):
        self.rows += kept()

    def _reads(self):
        self.check(random.choices(self.rows, k=5))

    def check(self, rows):
        """These say what they should."""
        self.wrong += [row.pk for row in rows if says(row) != LETTER]
        self.read += len(rows)


def killed(acme, portal, seconds, pause):
    """Rotated by a process that is killed again and again, while messages are kept and read: what did not open, and how
    often it was killed, how many were kept and read."""
    said = connection.settings_dict
    base = (
        f"sqlite:///{said['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgresql://{said['USER']}:{said['PASSWORD']}@{said['HOST'] or 'localhost'}:{said['PORT'] or 5432}/{said['NAME']}"
    )
    env = os.environ | {
        "STATIONER_PORTAL__DATABASE": base,
        "STATIONER_PORTAL__KEYRING": str(portal.keyring),
        "STATIONER_PORTAL__DATA": str(portal.data),
        "DJANGO_SETTINGS_MODULE": "stationer.portal.site.settings",
    }
    until, kills, load = time.monotonic() + seconds, 0, Load(acme, 20)
    with load:
        while not kills or time.monotonic() < until:
            child = subprocess.Popen([sys.executable, "-c", ROTATES], env=env, stdout=subprocess.PIPE)
            assert child.stdout is not None
            assert child.stdout.readline() == b"begins\n"
            time.sleep(pause())
            child.send_signal(signal.SIGKILL)
            child.communicate()
            kills += 1
            with pen_scope(acme):
                load.check(load.rows[:20])
    with pen_scope(acme):
        load.check(load.rows)
    return load.wrong, kills, len(load.rows), load.read


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_killed_while_it_rotates_all_is_read(acme, portal):
    wrong, kills, _, _ = killed(acme, portal, 0, lambda: random.uniform(0.05, 0.4))
    assert not wrong
    assert kills == 1


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.django_db(transaction=True)
def test_killed_every_five_seconds_for_minutes_all_is_read(acme, portal):
    wrong, kills, many, read = killed(acme, portal, 180, lambda: random.uniform(0.05, 5))
    ring = len(keys.read(portal.keyring).keys)
    print(f"{kills} kills, {ring} keys of the installation, {many:,} messages kept, {read:,} times read")
    assert not wrong
    assert kills > 5


@pytest.mark.django_db
def test_another_keyring_opens_nothing_and_says_so(in_acme, portal):
    row = kept()[0]
    portal.keyring.unlink()
    keys.make(portal.keyring)
    with pytest.raises(VaultError) as told:
        says(row)
    assert told.value.code == "keyring"


@pytest.mark.django_db
def test_where_the_keyring_is_gone_none_is_made_over_what_was_sealed(in_acme, portal):
    portal.keyring.unlink()
    prepare(portal)
    assert not portal.keyring.exists()
    with pytest.raises(VaultError):
        kept()
    (portal.data / "keyring.made").unlink()
    prepare(portal)
    assert portal.keyring.stat().st_mode & 0o777 == 0o600
    made = portal.keyring.read_bytes()
    prepare(portal)
    assert portal.keyring.read_bytes() == made


@pytest.mark.django_db
def test_without_its_wrapped_key_nobody_reads_it(in_acme):
    row = kept()[0]
    SecureMessage.objects.update(wrapped=None)
    with pytest.raises(VaultError) as told:
        says(row)
    assert told.value.code == "ended"


@pytest.mark.django_db
def test_a_key_of_a_message_that_cannot_be_read_is_told(in_acme):
    kept()
    SecureMessage.objects.update(wrapped=b"\1\4none" + bytes(72))
    with pytest.raises(CommandError, match="cannot be read"):
        from contextvars import Context

        Context().run(call_command, "rotate_pen_keys")


@pytest.fixture
def two(acme, monkeypatch):
    """Two messages of two segments each in one PEN, one in another; blobs by name."""
    for module in (models, keeping, storing):
        monkeypatch.setattr(module, "PIECE", 1 << 22)
    mail = LETTER + b"x" * 5_000_000

    def sent(pen):
        from hashlib import sha256

        with pen_scope(pen):
            row = keeping.begin(
                author="alice@acme.example", recipients=TO, size=len(mail), sha256=sha256(mail).hexdigest()
            )
            for number in range(2):
                keeping.take(row, number, [mail[number << 22 : (number + 1) << 22]])
            keeping.complete(row)
            from stationer.portal.vault import checking

            checking.turn_of(row)
            return SecureMessage.objects.get(pk=row.pk)

    third = create_pen("Third", ("third.example",))
    return sent(acme), sent(acme), sent(third), mail


def names(row):
    folder = storing.folder_of(row)
    return [f"{folder}/mail/000000", f"{folder}/mail/000001", f"{folder}/index"]


STEP = (1 << 22) + 28


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda store, mine, other: store.put(mine[0], store.get(mine[0])[:-1]),
        lambda store, mine, other: store.put(mine[1], store.get(mine[1])[:-40]),
        lambda store, mine, other: store.delete(mine[1]),
        lambda store, mine, other: store.delete(mine[2]),
        lambda store, mine, other: store.put(mine[0], store.get(other[0])),
        lambda store, mine, other: store.put(mine[1], store.get(other[1])),
        lambda store, mine, other: store.put(mine[2], store.get(other[2])),
        lambda store, mine, other: [store.put(a, store.get(b)) for a, b in zip(mine, other, strict=True)],
        lambda store, mine, other: store.put(mine[1], store.get(mine[0])[84:]),
        lambda store, mine, other: store.put(mine[0], store.get(mine[0])[:84] + store.get(mine[1])),
        lambda store, mine, other: store.put(mine[0], store.get(mine[0])[:5_00] + b"\0" + store.get(mine[0])[501:]),
        lambda store, mine, other: store.put(mine[2], store.get(mine[2])[:-1]),
    ],
    ids=["cut", "cut last", "no piece", "no index", "another's first", "another's last", "another's index",
         "all another's", "repeated", "reordered", "changed", "index cut"],
)  # fmt: skip
@pytest.mark.parametrize("whose", ["message", "pen"])
def test_what_is_not_what_was_sealed_there_is_refused(two, change, whose):
    mine, same_pen, third, mail = two
    other = same_pen if whose == "message" else third
    with pen_scope(mine.pen_id):
        assert b"".join(opening.content(mine).range()) == mail
    change(storing.blobs(), names(mine), names(other))
    given = []
    with pen_scope(mine.pen_id), pytest.raises(VaultError) as told:
        given.extend(opening.content(mine).range())
    assert told.value.code == "unreadable"
    assert mail.startswith(b"".join(given))


@pytest.mark.django_db
def test_octets_that_come_after_the_check_are_not_what_is_read(two):
    """A piece that was on its way when the message was completed is sealed by the right key, and still refused."""
    mine, _, _, mail = two
    with pen_scope(mine.pen_id):
        key = unlocking.key_of(mine)
        storing.pieces_of(mine).write(1, storing.sealed(mine, key, 1, [b"y" * (len(mail) - (1 << 22))]))
        with pytest.raises(VaultError):
            list(opening.content(mine).range())
        storing.pieces_of(mine).write(1, storing.sealed(mine, key, 1, [mail[1 << 22 :]]))
        assert b"".join(opening.content(mine).range()) == mail
    assert timezone.now() > mine.ready_at
