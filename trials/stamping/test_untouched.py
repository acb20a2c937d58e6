"""What somebody else's seal protects leaves byte for byte, and so does what cannot be stamped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trials.servers.agents import Agents
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.stamping.compare import without_trace
from trials.stamping.mails import headers, mail
from trials.stamping.protected import PROTECTED


@pytest.mark.parametrize("write", PROTECTED, ids=[write.__name__ for write in PROTECTED])
def test_a_protected_mail_arrives_byte_for_byte(
    agent: Agents, mailbox: Callable[[Person], Mailbox], write: Callable[[], bytes]
) -> None:
    agent()
    written = write()
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    assert without_trace(arrived) == written
    (sent,) = mailbox(ALICE).wait_for(1, "Sent")
    assert sent == written


BROKEN = {
    "a boundary that never comes": 'multipart/mixed; boundary="=_never"',
    "a boundary that is not named": "multipart/mixed",
    "an unknown charset": "text/plain; charset=klingon",
    "a content type of nonsense": 'text////; =;;;"',
    "an unknown transfer encoding": "text/plain\r\nContent-Transfer-Encoding: uuencode-of-sorts",
}


@pytest.mark.parametrize("kind", BROKEN.values(), ids=BROKEN)
def test_a_mail_with_broken_mime_leaves_once_and_whole(
    agent: Agents, mailbox: Callable[[Person], Mailbox], kind: str
) -> None:
    agent()
    written = mail([*headers("Broken"), f"Content-Type: {kind}"], "--=_x\n\nWhatever this is.\n--=_x--\n")
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    assert b"Whatever this is." in without_trace(arrived)
    if b"Stationer-Stamp:" not in arrived:
        assert without_trace(arrived) == written
    mailbox(ALICE).wait_empty()
    assert mailbox(BOB).count() == 1
