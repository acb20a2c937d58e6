"""When the edge fails the mail leaves within the hold limit; without a network it waits for one."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from trials.servers.agent import Agent
from trials.servers.bad_edges import BAD_EDGES, BadEdge
from trials.servers.company import CAMPAIGN_WORDS, TEMPLATE_WORDS
from trials.servers.dovecot import Dovecot
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.servers.postfix import Postfix
from trials.servers.proxy import SILENT, Proxy
from trials.stamping.compare import without_trace
from trials.stamping.mails import text_mail

Agents = Callable[..., Agent]
Mailboxes = Callable[[Person], Mailbox]
HOLD_MS = 3_000
#: The hold limit, and what a busy machine may need to submit and deliver afterwards.
WITHIN = HOLD_MS / 1_000 + 8


@pytest.mark.parametrize("kind", BAD_EDGES)
def test_with_a_bad_edge_the_mail_leaves_as_written_within_the_hold_limit(
    agent: Agents, mailbox: Mailboxes, bad_edge: Callable[[str], BadEdge], kind: str
) -> None:
    edge = bad_edge(kind)
    agent(edge_port=edge.port, hold_limit_ms=HOLD_MS)
    written = text_mail()
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1, seconds=WITHIN)
    assert without_trace(arrived) == written
    mailbox(ALICE).wait_empty()
    mailbox(ALICE).wait_for(1, "Sent")
    assert (mailbox(BOB).count(), mailbox(ALICE).count("Sent")) == (1, 1)
    assert edge.asked or kind == "stopped"


@pytest.mark.parametrize("break_it", ["refuse", "silent"])
def test_after_a_good_pick_the_last_good_stationery_stands_in(
    agent: Agents,
    mailbox: Mailboxes,
    short_edge: Edge,
    proxy: Callable[..., Proxy],
    break_it: str,
) -> None:
    wire = proxy(short_edge.port)
    agent(served_by=short_edge, edge_port=wire.port, hold_limit_ms=HOLD_MS)
    mailbox(ALICE).put(text_mail("Good"))
    (good,) = mailbox(BOB).wait_for(1)
    assert TEMPLATE_WORDS.encode() in good and CAMPAIGN_WORDS.encode() in good
    if break_it == "refuse":
        wire.refuse()
    else:
        wire.line = SILENT
        wire.cut()
    mailbox(ALICE).put(text_mail("Bad"))
    last = mailbox(BOB).wait_for(2, seconds=WITHIN)[-1]
    assert TEMPLATE_WORDS.encode() in last, "the template stands in"
    assert CAMPAIGN_WORDS.encode() not in last, "messages are not shown uncounted"


def test_when_the_edge_comes_back_mails_are_stamped_again(
    agent: Agents, mailbox: Mailboxes, short_edge: Edge, proxy: Callable[..., Proxy]
) -> None:
    wire = proxy(short_edge.port)
    wire.refuse()
    agent(served_by=short_edge, edge_port=wire.port, hold_limit_ms=HOLD_MS)
    mailbox(ALICE).put(text_mail("Without"))
    mailbox(BOB).wait_for(1, seconds=WITHIN)
    wire.open()
    mailbox(ALICE).put(text_mail("With"))
    arrived = mailbox(BOB).wait_for(2)[-1]
    assert TEMPLATE_WORDS.encode() in arrived


@pytest.mark.parametrize("imap_too", [False, True], ids=["SMTP and edge", "everything"])
def test_without_a_network_the_mail_waits_and_is_stamped_afterwards(
    agent: Agents,
    mailbox: Mailboxes,
    dovecot: Dovecot,
    postfix: Postfix,
    short_edge: Edge,
    proxy: Callable[..., Proxy],
    imap_too: bool,
) -> None:
    imap, smtp, edge = proxy(dovecot.imap_port), proxy(postfix.port), proxy(short_edge.port)
    ports = {"imap_port": imap.port, "smtp_port": smtp.port, "edge_port": edge.port}
    agent(served_by=short_edge, hold_limit_ms=HOLD_MS, **ports)
    lines = [smtp, edge, *([imap] if imap_too else [])]
    for line in lines:
        line.refuse()
    mailbox(ALICE).put(text_mail())
    time.sleep(HOLD_MS / 1_000 + 3)  # the one wait that is the matter itself: longer than the hold limit
    assert mailbox(BOB).count() == 0
    assert mailbox(ALICE).count("Stationer Outbox") == 1
    for line in lines:
        line.open()
    (arrived,) = mailbox(BOB).wait_for(1, seconds=60)
    assert TEMPLATE_WORDS.encode() in arrived and CAMPAIGN_WORDS.encode() in arrived
    mailbox(ALICE).wait_empty()
    assert mailbox(BOB).count() == 1
