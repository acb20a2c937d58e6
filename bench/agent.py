"""A mail from the Outbox to accepted by SMTP, pick included, against the same mail sent by smtplib and APPENDed.

Both use the same Dovecot (fsync on every mail) and Postfix, one mail after the other in turns. Wall-clock time,
since most of it is other people's work. The target holds from the moment when the server announces the mail to the
agent until Postfix has said that it is queued: Dovecot announces what came during IDLE after a fixed wait of 0.5 s
(mailbox-watch.c), which no client can shorten but by asking many times a second. The rows below tell it whole.
"""

from __future__ import annotations

import contextlib
import smtplib
import statistics
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from imapclient import IMAPClient
from trials.servers.agent import Agent, Ports
from trials.servers.company import Company
from trials.servers.dovecot import Dovecot
from trials.servers.edge import Edge
from trials.servers.mailbox import OUTBOX
from trials.servers.people import ALICE, BOB, CAROL
from trials.servers.postfix import Postfix
from trials.servers.proxy import Proxy
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop, missing_for_mail
from trials.stamping.mails import new_html_mail

from bench.row import Row, missing, row, span

MAILS, WARM_UP = 120, 5
WHAT = "agent: a mail seen in the Outbox to accepted by SMTP"


class Moment:
    """When a server said certain words the last time, heard by a proxy in front of it."""

    def __init__(self, words: bytes) -> None:
        self.words, self.event, self.at = words, threading.Event(), 0.0

    def hear(self, piece: bytes) -> None:
        """Called by the proxy for each piece that the server sends. The first time counts."""
        if self.words in piece and not self.event.is_set():
            self.at = time.perf_counter()
            self.event.set()


class Bench(NamedTuple):
    """Where to put mails and what to listen to."""

    dovecot: Dovecot
    smtp_port: int
    announced: Moment
    queued: Moment


class Taken(NamedTuple):
    """Seconds of one mail: from its announcement to accepted; from APPEND to accepted; from APPEND to filed."""

    own: float
    accepted: float
    filed: float


def by_agent(client: IMAPClient, bench: Bench) -> Taken:
    """One mail by the Outbox."""
    for moment in (bench.announced, bench.queued):
        moment.event.clear()
    client.append(OUTBOX, new_html_mail(), flags=[b"\\Seen"])
    began = time.perf_counter()
    assert bench.queued.event.wait(30), "the agent did not submit the mail"
    wait_until("the Outbox to be empty", lambda: not client.folder_status(OUTBOX, ["MESSAGES"])[b"MESSAGES"])
    filed = time.perf_counter()
    # what was in a listing before it was announced: the agent was quicker than the announcement
    announced = min(bench.announced.at if bench.announced.event.is_set() else began, bench.queued.at)
    return Taken(bench.queued.at - max(announced, began), bench.queued.at - began, filed - began)


def by_hand(client: IMAPClient, port: int) -> float:
    """Seconds for smtplib (connect, log in, send) and APPEND to Sent."""
    mail = new_html_mail()
    began = time.perf_counter()
    smtp = smtplib.SMTP("127.0.0.1", port, timeout=30)
    smtp.login(ALICE.address, ALICE.password)
    smtp.sendmail(ALICE.address, [BOB.address, CAROL.address], mail)
    client.append("Sent", mail, flags=[b"\\Seen"])
    taken = time.perf_counter() - began
    smtp.quit()
    return taken


@contextlib.contextmanager
def servers() -> Iterator[Bench]:
    """Dovecot and Postfix, each behind a proxy that hears it, an edge, and Alice's agent."""
    workshop = Workshop()
    # one mail lies there at a time, and Sent soon holds more: "1" is the Outbox
    announced, queued = Moment(b"* 1 EXISTS"), Moment(b"250 2.0.0 Ok: queued")
    with contextlib.ExitStack() as stack:
        stack.callback(workshop.clear)
        dovecot = Dovecot(workshop("dovecot"), durable=True)
        stack.callback(dovecot.stop)
        postfix = Postfix(workshop("postfix"), dovecot)
        stack.callback(postfix.stop)
        company = Company(workshop("company"))
        edge = Edge(company, workshop("edge"))
        stack.callback(edge.stop)
        imap = Proxy(dovecot.imap_port, on_received=announced.hear)
        smtp = Proxy(postfix.port, on_received=queued.hear)
        stack.callback(imap.close)
        stack.callback(smtp.close)
        ports = Ports(imap.port, smtp.port, edge.port)
        agent = Agent(workshop("agent"), {ALICE: ports}, company.tokens, log="info")
        stack.callback(agent.stop)
        yield Bench(dovecot, smtp.port, announced, queued)


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def measured() -> tuple[list[Taken], list[float]]:
    """Every mail: by the agent, by hand."""
    ours, hand = [], []
    with servers() as bench, IMAPClient(bench.dovecot.host, bench.dovecot.imap_port, ssl=False) as client:
        client.login(ALICE.address, ALICE.password)
        for _ in range(WARM_UP + MAILS):
            ours.append(by_agent(client, bench))
            hand.append(by_hand(client, bench.smtp_port))
    return ours[WARM_UP:], hand[WARM_UP:]


def rows() -> Iterator[Row]:
    """p50 with its target; p99, and the way as a whole, beside it."""
    if why := missing_for_mail():
        yield missing(WHAT, why, "≤ 2.00")
        return
    taken, hand = measured()
    own = [each.own for each in taken]
    whole = "agent: APPEND to the Outbox (Dovecot waits 0.5 s) to"
    for what, values, percent, target in (
        (f"{WHAT}, p50", own, 50, "≤ 2.00"),
        (f"{WHAT}, p99", own, 99, ""),
        (f"{whole} accepted, p50", [each.accepted for each in taken], 50, ""),
        (f"{whole} accepted, p99", [each.accepted for each in taken], 99, ""),
        (f"{whole} filed in Sent, p50", [each.filed for each in taken], 50, ""),
    ):
        ours, theirs = percentile(values, percent), percentile(hand, percent)
        yield row(what, span(ours), f"smtplib + APPEND, fsync: {span(theirs)}", ours / theirs, target)
