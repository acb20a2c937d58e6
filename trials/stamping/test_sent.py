"""Exactly one copy in Sent, the stamped one, whatever the mail server does about Sent by itself."""

from __future__ import annotations

from collections.abc import Callable

from trials.servers.agents import Agents
from trials.servers.company import TEMPLATE_WORDS
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.servers.postfix import Postfix
from trials.servers.running import wait_until
from trials.stamping.compare import without_trace
from trials.stamping.mails import text_mail


def test_a_copy_the_server_filed_gives_way_to_ours(
    agent: Agents, mailbox: Callable[[Person], Mailbox], postfix: Postfix
) -> None:
    agent(smtp=postfix.filing_port)
    mailbox(ALICE).put(text_mail(more=["Bcc: dave@other.test"]))
    (arrived,) = mailbox(BOB).wait_for(1)
    mailbox(ALICE).wait_empty()
    wait_until("the server to have filed its own copy", postfix.queue_is_empty)
    # a late copy is looked for again 10 s after (contract/journal.md §4)
    wait_until("one copy in Sent, ours", lambda: is_one_of_ours(mailbox(ALICE).messages("Sent")), 30)
    (sent,) = mailbox(ALICE).messages("Sent")
    assert b"Bcc: dave@other.test" in sent
    assert sent.replace(b"Bcc: dave@other.test\r\n", b"") == without_trace(arrived)


def test_a_copy_that_its_author_takes_out_of_sent_stays_out(
    agent: Agents, mailbox: Callable[[Person], Mailbox]
) -> None:
    running = agent()
    mailbox(ALICE).put(text_mail())
    mailbox(ALICE).wait_for(1, "Sent")
    mailbox(ALICE).wait_empty()
    looked = running.running.said().count("Looked")
    mailbox(ALICE).empty()
    wait_until("the later look at Sent", lambda: running.running.said().count("Looked") > looked, 40)
    assert mailbox(ALICE).count("Sent") == 0


def is_one_of_ours(sent: list[bytes]) -> bool:
    """One copy, and without the trace headers of a delivery."""
    return len(sent) == 1 and b"Received:" not in sent[0]


def test_on_a_server_without_special_use_sent_mail_lies_where_its_author_said(
    agent: Agents, plain_dovecot: Dovecot, mailbox: Callable[[Person], Mailbox]
) -> None:
    alice = Mailbox(plain_dovecot, ALICE)
    alice.empty()
    agent(imap=plain_dovecot.imap_port, sent=plain_dovecot.sent)
    alice.put(text_mail())
    (arrived,) = mailbox(BOB).wait_for(1)
    (sent,) = alice.wait_for(1, plain_dovecot.sent)
    assert TEMPLATE_WORDS.encode() in sent and sent == without_trace(arrived)
    alice.wait_empty()
    assert "Sent" not in alice.folders()
