"""Sealed by Alice, by way of Postfix into Dovecot: Bob's agent restores, Carol has the notification.

The portal is the tests' own (contract/vault.md §3, §4); the whole product together is tried on the demo.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from tests.agent.portals import PEN, FakePortal
from tests.agent.portals import portal as running_portal

from stationer import mime, notice
from stationer.agent.pens import read as public_half
from trials.conftest import leave_out
from trials.servers.agents import Agents
from trials.servers.company import Company
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, DAVE, Person
from trials.servers.postfix import Postfix
from trials.servers.proxy import Proxy
from trials.servers.running import wait_until
from trials.servers.seals import Gnupg, OpenSsl
from trials.servers.workshop import Workshop, missing_for_seals
from trials.stamping.mails import text_mail
from trials.stamping.protected import PROTECTED, SECRET, Protected, Tools

CANARY = "Kanarienvogel"


@pytest.fixture
def portal(company: Company) -> Iterator[FakePortal]:
    """A portal that takes the company's devices."""
    with running_portal(piece=2**20, tokens=frozenset(company.tokens.values())) as fake:
        yield fake


@pytest.fixture
def sealing(
    agent: Agents, portal: FakePortal, postfix: Postfix, proxy: Callable[..., Proxy]
) -> Callable[[], bytes]:
    """Agents of Alice and Bob; gives all that they ever said to the mail server."""
    wire = proxy(postfix.port)
    agent(ALICE, BOB, smtp=wire.port, portal=portal.url, pen=public_half(portal.descriptor(), PEN).pen)
    return lambda: wire.sent


def is_restored(box: Mailbox) -> bool:
    mails = box.messages()
    return len(mails) == 1 and bool(mime.header_values(mails[0], "Stationer-Restored"))


def body_of(mail: bytes) -> bytes:
    return mail.partition(b"\r\n\r\n")[2]


def test_bob_has_the_content_carol_and_dave_the_notification(
    sealing: Callable[[], bytes], portal: FakePortal, mailbox: Callable[[Person], Mailbox]
) -> None:
    alice, bob, carol, dave = map(mailbox, (ALICE, BOB, CAROL, DAVE))
    written = text_mail("[secure] Results", f"Dear Bob,\n\n{CANARY}, grün.\n", more=[f"Bcc: {DAVE.address}"])
    begun = time.monotonic()
    alice.put(written)
    wait_until("the notification at Carol's", lambda: carol.count() == 1, 30, 0.02)
    announced = time.monotonic() - begun
    wait_until("the content at Bob's", lambda: is_restored(bob), 30, 0.02)
    print(f"Outbox to notification {announced:.2f} s, to restored {time.monotonic() - begun:.2f} s")
    alice.wait_empty()
    [kept] = portal.kept.values()
    [back], [notification], [sent] = bob.messages(), carol.messages(), alice.messages("Sent")
    assert body_of(back) == body_of(kept.content) == body_of(sent) and CANARY.encode() in back
    for name in ("From", "To", "Cc", "Date", "Message-ID", "Content-Type"):
        assert mime.header_values(back, name) == mime.header_values(written, name)
    assert mime.header_values(back, "Subject") == [b"Results"] and mime.header_values(back, "Received")
    assert isinstance(notice.read(notification, portal.pen), notice.Proof)
    assert CANARY.encode() not in notification and dave.wait_for(1) and not is_restored(dave)
    assert f"Bcc: {DAVE.address}".encode() in sent and not mime.header_values(sent, "Stationer-Notification")
    with bob.client() as client:
        client.select_folder("INBOX", readonly=True)
        assert len(client.search(["BODY", CANARY])) == 1
    wire = sealing()
    assert CANARY.encode() not in wire and b"Stationer-Notification: v=1" in wire


def test_a_restored_mail_keeps_flags_keywords_and_date(
    sealing: Callable[[], bytes], mailbox: Callable[[Person], Mailbox], portal: FakePortal
) -> None:
    portal.faults = {"content": "500"}
    mailbox(ALICE).put(text_mail("[secure] Results"))
    mailbox(BOB).wait_for(1)
    with mailbox(BOB).client() as client:
        client.select_folder("INBOX")
        [uid] = client.search()
        client.add_flags(uid, [b"\\Flagged", b"\\Seen", b"$Work"])
        before = client.fetch(uid, ["INTERNALDATE"])[uid][b"INTERNALDATE"]
    portal.faults = {}
    wait_until("the content at Bob's", lambda: is_restored(mailbox(BOB)), 60)
    with mailbox(BOB).client() as client:
        client.select_folder("INBOX", readonly=True)
        [row] = client.fetch(client.search(), ["FLAGS", "INTERNALDATE"]).values()
    assert {b"\\Flagged", b"\\Seen", b"$Work"} <= set(row[b"FLAGS"]) and row[b"INTERNALDATE"] == before


@pytest.fixture(scope="module")
def tools(workshop: Workshop) -> Iterator[Tools]:
    """OpenSSL and GnuPG with keys of their own."""
    leave_out(missing_for_seals())
    gnupg = Gnupg(workshop("sealing-gnupg"))
    yield Tools(OpenSsl(workshop("sealing-openssl")), gnupg)
    gnupg.stop()


@pytest.mark.parametrize("way", PROTECTED, ids=[way.name for way in PROTECTED])
def test_what_was_signed_or_encrypted_verifies_and_opens_after_restoring(
    sealing: Callable[[], bytes], mailbox: Callable[[Person], Mailbox], tools: Tools, way: Protected
) -> None:
    mailbox(ALICE).put(b"Stationer-Seal: yes\r\n" + way.mail(tools))
    wait_until("the content at Bob's", lambda: is_restored(mailbox(BOB)), 30)
    assert SECRET.encode() in way.read(tools, mailbox(BOB).messages()[0])
