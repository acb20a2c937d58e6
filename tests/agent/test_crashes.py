"""kill -9 before and after every record of the journal, on a real IMAP and SMTP pair (as mbsync's suite
does it).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from dataclasses import replace

import pytest

from tests.agent.desk import ALICE, ASIDE, BOB, OUTBOX, Desk, mail, until

#: A stamped mail is four records: dressed and submit-begun, submitted, filed, removed.
RECORDS = 4
#: Where the mail server has the mail, and the journal does not know.
WINDOW = {(2, "before")}


def fresh(desk: Desk, name: str) -> Desk:
    """The same mailbox with a journal of its own."""
    folder = desk.folder.with_name(name)
    folder.mkdir()
    for file in ("mailboxes.json", "secrets.json"):
        shutil.copy(desk.folder / file, folder / file)
    return replace(desk, folder=folder)


def test_killed_at_every_record_one_mail_arrives_and_one_copy_is_filed(desk: Desk) -> None:
    bob = sent = notes = 0
    for number in range(1, RECORDS + 1):
        for side in ("before", "after"):
            at = fresh(desk, f"{side}-{number}")
            at.put(mail(f"{side}-{number}"))
            killed = at.start("--crash-at", str(number), "--side", side)
            assert killed.wait(60) == -signal.SIGKILL, f"{side} {number}: there is no such record"
            with at.running():
                until(lambda at=at: not at.mails(ALICE, OUTBOX), 60)  # type: ignore[misc]
                until(lambda at=at: removed(at), 60)  # type: ignore[misc]
            arrived, filed = len(desk.mails(BOB)) - bob, len(desk.mails(ALICE, "Sent")) - sent
            told = len(desk.mails(ALICE, ASIDE)) - notes
            bob, sent, notes = bob + arrived, sent + filed, notes + told
            assert filed == 1, f"{side} {number}: {filed} copies in Sent"
            assert arrived == (2 if (number, side) in WINDOW else 1), f"{side} {number}: {arrived} arrived"
            assert told >= arrived - 1, f"{side} {number}: sent twice and nobody told"


def removed(desk: Desk) -> bool:
    """Whether the journal says that the mail is out of the Outbox."""
    with sqlite3.connect(f"file:{desk.folder / 'agent.db'}?mode=ro", uri=True) as journal:
        return any(
            json.loads(row[0])["deed"] == "removed" for row in journal.execute("SELECT deed FROM entry")
        )


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_killed_at_random_times_under_load_nothing_is_lost(desk: Desk) -> None:
    kills, chance = int(os.environ.get("KILLS", "200")), random.Random(2)
    for number in range(kills):
        desk.put(mail(f"r{number}", body=b"Number %d.\r\n" % number))
        process = desk.start()
        time.sleep(0.3 + chance.random() * 2)
        process.kill()
        process.wait()
    with desk.running():
        until(lambda: not desk.mails(ALICE, OUTBOX), 600)
        time.sleep(1)
    arrived = [one.partition(b"Number ")[2].split(b".")[0] for one in desk.mails(BOB)]
    filed = [one.partition(b"Number ")[2].split(b".")[0] for one in desk.mails(ALICE, "Sent")]
    assert {int(one) for one in arrived} == set(range(kills)), "lost"
    assert sorted(map(int, filed)) == list(range(kills)), "not exactly one copy each in Sent"
    told = sum(b"sent twice" in one for one in desk.mails(ALICE, ASIDE))
    assert len(arrived) - kills <= told, "sent twice and nobody told"
