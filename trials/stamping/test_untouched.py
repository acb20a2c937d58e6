"""What somebody else's seal protects leaves byte for byte, and so does what cannot be stamped."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from trials.conftest import leave_out
from trials.servers.agents import Agents
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.servers.seals import Gnupg, OpenSsl
from trials.servers.workshop import Workshop, missing_for_seals
from trials.stamping.compare import without_trace
from trials.stamping.mails import headers, mail
from trials.stamping.many import identity, sent_by
from trials.stamping.matrix import CORPORA, protected
from trials.stamping.protected import PROTECTED, SECRET, Protected, Tools

Mailboxes = Callable[[Person], Mailbox]


@pytest.fixture(scope="module")
def tools(workshop: Workshop) -> Iterator[Tools]:
    """OpenSSL and GnuPG with keys of their own."""
    leave_out(missing_for_seals())
    gnupg = Gnupg(workshop("gnupg"))
    yield Tools(OpenSsl(workshop("openssl")), gnupg)
    gnupg.stop()


@pytest.mark.parametrize("way", PROTECTED, ids=[way.name for way in PROTECTED])
def test_a_protected_mail_arrives_byte_for_byte_and_opens(
    agent: Agents, mailbox: Mailboxes, tools: Tools, way: Protected
) -> None:
    agent()
    written = way.mail(tools)
    assert SECRET.encode() in way.read(tools, written)
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    assert without_trace(arrived) == written
    assert SECRET.encode() in way.read(tools, arrived)
    (sent,) = mailbox(ALICE).wait_for(1, "Sent")
    assert sent == written


@pytest.mark.parametrize("way", PROTECTED, ids=[way.name for way in PROTECTED])
def test_one_changed_byte_would_have_broken_it(tools: Tools, way: Protected) -> None:
    written = way.mail(tools)
    visible, body = written.find(b"Nobody"), written.index(b"\r\n\r\n")
    place = visible if visible > 0 else (body + len(written)) // 2
    while not written[place : place + 1].isalnum():
        place += 1
    other = b"B" if written[place : place + 1] != b"B" else b"C"
    assert not opens(tools, way, written[:place] + other + written[place + 1 :])


def opens(tools: Tools, way: Protected, mail: bytes) -> bool:
    """Whether its reader finds the words, and nothing to complain of."""
    try:
        return SECRET.encode() in way.read(tools, mail)
    except (subprocess.CalledProcessError, ValueError):
        return False


@pytest.mark.long
@pytest.mark.timeout(900)
def test_signed_and_encrypted_mails_of_others_arrive_byte_for_byte(agent: Agents, mailbox: Mailboxes) -> None:
    mails = {identity(mail): (name, mail) for name, mail in protected(CORPORA)}
    if not mails:
        pytest.skip("no mails of other projects are here")
    agent()
    ends = (b"", b"\r\n")  # SMTP ends the last line
    changed = [
        name
        for key, (name, arrived, sent) in zip(mails, sent_by(mailbox, mails), strict=True)
        if sent != mails[key][1] or without_trace(arrived) not in [sent + end for end in ends]
    ]
    assert not changed


BROKEN = {
    "a boundary that never comes": 'multipart/mixed; boundary="=_never"',
    "a boundary that is not named": "multipart/mixed",
    "an unknown charset": "text/plain; charset=klingon",
    "a content type of nonsense": 'text////; =;;;"',
    "an unknown transfer encoding": "text/plain\r\nContent-Transfer-Encoding: uuencode-of-sorts",
}


@pytest.mark.parametrize("kind", BROKEN.values(), ids=BROKEN)
def test_a_mail_with_broken_mime_leaves_once_and_whole(agent: Agents, mailbox: Mailboxes, kind: str) -> None:
    agent()
    written = mail([*headers("Broken"), f"Content-Type: {kind}"], "--=_x\n\nWhatever this is.\n--=_x--\n")
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    assert b"Whatever this is." in without_trace(arrived)
    if b"Stationer-Stamp:" not in arrived:
        assert without_trace(arrived) == written
    mailbox(ALICE).wait_empty()
    assert mailbox(BOB).count() == 1
