"""The edge in every kind of trouble, no way out, a revoked device: no mail is held for ever, none is lost."""

from __future__ import annotations

import json
import time

import pytest

from tests.agent.desk import ALICE, ASIDE, BOB, OUTBOX, Desk, mail, until
from tests.agent.edges import FakeEdge
from tests.agent.test_whole_way import status
from tests.smtp.scripted import Scripted


def smtp_at(desk: Desk, port: int) -> int:
    """Point the enrolled mailbox to another submission server; returns the port it had."""
    path = desk.folder / "mailboxes.json"
    accounts = json.loads(path.read_text())
    before, accounts[0]["smtp"]["port"] = accounts[0]["smtp"]["port"], port
    path.write_text(json.dumps(accounts))
    return int(before)


@pytest.mark.parametrize("mode", ["frozen", "500", "garbage", "html"])
def test_with_the_edge_in_trouble_a_mail_leaves_as_written_within_the_limit(
    desk: Desk, edge: FakeEdge, mode: str
) -> None:
    edge.hold_ms = 6_000
    desk.enrol()
    edge.mode = mode
    with desk.running():
        until(lambda: "watching" in status(desk))
        began = time.monotonic()
        desk.put(mail("m1"))
        until(lambda: desk.mails(BOB))
        took = time.monotonic() - began
        until(lambda: not desk.mails(ALICE, OUTBOX))
    assert took < 6 + 4, "the limit, and generously what a busy machine adds"
    assert desk.mails(BOB)[0].endswith(mail("m1")) and desk.mails(ALICE, "Sent") == [mail("m1")]


def test_with_the_edge_dead_the_last_good_stationery_is_used(desk: Desk, edge: FakeEdge) -> None:
    edge.hold_ms = 4_000
    with desk.running():
        desk.put(mail("m1"))
        until(lambda: desk.mails(BOB))
        edge.mode = "500"
        desk.put(mail("m2"))
        until(lambda: len(desk.mails(BOB)) == 2)
    last = desk.mails(BOB)[1]
    assert b"Alice, Acme https://acme.example/" in last, "the template, with its plain link"
    assert b"Open evening" not in last, "no message"


def test_when_the_edge_comes_back_within_the_limit_the_mail_is_stamped(desk: Desk, edge: FakeEdge) -> None:
    edge.mode = "500"
    with desk.running():
        desk.put(mail("m1"))
        until(lambda: len(edge.questions()) > 2)
        edge.mode = "up"
        until(lambda: desk.mails(BOB))
    assert b"Open evening" in desk.mails(BOB)[0]


def test_a_revoked_device_sends_as_written_and_status_says_so(desk: Desk, edge: FakeEdge) -> None:
    edge.mode = "401"
    with desk.running():
        desk.put(mail("m1"))
        until(lambda: desk.mails(BOB))
        assert "enrol it again" in status(desk)
    assert desk.mails(BOB)[0].endswith(mail("m1"))


def test_without_a_way_out_it_waits_unasked_and_is_stamped_afterwards(desk: Desk, edge: FakeEdge) -> None:
    edge.hold_ms = 1_000
    with Scripted({"EHLO": "421 closed"}) as closed:
        real = smtp_at(desk, closed.port)
        asked = len(edge.questions())
        with desk.running():
            desk.put(mail("m1"))
            until(lambda: "no way out" in status(desk))
            time.sleep(3)
            assert len(desk.mails(ALICE, OUTBOX)) == 1 and len(edge.questions()) == asked
    smtp_at(desk, real)
    with desk.running():
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
    assert b"Open evening" in desk.mails(BOB)[0]


def test_refused_by_the_mail_server_it_comes_back_with_the_servers_own_words(desk: Desk) -> None:
    with Scripted({"RCPT": "550 5.7.1 you may not"}, extensions=("AUTH PLAIN",)) as refusing:
        smtp_at(desk, refusing.port)
        with desk.running():
            desk.put(mail("m1"))
            until(lambda: len(desk.mails(ALICE, ASIDE)) == 2 and not desk.mails(ALICE, OUTBOX))
    aside = desk.mails(ALICE, ASIDE)
    assert mail("m1") in aside and any(b"550 5.7.1 you may not" in one for one in aside)
    assert not desk.mails(ALICE, "Sent")


def test_refused_for_one_it_goes_to_the_others_and_a_note_names_the_one(desk: Desk) -> None:
    with Scripted({"RCPT TO:<BOB": "550 no such user"}, extensions=("AUTH PLAIN",)) as server:
        smtp_at(desk, server.port)
        with desk.running():
            desk.put(mail("m1", cc="carol@elsewhere.example"))
            until(lambda: desk.mails(ALICE, ASIDE) and not desk.mails(ALICE, OUTBOX))
        assert len(server.mails) == 1
    [note] = desk.mails(ALICE, ASIDE)
    assert b"Not sent to everybody" in note and b"bob@harbour.example: 550 no such user" in note
    assert len(desk.mails(ALICE, "Sent")) == 1


def test_a_mail_over_the_servers_limit_comes_back_and_the_server_never_sees_it(desk: Desk) -> None:
    with Scripted(extensions=("AUTH PLAIN", "SIZE 2000")) as small:
        smtp_at(desk, small.port)
        with desk.running():
            desk.put(mail("big", body=b"x" * 60 + b"\r\n" + b"0123456789\r\n" * 300))
            until(lambda: len(desk.mails(ALICE, ASIDE)) == 2 and not desk.mails(ALICE, OUTBOX))
        assert not any(line.startswith("MAIL") for line in small.heard)
    assert any(b"larger than your mail server takes" in one for one in desk.mails(ALICE, ASIDE))


def test_hostile_mails_are_sent_untouched_or_come_back_and_nothing_loops(desk: Desk) -> None:
    head = b"From: alice@harbour.example\r\nMessage-ID: <h%d@harbour.example>\r\n"
    hostile = [
        b"",
        b"no header at all",
        b"\x00\x01\x02" * 100,
        head % 1 + b"To: a\x00b@c\r\n\r\nx\r\n",
        head % 2 + b"To: bob@harbour.example,\x07\x1b[31m@evil.example\r\n\r\nx\r\n",
        head % 3 + b"To: bob@harbour.example\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\nbroken",
        head % 4 + b"To: bob@harbour.example\r\n",
        head % 5 + b"To: \"x\r\n RCPT TO:<e@x>\" <bob@harbour.example>\r\n\r\nfolded\r\n",
        head % 6 + b"To: " + b"bob@harbour.example, " * 5_000 + b"\r\n\r\nmany\r\n",
        head % 7 + b"To: bob@harbour.example\r\nSubject: =?utf-8?q?" + b"=ff" * 500 + b"?=\r\n\r\nx\r\n",
    ]  # fmt: skip
    with desk.running():
        desk.put(*[one for one in hostile if one], mail("last"))
        until(lambda: not desk.mails(ALICE, OUTBOX), 60)
    arrived, aside = desk.mails(BOB), desk.mails(ALICE, ASIDE)
    originals = [one for one in aside if b"Auto-Submitted: auto-generated" not in one]
    assert len(arrived) + len(originals) == len(hostile), "each either left or came back"
    assert len(aside) == 2 * len(originals), "one note each"
    assert b"fine." in arrived[-1], "what came after them left as well"


def test_a_broken_journal_is_set_aside_and_what_was_sent_is_not_sent_again(desk: Desk) -> None:
    with desk.running():
        desk.put(mail("m1"))
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
    journal = desk.folder / "agent.db"
    journal.write_bytes(b"not a database" * 1_000)
    desk.put(mail("m1"), mail("m2"))
    with desk.running():
        until(lambda: not desk.mails(ALICE, OUTBOX))
        assert "set aside" in status(desk)
    assert len(desk.mails(BOB)) == 2, "m1 lay in Sent, so it was known; m2 was new"
    assert len(desk.mails(ALICE, "Sent")) == 2
    assert list(desk.folder.glob("agent.db.broken-*"))
