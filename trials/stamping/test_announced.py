"""A mail that comes while the agent looks elsewhere leaves at once: the server announces each mail only once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from trials.servers.agents import Agents
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.servers.proxy import Proxy
from trials.stamping.mails import text_mail

#: Far below the agent's next look of its own accord (20 s, 27 minutes).
SOON_S = 8.0


@pytest.mark.parametrize(
    "moment",
    [b'APPEND "Sent"', b"UID EXPUNGE", b'SELECT "Sent"', b" IDLE\r\n"],
    ids=lambda words: words.decode(),
)
def test_a_mail_that_comes_while_the_agent_is_busy_leaves_at_once(
    agent: Agents,
    mailbox: Callable[[Person], Mailbox],
    dovecot: Dovecot,
    proxy: Callable[..., Proxy],
    moment: bytes,
) -> None:
    came = threading.Event()

    def second(piece: bytes) -> None:
        if moment in piece and armed.is_set() and not came.is_set():
            came.set()
            mailbox(ALICE).put(text_mail("Second"))  # lies there before the agent's command arrives

    armed = threading.Event()
    line = proxy(dovecot.imap_port, on_sent=second)
    agent(imap=line.port)
    armed.set()
    mailbox(ALICE).put(text_mail("First"))
    mailbox(BOB).wait_for(1)
    mailbox(ALICE).put(text_mail("By hand"), "Sent")  # makes the later look at Sent open the folder
    assert came.wait(30), "the agent never said that"
    arrived = mailbox(BOB).wait_for(2, seconds=SOON_S)
    assert any(b"Subject: Second" in mail for mail in arrived)
