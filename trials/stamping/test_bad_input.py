"""A mail that cannot be sent comes back to its author with a sentence; nothing is lost and nothing loops."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trials.servers.agents import Agents
from trials.servers.mailbox import NEEDS_ATTENTION, Mailbox
from trials.servers.people import ALICE, BOB, CAROL, Person
from trials.servers.postfix import Postfix
from trials.stamping.compare import parts, without_trace
from trials.stamping.mails import headers, mail, text_mail

Mailboxes = Callable[[Person], Mailbox]

TEXT = "Content-Type: text/plain; charset=utf-8"
GIVEN_BACK = {
    "no recipients": mail([*headers("No recipients", to="", cc=""), TEXT], "To whom?\n"),
    "an empty group": mail([*headers("Group", to="undisclosed-recipients:;", cc=""), TEXT], "To whom?\n"),
    "recipients of nonsense": mail([*headers("Nonsense", to="@@, <>, ;;", cc=""), TEXT], "To whom?\n"),
    "control characters": mail([*headers("Bell", to="<b\x07o\x01b@acme.test>", cc=""), TEXT], "Ring.\n"),
    "a domain that is refused": mail([*headers("Refused", to="x@example.com", cc=""), TEXT], "Far away.\n"),
}


@pytest.mark.parametrize("written", GIVEN_BACK.values(), ids=GIVEN_BACK)
def test_what_cannot_be_sent_lies_in_needs_attention_with_a_sentence(
    agent: Agents, mailbox: Mailboxes, written: bytes
) -> None:
    agent()
    mailbox(ALICE).put(written)
    found = mailbox(ALICE).wait_for(2, NEEDS_ATTENTION)
    (note,) = [each for each in found if each != written]
    assert written in found, "the original itself is kept, byte for byte"
    (text,) = parts(note).values()
    assert len(text.split()) >= 8, "the note is a sentence"
    mailbox(ALICE).wait_empty()
    assert mailbox(ALICE).count("Sent") == mailbox(BOB).count() == 0


def test_a_recipient_that_is_refused_does_not_hold_up_the_others(agent: Agents, mailbox: Mailboxes) -> None:
    agent()
    mailbox(ALICE).put(text_mail(to=f"{BOB.address}, x@example.com"))
    mailbox(BOB).wait_for(1)
    mailbox(CAROL).wait_for(1)
    (note,) = mailbox(ALICE).wait_for(1, NEEDS_ATTENTION)
    assert "x@example.com" in "".join(parts(note).values())
    mailbox(ALICE).wait_empty()
    mailbox(ALICE).wait_for(1, "Sent")
    assert (mailbox(BOB).count(), mailbox(CAROL).count()) == (1, 1)


def test_a_mail_over_the_servers_size_comes_back(
    agent: Agents, mailbox: Mailboxes, small_postfix: Postfix
) -> None:
    agent(smtp=small_postfix.port)
    mailbox(ALICE).put(text_mail("Large", "0123456789 123456789 123456789\n" * 10_000))
    found = mailbox(ALICE).wait_for(2, NEEDS_ATTENTION)
    assert max(map(len, found)) > 300_000
    assert any("large" in "".join(parts(each).values()).lower() for each in found if len(each) < 20_000)
    mailbox(ALICE).wait_empty()
    assert mailbox(BOB).count() == 0


LEAVES = {
    "no body at all": mail(headers("No body"), ""),
    "headers and nothing else": "\r\n".join([*headers("No empty line"), ""]).encode(),
    "an empty text": text_mail("Empty", ""),
    "control characters in a name": text_mail(to=f'"B\x07ob\x1b[31m" <{BOB.address}>'),
    "a subject of control characters": text_mail("\x01\x02\x7f\x1b]0;owned\x07"),
    "a line of 5,000 characters": text_mail("Long line", "x" * 5_000 + "\n"),
}


@pytest.mark.parametrize("written", LEAVES.values(), ids=LEAVES)
def test_an_odd_mail_leaves_once(agent: Agents, mailbox: Mailboxes, written: bytes) -> None:
    agent()
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    mailbox(ALICE).wait_empty()
    mailbox(ALICE).wait_for(1, "Sent")
    assert (mailbox(BOB).count(), mailbox(ALICE).count("Sent")) == (1, 1)
    if b"Stationer-Stamp:" not in arrived and b"x" * 1_000 not in written:
        assert without_trace(arrived).rstrip() == written.rstrip()
