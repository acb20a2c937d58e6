"""From Alice's Outbox to Bob's inbox, over real sockets: the agent as a process, the demo's mail server,
an edge.
"""

from __future__ import annotations

import json
import subprocess

from stationer import mime, stamp
from tests.agent.desk import ALICE, ASIDE, BOB, CAROL, OUTBOX, Desk, mail, until
from tests.agent.edges import FakeEdge


def test_a_mail_is_stamped_sent_filed_and_removed(desk: Desk) -> None:
    written = mail("m1")
    with desk.running():
        desk.put(written)
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
        [arrived], [sent] = desk.mails(BOB), desk.mails(ALICE, "Sent")
    assert (
        b"Open evening: https://go.example/c/TOKEN1" in sent and b"Alice, Acme https://acme.example/" in sent
    )
    assert b"Other" not in sent, "one message alone"
    assert arrived.endswith(sent[sent.index(b"From:") :])
    undone = stamp.unstamp(sent)
    assert isinstance(undone, stamp.Unstamped) and undone.bytes() == written


def test_the_question_holds_sender_to_and_cc_and_nothing_else(desk: Desk, edge: FakeEdge) -> None:
    canary = mail("canary", cc=CAROL, bcc="hidden@elsewhere.example", body=b"SECRETWORD\r\n").replace(
        b"Subject: Hello", b"Subject: SECRETSUBJECT"
    )
    with desk.running():
        desk.put(canary)
        until(lambda: desk.mails(BOB))
    assert edge.questions()[-1] == {"from": ALICE, "to": [BOB], "cc": [CAROL]}
    for line, headers, body in edge.heard:
        said = f"{line}{headers}".encode() + body
        for word in (b"SECRET", b"hidden", b"canary", b"Hello", b"fine"):
            assert word not in said


def test_bcc_is_delivered_kept_in_sent_and_shown_to_nobody(desk: Desk) -> None:
    with desk.running():
        desk.put(mail("m1", bcc=CAROL))
        until(lambda: desk.mails(CAROL) and not desk.mails(ALICE, OUTBOX))
    assert all(b"Bcc" not in one for one in (*desk.mails(BOB), *desk.mails(CAROL)))
    assert b"Bcc: " + CAROL.encode() in desk.mails(ALICE, "Sent")[0]


def test_a_signed_mail_leaves_byte_for_byte(desk: Desk) -> None:
    signed = mail("m1").replace(
        b"text/plain; charset=utf-8", b'multipart/signed; protocol="application/pgp-signature"; boundary=b'
    )
    with desk.running():
        desk.put(signed)
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
    assert desk.mails(ALICE, "Sent") == [signed]
    assert desk.mails(BOB)[0].endswith(signed)


def test_a_mail_without_message_id_and_date_gets_both_and_nothing_more(desk: Desk) -> None:
    bare = b"From: " + ALICE.encode() + b"\r\nTo: " + BOB.encode() + b"\r\n\r\n"
    with desk.running():
        desk.put(bare)
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
    [sent] = desk.mails(ALICE, "Sent")
    assert mime.message_id(sent) and mime.header_values(sent, "Date")
    assert mime.without_headers(sent, frozenset({"Message-ID", "Date", "Stationer-Stamp"})).startswith(
        bare[:-2]
    )


def test_split_copies_go_to_their_recipients_and_one_lies_in_sent(desk: Desk, edge: FakeEdge) -> None:
    edge.split = True
    with desk.running():
        desk.put(mail("m1", cc=CAROL))
        until(lambda: desk.mails(BOB) and desk.mails(CAROL) and not desk.mails(ALICE, OUTBOX))
    assert len(desk.mails(BOB)) == len(desk.mails(CAROL)) == len(desk.mails(ALICE, "Sent")) == 1


def test_twenty_mails_leave_in_order(desk: Desk) -> None:
    desk.put(*(mail(f"m{n}", body=b"Number %d\r\n" % n) for n in range(20)))
    with desk.running():
        until(lambda: len(desk.mails(BOB)) == 20 and not desk.mails(ALICE, OUTBOX), 60)
    assert [one.partition(b"Number ")[2].split()[0] for one in desk.mails(BOB)] == [
        b"%d" % n for n in range(20)
    ]
    assert len(desk.mails(ALICE, "Sent")) == 20


def test_a_mail_without_recipients_comes_back_with_a_sentence(desk: Desk) -> None:
    nobody = (
        b"From: "
        + ALICE.encode()
        + b"\r\nSubject: To nobody\r\nMessage-ID: <n@harbour.example>\r\n\r\nHello\r\n"
    )
    with desk.running():
        desk.put(nobody)
        until(lambda: len(desk.mails(ALICE, ASIDE)) == 2 and not desk.mails(ALICE, OUTBOX))
        desk.put(mail("after"))
        until(lambda: desk.mails(BOB))
    note, original = sorted(desk.mails(ALICE, ASIDE), key=lambda one: one == nobody)
    assert original == nobody
    assert b"Subject: Not sent: To nobody" in note and b"names no recipient" in note
    assert b"In-Reply-To: <n@harbour.example>" in note
    assert not desk.mails(ALICE, "Sent")[1:]


def test_a_mail_that_is_flagged_deleted_is_not_sent_and_a_draft_is(desk: Desk) -> None:
    desk.put(mail("gone"), flags=(b"\\Deleted",))
    desk.put(mail("draft", body=b"from a draft\r\n"), flags=(b"\\Draft",))
    with desk.running():
        until(lambda: desk.mails(BOB))
        until(lambda: desk.mails(ALICE, "Sent"))
    assert [b"from a draft" in one for one in desk.mails(BOB)] == [True]


def test_status_tells_what_waits_and_why(desk: Desk) -> None:
    with desk.running():
        until(lambda: "watching" in status(desk))
        assert json.loads(status(desk, "--json"))["running"] is True
    assert "not running" in status(desk)


def status(desk: Desk, *more: str) -> str:
    """What `stationer agent status` prints."""
    return subprocess.run(desk.command("status", *more), capture_output=True, text=True, timeout=60).stdout
