"""Mail of the server's own meets a real Postfix as the world: taken, greylisted, refused, bounced later; DKIM holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import dkim
import pytest
from django.test import override_settings

from stationer import bounces
from stationer.portal.delivery import signing
from stationer.portal.delivery.relay import Fate, Session
from stationer.settings import Portal, Relay
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.servers.postfix import Postfix

MAIL = (
    b"From: Alice <alice@acme.test>\r\nTo: bob@acme.test\r\nSubject: Hi\r\nMessage-ID: <1.abc@acme.test>\r\n"
    b"Date: Mon, 2 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n.\r\n..\r\n"
)
ANSWERS = (
    ("grey@other.test", "450 4.7.1 greylisted, come back"),
    ("full@other.test", "452 4.2.2 mailbox full"),
    ("gone@other.test", "550 5.1.1 no such user"),
    ("policy@other.test", "554 5.7.1 not from you"),
    ("slow@other.test", "sleep 2"),
)


@pytest.fixture(scope="module")
def world(workshop: Callable[[str], object], dovecot: Dovecot) -> Iterator[Postfix]:
    """Takes mail of anybody."""
    server = Postfix(workshop("world"), dovecot, answers=ANSWERS)  # type: ignore[arg-type]
    yield server
    server.stop()


def test_each_recipient_has_the_worlds_own_answer_and_its_code(world: Postfix) -> None:
    relay = Relay(host=world.host, port=world.port, tls="none")
    everyone = [BOB.address, *(address for address, _ in ANSWERS)]
    with Session(relay) as session:
        told = session.hand_over(ALICE.address, everyone, MAIL)
        again = session.hand_over(ALICE.address, ["gone@other.test"], MAIL)
    assert {one: (told[one].fate, told[one].status) for one in everyone} == {
        BOB.address: (Fate.SENT, "2.0.0"),
        "grey@other.test": (Fate.LATER, "4.7.1"),
        "full@other.test": (Fate.LATER, "4.2.2"),
        "gone@other.test": (Fate.NEVER, "5.1.1"),
        "policy@other.test": (Fate.NEVER, "5.7.1"),
        "slow@other.test": (Fate.SENT, "2.0.0"),
    }
    assert again["gone@other.test"].fate is Fate.NEVER
    assert bounces.kind_of("5.1.1", told["gone@other.test"].reason) == "hard"


def test_a_signed_mail_verifies_where_it_arrives_and_a_bounce_of_postfix_is_read(
    world: Postfix, mailbox: Callable[[Person], Mailbox], tmp_path: object
) -> None:
    with override_settings(PORTAL=Portal(keys=tmp_path)):  # type: ignore[arg-type]
        zone = {one.name: one.text for one in signing.make("acme.test", date(2026, 11, 2))}
        signing.activate("acme.test")
        mail = signing.signed(MAIL)
    path = bounces.Returning("alice@acme.test", b"key")
    row, day = bytes(range(16)), date(2026, 11, 20)
    sender = path.address(row, day)
    with Session(Relay(host=world.host, port=world.port, tls="none")) as session:
        told = session.hand_over(sender, [BOB.address, "nobody@acme.test"], mail)
    assert {one.fate for one in told.values()} == {Fate.SENT}
    arrived = next(one for one in mailbox(BOB).wait_for(1) if b"DKIM-Signature" in one)

    def asked(name: bytes, timeout: int = 5) -> bytes | None:
        return zone.get(name.decode().rstrip("."), "").encode() or None

    assert [dkim.DKIM(arrived).verify(idx=number, dnsfunc=asked) for number in (0, 1)] == [True, True]
    (returned,) = mailbox(ALICE).wait_for(1)
    report = bounces.read(returned)
    assert report is not None and report.message_id == "<1.abc@acme.test>"
    assert [(one.address, one.kind) for one in report.recipients] == [("nobody@acme.test", "hard")]
    assert path.recipient(report.sender or sender, day) == row
