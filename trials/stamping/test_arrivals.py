"""Mails in quick succession: the server announces each once, and none is left lying for it."""

from __future__ import annotations

from collections.abc import Callable

from trials.servers.agents import Agents
from trials.servers.mailbox import NEEDS_ATTENTION, OUTBOX, Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.stamping.mails import headers, mail, text_mail


def test_a_mail_right_behind_one_that_comes_back_leaves_at_once(
    agent: Agents, mailbox: Callable[[Person], Mailbox]
) -> None:
    agent()
    for _ in range(5):
        nobody = mail([*headers("Nobody", to="", cc=""), "Content-Type: text/plain"], "To whom?\n")
        with mailbox(ALICE).client() as client:
            client.append(OUTBOX, nobody, (b"\\Seen",))
            client.append(OUTBOX, text_mail(), (b"\\Seen",))
        mailbox(ALICE).wait_empty(seconds=10)
        mailbox(BOB).wait_for(1, seconds=10)
        mailbox(ALICE).wait_for(2, NEEDS_ATTENTION)
        mailbox(ALICE).empty()
        mailbox(BOB).empty()


def test_two_mails_back_to_back_both_leave_at_once(
    agent: Agents, mailbox: Callable[[Person], Mailbox]
) -> None:
    agent()
    for n in range(1, 6):
        with mailbox(ALICE).client() as client:
            client.append(OUTBOX, text_mail(), (b"\\Seen",))
            client.append(OUTBOX, text_mail(), (b"\\Seen",))
        mailbox(BOB).wait_for(2 * n, seconds=10)
        mailbox(ALICE).wait_empty(seconds=10)
