"""When the edge fails the mail leaves within the hold limit; without a network it waits for one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from trials.servers.agent import Ports
from trials.servers.agents import Agents
from trials.servers.bad_edges import BAD_EDGES, BadEdge
from trials.servers.company import CAMPAIGN_WORDS, SHORT_HOLD_MS, TEMPLATE_WORDS, Company
from trials.servers.dovecot import Dovecot
from trials.servers.edge import Edge
from trials.servers.mailbox import OUTBOX, Mailbox
from trials.servers.people import ALICE, BOB, STAFF, Person
from trials.servers.postfix import Postfix
from trials.servers.proxy import Proxy
from trials.servers.workshop import Workshop
from trials.stamping.compare import without_trace
from trials.stamping.mails import text_mail

Mailboxes = Callable[[Person], Mailbox]
#: The hold limit, and what a busy machine may need to submit and deliver afterwards.
WITHIN_S = SHORT_HOLD_MS / 1_000 + 10

#: Those that fail at once, and those that hold on: five or six mailboxes of one agent at a time.
GROUPS = [list(BAD_EDGES)[start : start + 5] for start in range(0, len(BAD_EDGES), 5)]


@pytest.mark.parametrize("kinds", GROUPS, ids=[", ".join(group) for group in GROUPS])
def test_with_a_bad_edge_the_mail_leaves_as_written_within_the_hold_limit(
    agent: Agents,
    mailbox: Mailboxes,
    dovecot: Dovecot,
    postfix: Postfix,
    bad_edge: Callable[[str], BadEdge],
    kinds: list[str],
) -> None:
    edges = {kind: bad_edge(kind) for kind in kinds}
    staff = dict(zip(kinds, STAFF[list(BAD_EDGES).index(kinds[0]) :], strict=False))
    ports = {staff[kind]: Ports(dovecot.imap_port, postfix.port, edges[kind].port) for kind in kinds}
    agent(ports=ports, hold_limit_ms=SHORT_HOLD_MS)
    written = {kind: text_mail(kind, sender=staff[kind].address) for kind in kinds}
    for kind in kinds:
        mailbox(staff[kind]).put(written[kind])
    arrived = mailbox(BOB).wait_for(len(kinds), seconds=WITHIN_S)
    assert {without_trace(mail) for mail in arrived} == set(written.values())
    for kind in kinds:
        mailbox(staff[kind]).wait_empty()
        mailbox(staff[kind]).wait_for(1, "Sent")
        assert edges[kind].asked or kind == "stopped"
    assert mailbox(BOB).count() == len(kinds), "each left once"


@pytest.fixture
def own_edge(workshop: Workshop) -> Iterator[Edge]:
    """An edge that a test may break."""
    server = Edge(Company(workshop("own-company"), hold_limit_ms=SHORT_HOLD_MS), workshop("own-edge"))
    yield server
    server.running.kill()


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_after_a_good_pick_the_last_good_stationery_stands_in(
    agent: Agents, mailbox: Mailboxes, own_edge: Edge, how: str
) -> None:
    agent(served_by=own_edge)
    mailbox(ALICE).put(text_mail("Good"))
    (good,) = mailbox(BOB).wait_for(1)
    assert TEMPLATE_WORDS.encode() in good and CAMPAIGN_WORDS.encode() in good
    if how == "killed":
        own_edge.running.kill()
    else:
        own_edge.running.freeze()
    mailbox(ALICE).put(text_mail("Bad"))
    last = mailbox(BOB).wait_for(2, seconds=WITHIN_S)[-1]
    assert TEMPLATE_WORDS.encode() in last, "the template stands in"
    assert CAMPAIGN_WORDS.encode() not in last, "messages are not shown uncounted"


def test_when_the_edge_comes_back_mails_are_stamped_again(
    agent: Agents, mailbox: Mailboxes, short_edge: Edge, proxy: Callable[..., Proxy]
) -> None:
    wire = proxy(short_edge.port)
    wire.refuse()
    agent(served_by=short_edge, edge=wire.port, hold_limit_ms=SHORT_HOLD_MS)
    mailbox(ALICE).put(text_mail("Without"))
    mailbox(BOB).wait_for(1, seconds=WITHIN_S)
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
    agent(served_by=short_edge, imap=imap.port, smtp=smtp.port, edge=edge.port)
    lines = [smtp, edge, *([imap] if imap_too else [])]
    for line in lines:
        line.refuse()
    mailbox(ALICE).put(text_mail())
    time.sleep(
        SHORT_HOLD_MS / 1_000 + 2
    )  # the one wait that is the matter itself: longer than the hold limit
    assert mailbox(BOB).count() == 0
    assert mailbox(ALICE).count(OUTBOX) == 1
    for line in lines:
        line.open()
    (arrived,) = mailbox(BOB).wait_for(1, seconds=60)
    assert TEMPLATE_WORDS.encode() in arrived and CAMPAIGN_WORDS.encode() in arrived
    mailbox(ALICE).wait_empty()
    assert mailbox(BOB).count() == 1


def test_a_mail_that_waits_while_the_agent_is_killed_leaves_after_its_next_start(
    agent: Agents, mailbox: Mailboxes, postfix: Postfix, proxy: Callable[..., Proxy]
) -> None:
    smtp = proxy(postfix.port)
    running = agent(smtp=smtp.port).running
    smtp.refuse()
    mailbox(ALICE).put(text_mail())
    running.kill()
    smtp.open()
    running.start()
    (arrived,) = mailbox(BOB).wait_for(1)
    assert TEMPLATE_WORDS.encode() in arrived
    mailbox(ALICE).wait_empty()
    assert (mailbox(BOB).count(), mailbox(ALICE).count("Sent")) == (1, 1)
