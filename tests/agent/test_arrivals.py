"""Mails that come at an awkward moment: none lies in the Outbox until somebody happens to look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stationer.agent import accounts
from stationer.agent.journal import Journal
from stationer.agent.keeping import NUDGES_AT_MOST, Keeper
from stationer.agent.known import Known
from stationer.agent.program import keeper_of
from stationer.outbox import operations as op
from stationer.wire.journal import Removed
from tests.agent.desk import ALICE, ASIDE, BOB, OUTBOX, Desk, mail, until

NOBODY = b"From: Alice <alice@harbour.example>\r\nSubject: To nobody\r\nMessage-ID: <n@harbour.example>\r\n\r\nHello\r\n"


@contextmanager
def keeping(desk: Desk) -> Iterator[Keeper]:
    """Alice's mailbox, worked on by this thread."""
    journal = Journal(desk.folder, now=0)
    account = accounts.load(desk.folder)[0]
    keeper = keeper_of(desk.folder, account, journal, Known(account, journal))
    try:
        yield keeper
    finally:
        keeper.close()
        journal.close()


def meanwhile(keeper: Keeper, deed: type, act: Callable[[], None]) -> None:
    """`act` once, right after the agent has written down a `deed`."""
    do, left = keeper.reality.do, [act]

    def watched(operation: op.Operation) -> object:
        result = do(operation)
        if isinstance(operation, op.Write) and isinstance(operation.deeds[-1], deed) and left:
            left.pop()()
        return result

    keeper.reality.do = watched  # type: ignore[method-assign]


def test_a_mail_that_comes_while_another_one_leaves_leaves_in_the_same_go(desk: Desk) -> None:
    with keeping(desk) as keeper:
        desk.put(mail("m1"))
        meanwhile(keeper, Removed, lambda: desk.put(mail("m2", body=b"second\r\n")))
        keeper.work()
        assert len(desk.mails(BOB)) == 2 and not desk.mails(ALICE, OUTBOX)


def test_what_comes_between_the_last_look_and_idle_is_looked_at_at_once(desk: Desk) -> None:
    with keeping(desk) as keeper:
        more, left = keeper.reality.more, [mail("m1")]

        def then_one_comes() -> bool:
            found = more()
            if left:
                desk.put(left.pop())
                keeper.reality.filing.mailbox.noop()  # type: ignore[union-attr]
            return found

        keeper.reality.more = then_one_comes  # type: ignore[method-assign]
        keeper.work()
        assert keeper.due - time.monotonic() < 1 and not desk.mails(BOB)
        keeper.work()
        assert len(desk.mails(BOB)) == 1 and not desk.mails(ALICE, OUTBOX)


def test_a_server_that_announces_at_every_idle_is_not_asked_for_ever(desk: Desk) -> None:
    with keeping(desk) as keeper:
        keeper.work()
        mailbox = keeper.reality.filing.mailbox  # type: ignore[union-attr]
        idle = mailbox.idle
        mailbox.idle = lambda folder: idle(folder) or True  # type: ignore[method-assign]
        for _ in range(NUDGES_AT_MOST):
            keeper.work()
            assert keeper.due - time.monotonic() < 1
        keeper.work()
        assert keeper.due - time.monotonic() > 10


def test_two_mails_on_one_connection_of_which_the_first_comes_back_both_go_quickly(desk: Desk) -> None:
    with desk.running():
        status = desk.folder / "status.json"
        until(lambda: status.exists() and b"watching" in status.read_bytes())
        desk.put(NOBODY, mail("m1"))
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX), 10)
        until(lambda: len(desk.mails(ALICE, ASIDE)) == 2, 10)


def test_a_mail_that_its_client_appends_again_after_it_has_left_is_sent_once(desk: Desk) -> None:
    with keeping(desk) as keeper:
        desk.put(mail("m1"))
        meanwhile(keeper, Removed, lambda: desk.put(mail("m1")))
        keeper.work()
        assert len(desk.mails(BOB)) == len(desk.mails(ALICE, "Sent")) == 1 and not desk.mails(ALICE, OUTBOX)
