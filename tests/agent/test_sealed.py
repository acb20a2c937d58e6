"""Sealed from Alice's Outbox to Bob's inbox and Carol's: the agent as a process, the demo's mail server, an edge and a
portal. Everything that SMTP ever got is looked at.
"""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from stationer import notice
from tests.agent.desk import ALICE, ASIDE, BOB, CAROL, OUTBOX, Desk, mail, until
from tests.agent.edges import FakeEdge
from tests.agent.portals import OTHER_SEED, PEN, STEPS, FakePortal, key
from tests.agent.portals import portal as running_portal
from tests.agent.taps import Tap, tap

CANARY = b"CANARYWORD"


def letter(name: str, subject: bytes = b"[secure] Your results", *, bcc: str = "") -> bytes:
    """A mail to Bob and Carol that asks to be sealed."""
    body = b"Dear both,\r\n\r\n" + CANARY + b" stands here.\r\n" * 40
    written = mail(name, cc=CAROL, bcc=bcc, body=body)
    return written.replace(b"Subject: Hello", b"Subject: " + subject)


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running_portal() as fake:
        yield fake


@pytest.fixture
def wire(demo_mail) -> Iterator[Tap]:  # type: ignore[no-untyped-def]
    with tap(demo_mail.smtp) as made:
        yield made


@pytest.fixture
def sealing(demo_mail, edge: FakeEdge, portal: FakePortal, wire: Tap, tmp_path: Path) -> Desk:  # type: ignore[no-untyped-def]
    """Alice and Bob enrolled, with their PEN; Carol is not."""
    desk = Desk(demo_mail, tmp_path / "agent", edge.url)
    for address in (ALICE, BOB):
        desk.enrol(
            "--address", address, "--portal", portal.url, "--pen", PEN, "--smtp", f"127.0.0.1:{wire.port}"
        )
    return desk


def restored(desk: Desk, address: str = BOB) -> list[bytes]:
    """What lies restored in an inbox."""
    return [one for one in desk.mails(address) if b"\nStationer-Restored:" in one]


def is_notification(one: bytes) -> bool:
    return b"\nStationer-Notification:" in b"\n" + one


def body_of(one: bytes) -> bytes:
    return one.partition(b"\r\n\r\n")[2]


def test_bob_has_the_original_carol_the_notification_and_sent_the_original(
    sealing: Desk, portal: FakePortal, wire: Tap
) -> None:
    with sealing.running():
        sealing.put(letter("s1", bcc="bcc@nowhere.example").replace(b"bcc@nowhere.example", ALICE.encode()))
        until(lambda: restored(sealing) and sealing.mails(CAROL) and not sealing.mails(ALICE, OUTBOX))
        until(lambda: len(sealing.mails(BOB)) == 1 and restored(sealing, ALICE))
    [kept] = portal.kept.values()
    assert kept.asked["from"] == ALICE and set(kept.asked["recipients"]) == {BOB, CAROL, ALICE}
    assert CANARY in kept.content and b"Bcc" not in kept.content and b"Open evening" in kept.content
    [bob], [carol], [sent] = sealing.mails(BOB), sealing.mails(CAROL), sealing.mails(ALICE, "Sent")
    assert body_of(bob) == body_of(kept.content) == body_of(sent)
    assert b"Subject: Your results\r\n" in bob and b"[secure]" not in bob and not is_notification(bob)
    assert b"Received:" in bob, "what was written on the way stays"
    assert is_notification(carol) and CANARY not in carol and b"Open evening" not in carol
    assert isinstance(notice.read(carol, portal.pen), notice.Proof)
    assert b"\r\nSubject: Your results\r\n" in carol and b"Message-ID: <s1@harbour.example>" in carol
    assert b"Bcc: " + ALICE.encode() in sent and b"Bcc" not in bob + carol
    assert CANARY not in wire.heard and b"Message-ID: <s1@harbour.example>" in wire.heard


def test_flags_keywords_and_date_of_the_notification_are_the_originals(
    sealing: Desk, portal: FakePortal
) -> None:
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: sealing.mails(CAROL) and not sealing.mails(ALICE, OUTBOX))
        until(lambda: restored(sealing))
    [notification] = sealing.mails(CAROL)
    with sealing.server.mailbox(BOB) as client:
        client.select_folder("INBOX")
        client.delete_messages(client.search("ALL"))
        client.expunge()
        when = datetime(2026, 3, 4, 5, 6, 7)
        client.append("INBOX", notification, (b"\\Seen", b"\\Flagged", b"$Later"), when)
    with sealing.running():
        until(lambda: restored(sealing) and len(sealing.mails(BOB)) == 1)
    with sealing.server.mailbox(BOB) as client:
        client.select_folder("INBOX", readonly=True)
        [row] = client.fetch(client.search("ALL"), ["FLAGS", "INTERNALDATE"]).values()
        assert client.search(["BODY", CANARY.decode()])
    assert {b"\\Seen", b"\\Flagged"} <= set(row[b"FLAGS"]) and row[b"INTERNALDATE"] == when
    assert portal.heard.count(("content", b"")) >= 2


@pytest.mark.long
def test_while_content_is_on_its_way_other_mails_leave(sealing: Desk, portal: FakePortal, wire: Tap) -> None:
    portal.faults = {"piece": "hold"}
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: "piece" in [one for one, _ in portal.heard])
        sealing.put(mail("plain1"))
        until(lambda: [one for one in sealing.mails(BOB) if b"<plain1@" in one])
        assert len(sealing.mails(ALICE, OUTBOX)) == 1 and not sealing.mails(CAROL)
        until(lambda: "on its way to your company" in (sealing.folder / "status.json").read_text())
        portal.faults = {}
        until(lambda: sealing.mails(CAROL) and restored(sealing) and not sealing.mails(ALICE, OUTBOX))
    assert len(portal.kept) == 1 and len(sealing.mails(CAROL)) == 1 and CANARY not in wire.heard
    assert len(sealing.mails(ALICE, "Sent")) == 2


@pytest.mark.parametrize("how", ["cut", "500"])
@pytest.mark.parametrize("step", STEPS[:-1])
def test_with_the_portal_cut_at_any_step_it_is_held_said_and_sealed_later(
    sealing: Desk, portal: FakePortal, wire: Tap, step: str, how: str
) -> None:
    portal.faults = {step: how}
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: [one for one, _ in portal.heard].count(step) >= 2)
        assert sealing.mails(ALICE, OUTBOX) and not sealing.mails(CAROL) and b"DATA" not in wire.heard
        until(lambda: "held until it can be sealed" in (sealing.folder / "status.json").read_text())
        portal.faults = {}
        until(lambda: sealing.mails(CAROL) and restored(sealing) and not sealing.mails(ALICE, OUTBOX))
    assert len(portal.kept) == 1 and len(sealing.mails(CAROL)) == len(sealing.mails(ALICE, "Sent")) == 1
    assert CANARY not in wire.heard


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ({"complete": "refused"}, b"Eicar-Test in letter.pdf"),
        ({"begin": "403"}, b"Refused with 403"),
        ({"notification": "forged"}, b"not what it should be"),
    ],
)
def test_refused_it_comes_back_with_a_sentence_and_nothing_left(
    sealing: Desk, portal: FakePortal, wire: Tap, faults: dict[str, str], said: bytes
) -> None:
    portal.faults = faults
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: len(sealing.mails(ALICE, ASIDE)) == 2 and not sealing.mails(ALICE, OUTBOX))
    note = next(one for one in sealing.mails(ALICE, ASIDE) if CANARY not in one)
    words = note.replace(b"=\r\n", b"")
    assert said in words and b"Nothing of it was sent" in words
    assert b"DATA" not in wire.heard and not sealing.mails(CAROL)
    assert all(one.state == "ended" for one in portal.kept.values())


def test_what_its_author_takes_back_is_ended_at_the_pen_once_that_is_there(
    sealing: Desk, portal: FakePortal
) -> None:
    portal.faults = {"complete": "500", "end": "500"}
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: [one for one, _ in portal.heard].count("complete") >= 2)
        with sealing.server.mailbox(ALICE) as client:
            client.select_folder(OUTBOX)
            client.delete_messages(client.search("ALL"))
            client.expunge()
        until(lambda: "end" in [one for one, _ in portal.heard])
    portal.faults = {}
    with sealing.running():  # what was left is asked for at the next start
        until(lambda: all(one.state == "ended" for one in portal.kept.values()))
    assert len(portal.kept) == 1 and not sealing.mails(CAROL)


def test_without_a_pen_what_asks_for_a_seal_comes_back(desk: Desk) -> None:
    asks = letter("s1", b"Hello").replace(b"Subject:", b"Stationer-Seal: Yes\r\nSubject:", 1)
    with desk.running():
        desk.put(asks, letter("s2"))
        until(lambda: len(desk.mails(ALICE, ASIDE)) == 4 and not desk.mails(ALICE, OUTBOX))
    assert not desk.mails(BOB) and not desk.mails(CAROL)
    assert sum(b"stationer agent enrol" in one for one in desk.mails(ALICE, ASIDE)) == 2


def test_a_notification_of_a_stranger_and_a_changed_one_stay(sealing: Desk, portal: FakePortal) -> None:
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: restored(sealing) and sealing.mails(CAROL))
        [good] = sealing.mails(CAROL)
        with sealing.server.mailbox(BOB) as client:
            client.append("INBOX", good.replace(b"To: Bob", b"To: carl@elsewhere.example, Bob"))
        with sealing.server.mailbox(ALICE) as client:
            client.append("INBOX", good)
        until(lambda: restored(sealing, ALICE))
    assert len(restored(sealing)) == 1 and len(sealing.mails(BOB)) == 2


def test_an_answer_that_went_via_the_pen_is_restored_as_its_author_wrote_it(
    sealing: Desk, portal: FakePortal
) -> None:
    portal.via = "notify@portal.example"
    answer = (
        b"From: Carol Winter <carol@guest.example>\r\nTo: Bob <%s>\r\nSubject: Re: Hello\r\n"
        b"Message-ID: <s9@portal.example>\r\n\r\nThank you, %s.\r\n" % (BOB.encode(), CANARY)
    )
    way = b"Received: from portal.example by mx.harbour.example; Sun, 22 Nov 2026 09:30:05 +0000\r\n"
    sent = way + portal.written_here(answer)
    assert b'\r\nFrom: "Carol Winter via Harbour Dental" <notify@portal.example>\r\n' in sent
    with sealing.running(), sealing.server.mailbox(BOB) as client:
        client.append("INBOX", sent.replace(b"<notify@", b"<eve@"))
        client.append("INBOX", sent)
        until(lambda: restored(sealing))
    [bob] = restored(sealing)
    assert b"\r\nFrom: Carol Winter <carol@guest.example>\r\n" in bob and bob.endswith(body_of(answer))
    assert b"notify@portal.example" not in bob
    [other] = [one for one in sealing.mails(BOB) if one != bob]
    assert is_notification(other) and b"<eve@" in other, "what is not proven stays"


def test_after_a_new_key_and_a_new_tag_the_next_mail_is_sealed_and_restored(
    sealing: Desk, portal: FakePortal, wire: Tap
) -> None:
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: restored(sealing) and not sealing.mails(ALICE, OUTBOX))
        portal.keys, portal.issued_at = (key(OTHER_SEED, "k2"), *portal.keys), 2
        sealing.put(letter("s2"))
        until(lambda: len(restored(sealing)) == 2 and not sealing.mails(ALICE, OUTBOX))
    portal.keys, portal.issued_at, portal.tag = portal.keys[:1], 3, "[zu]"
    with sealing.running():
        sealing.put(letter("s3", b"[zu] Your results"), letter("s4"))
        until(lambda: len(restored(sealing)) == 4 and not sealing.mails(ALICE, OUTBOX))
    assert len(portal.kept) == 4 and not sealing.mails(ALICE, ASIDE) and CANARY not in wire.heard


def test_without_a_descriptor_what_may_ask_waits_and_all_else_leaves(
    demo_mail,
    edge: FakeEdge,
    portal: FakePortal,
    wire: Tap,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    portal.faults, portal.tag = {"descriptor": "500"}, "[zu]"
    desk = Desk(demo_mail, tmp_path / "agent", edge.url)
    said = desk.enrol("--portal", portal.url, "--pen", PEN, "--smtp", f"127.0.0.1:{wire.port}").stderr
    assert "goes on asking" in said
    with desk.running():
        desk.put(letter("s1", b"[zu] Your results"), letter("s2", b"[offer] Garden"), mail("s3"))
        until(lambda: len(desk.mails(BOB)) == 1 and len(desk.mails(ALICE, OUTBOX)) == 2)
        until(lambda: "It may ask to be sealed" in (desk.folder / "status.json").read_text())
        assert CANARY not in wire.heard
        portal.faults = {}
        until(lambda: len(desk.mails(BOB)) == 3 and not desk.mails(ALICE, OUTBOX))
    assert len(portal.kept) == 1 and sum(CANARY in one for one in desk.mails(BOB)) == 1


def test_what_may_not_be_read_stays_and_is_asked_for_once(sealing: Desk, portal: FakePortal) -> None:
    portal.faults = {"content": "403"}
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: any(step == "content" for step, _ in portal.heard))
        until(lambda: b"restore-refused" in deeds(sealing.folder, f"{BOB} INBOX"))
        sealing.put(mail("s2"))
        until(lambda: len(sealing.mails(BOB)) == 2)
    assert not restored(sealing) and [step for step, _ in portal.heard].count("content") == 1


def deeds(folder: Path, mailbox: str) -> bytes:
    """The journal of one mailbox, in one piece."""
    with sqlite3.connect(f"file:{folder / 'agent.db'}?mode=ro", uri=True) as journal:
        rows = journal.execute("SELECT deed FROM entry WHERE mailbox = ? ORDER BY n", (mailbox,))
        return b"\n".join(row[0] for row in rows)


def kinds(folder: Path, mailbox: str) -> list[str]:
    return [json.loads(deed)["deed"] for deed in deeds(folder, mailbox).splitlines()]


def test_killed_at_every_record_one_original_arrives_and_nothing_in_the_clear(
    sealing: Desk, portal: FakePortal, wire: Tap
) -> None:
    """Alice alone: dressed, sealed, submit-begun, submitted, filed, removed; to Carol, who is told at most twice."""
    count = 0
    for number in range(1, 7):
        for side in ("before", "after"):
            at = replace(sealing, folder=sealing.folder.with_name(f"{side}-{number}"))
            at.folder.mkdir()
            both = json.loads((sealing.folder / "mailboxes.json").read_text())
            (at.folder / "mailboxes.json").write_text(json.dumps([b for b in both if b["address"] == ALICE]))
            shutil.copy(sealing.folder / "secrets.json", at.folder / "secrets.json")
            at.put(letter(f"{side}-{number}"))
            killed = at.start("--crash-at", str(number), "--side", side)
            assert killed.wait(60) == -signal.SIGKILL, f"{side} {number}: there is no such record"
            with at.running():
                until(lambda at=at: "removed" in kinds(at.folder, ALICE), 60)  # type: ignore[misc]
            count += 2 if (number, side) == (4, "before") else 1
            assert len(at.mails(CAROL)) == count, f"{side} {number}"
            assert not at.mails(ALICE, OUTBOX)
    assert len(sealing.mails(ALICE, "Sent")) == 12 and CANARY not in wire.heard
    assert len(portal.kept) == 12


def test_killed_at_every_record_a_restore_leaves_one_original(sealing: Desk, portal: FakePortal) -> None:
    """Bob alone: restore-begun, restored, done."""
    with sealing.running():
        sealing.put(letter("s1"))
        until(lambda: restored(sealing) and sealing.mails(CAROL) and not sealing.mails(ALICE, OUTBOX))
    [notification] = sealing.mails(CAROL)
    both = json.loads((sealing.folder / "mailboxes.json").read_text())
    for number in range(1, 4):
        for side in ("before", "after"):
            at = replace(sealing, folder=sealing.folder.with_name(f"{side}-{number}"))
            at.folder.mkdir()
            (at.folder / "mailboxes.json").write_text(json.dumps([b for b in both if b["address"] == BOB]))
            shutil.copy(sealing.folder / "secrets.json", at.folder / "secrets.json")
            with at.server.mailbox(BOB) as client:
                client.select_folder("INBOX")
                client.delete_messages(client.search("ALL"))
                client.expunge()
                client.append("INBOX", notification)
            killed = at.start("--crash-at", str(number), "--side", side)
            assert killed.wait(60) == -signal.SIGKILL, f"{side} {number}: there is no such record"
            with at.running():
                until(lambda at=at: kinds(at.folder, f"{BOB} INBOX")[-1:] == ["done"], 60)  # type: ignore[misc]
            assert len(at.mails(BOB)) == len(restored(at)) == 1, f"{side} {number}"
