"""A mail put into the Outbox arrives stamped, once, and the sender's Sent shows what the recipients got."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trials.servers.agents import Agents
from trials.servers.company import CAMPAIGN_WORDS, TEMPLATE_WORDS
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, DAVE, Person
from trials.stamping.compare import field_names, parts, without, without_trace
from trials.stamping.mails import AUTHOR, REPLIES, Reply, new_html_mail, text_mail

Mailboxes = Callable[[Person], Mailbox]


@pytest.mark.parametrize("write", [new_html_mail, text_mail], ids=["HTML", "plain text"])
def test_a_mail_arrives_stamped_by_template_and_campaign(
    agent: Agents, mailbox: Mailboxes, write: Callable[[], bytes]
) -> None:
    agent()
    mailbox(ALICE).put(write())
    for person in (BOB, CAROL):
        (arrived,) = mailbox(person).wait_for(1)
        for text in parts(arrived).values():
            assert text.index(AUTHOR) < text.index(TEMPLATE_WORDS) < text.index(CAMPAIGN_WORDS)
    mailbox(ALICE).wait_empty()


def test_sent_shows_the_mail_that_left(agent: Agents, mailbox: Mailboxes) -> None:
    agent()
    mailbox(ALICE).put(new_html_mail())
    (arrived,), (sent,) = mailbox(BOB).wait_for(1), mailbox(ALICE).wait_for(1, "Sent")
    assert sent == without_trace(arrived)


def test_outside_the_blocks_the_mail_is_as_written(agent: Agents, mailbox: Mailboxes) -> None:
    agent()
    written = new_html_mail()
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    left = without(without_trace(arrived), (b"stationer-stamp",))
    assert is_subsequence_of_lines(written, left)


def is_subsequence_of_lines(written: bytes, left: bytes) -> bool:
    """Whether `left` is `written` with something put in: every byte of it is still there, in its order."""
    rest = iter(left)
    return all(byte in rest for byte in written)


@pytest.mark.parametrize("reply", REPLIES, ids=[reply.client for reply in REPLIES])
def test_in_a_reply_the_block_stands_above_the_quote(agent: Agents, mailbox: Mailboxes, reply: Reply) -> None:
    agent()
    mailbox(ALICE).put(reply.mail())
    (arrived,) = mailbox(BOB).wait_for(1)
    found = parts(arrived)
    assert_above(found["text/plain"], reply.text_quote)
    if reply.html_quote:
        assert_above(found["text/html"], reply.html_quote)


def assert_above(text: str, quote: str) -> None:
    """The author's words, then the block, then the quote; and the block once."""
    assert text.index(AUTHOR) < text.index(TEMPLATE_WORDS) < text.index(quote)
    assert text.count(TEMPLATE_WORDS) == 1


def test_a_blind_recipient_gets_it_and_nobody_sees_the_header(agent: Agents, mailbox: Mailboxes) -> None:
    agent()
    mailbox(ALICE).put(text_mail(more=[f"Bcc: Dave <{DAVE.address}>"]))
    for person in (BOB, CAROL, DAVE):
        (arrived,) = mailbox(person).wait_for(1)
        assert "bcc" not in field_names(arrived)
        assert DAVE.address.encode() not in without_trace(arrived)
        assert TEMPLATE_WORDS.encode() in arrived
    (sent,) = mailbox(ALICE).wait_for(1, "Sent")
    assert f"Bcc: Dave <{DAVE.address}>\r\n".encode() in sent


def test_twenty_mails_of_two_people_at_once_arrive_once_each(agent: Agents, mailbox: Mailboxes) -> None:
    agent()
    to_dave = {"to": DAVE.address, "cc": ""}
    subjects = [f"Number {number}" for number in range(20)]
    for number, subject in enumerate(subjects):
        sender = (ALICE, BOB)[number % 2]
        mailbox(sender).put(text_mail(subject, sender=f"{sender.name} <{sender.address}>", **to_dave))
    arrived = mailbox(DAVE).wait_for(20, seconds=60)
    for person in (ALICE, BOB):
        mailbox(person).wait_empty()
        mailbox(person).wait_for(10, "Sent")
        assert mailbox(person).count("Sent") == 10
    assert sorted(
        subject for mail in arrived for subject in subjects if f"Subject: {subject}\r\n".encode() in mail
    ) == sorted(subjects)
    assert all(TEMPLATE_WORDS.encode() in mail for mail in arrived)
