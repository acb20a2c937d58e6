"""A portal with a company whose banner has a link, edges below it, and readers who click it."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx
import msgspec

from stationer.wire.pick import Answer, Candidate, Question
from trials.servers.edge import Edge
from trials.servers.people import ALICE
from trials.servers.portal import Portal
from trials.servers.running import LOOPBACK, free_port, wait_until
from trials.servers.workshop import Workshop

COMPANY = (Path(__file__).parent / "company.yaml").read_text().replace("SLOGAN", "A slogan.")
TARGET = "https://acme.test/open-evening"
CAMPAIGN = f"""
campaigns:
  evening:
    name: Open evening
    caps: {{ever: 1}}
    messages:
      banner: {{name: Banner, content: {{shape: banner, headline: Come, link: "{TARGET}", button: Say yes}}}}
"""


class Company:
    """A portal with a company that is published, the edge beside it, and a device of Alice's."""

    def __init__(self, workshop: Workshop) -> None:
        self.portal = Portal(workshop("portal"), free_port(), COMPANY + CAMPAIGN)
        self.edge = Edge(self.portal, workshop("edge"), 2, port=self.portal.edge_port, ready="/livez")
        words = ("--address", ALICE.address, "--name", "x")
        self.device = json.loads(self.portal.command("admin", "enrol-device", *words))["token"]
        self.portal.command("admin", "publish", "--about", "clicks")
        wait_until("the edge to know the company", lambda: ask(self.edge, self.device).status_code == 200)
        (banner,) = banners(self.edge, self.device)
        self.token = banner.links[0]

    def another_edge(self, name: str, home: Path, **more: str) -> Edge:
        """An edge of that name with one worker, which the portal knows."""
        token = json.loads(self.portal.command("admin", "create-edge", name))["token"]
        own = {"STATIONER_EDGE__NAME": name, "STATIONER_EDGE__UPLINK_TOKEN": token}
        return Edge(self.portal, home, more=own | more)

    def hits(self, label: str) -> dict[int, int]:
        """How often each click of this label is in the portal, by its number."""
        query = f"SELECT agent, count(*) FROM statistics_hit WHERE agent LIKE '{label} %' GROUP BY agent"
        return {int(agent.rpartition(" ")[2]): times for agent, times in self.rows(query)}

    def rows(self, query: str) -> list[tuple[str, int]]:
        """What the portal's database says."""
        path = self.portal.home / "data" / "portal" / "portal.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(query).fetchall()

    def waiting(self) -> list[Path]:
        """Segments that wait at the edge beside the portal."""
        return sorted((self.edge.home / "state" / "up").glob("*.jnl"))

    def stop(self) -> None:
        """Stop both."""
        self.edge.stop()
        self.portal.stop()


def metric(edge: Edge, name: str) -> float:
    """What the worker that answers says."""
    with urllib.request.urlopen(f"{edge.url}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.partition(" ")[0] == name)


def ask(edge: Edge, device: str, to: str = "bob@other.test") -> httpx.Response:
    """A pick of Alice's to this recipient."""
    question = msgspec.json.encode(Question(ALICE.address, [to], []))
    try:
        return httpx.post(
            f"{edge.url}/v1/pick", content=question, headers={"Authorization": f"Bearer {device}"}
        )
    except httpx.HTTPError:
        return httpx.Response(503)


def banners(edge: Edge, device: str, to: str = "bob@other.test") -> list[Candidate]:
    """What stands in the banner's place of a new mail."""
    return msgspec.json.decode(ask(edge, device, to).content, type=Answer).copies[0].new.banner


class Reader(threading.Thread):
    """Clicks while there are tickets, each time with another number; keeps those that were answered with 302. A click
    that was not answered gives its ticket back."""

    def __init__(
        self,
        port: int,
        token: str,
        label: str,
        tickets: threading.Semaphore,
        numbers: Iterator[int],
        until: float,
    ) -> None:
        super().__init__()
        self.port, self.token, self.label, self.until = port, token, label, until
        self.tickets, self.numbers = tickets, numbers
        self.answered: list[int] = []
        self.wrong: list[int] = []
        self.dropped = 0
        self._connection: HTTPConnection | None = None

    def run(self) -> None:
        while time.monotonic() < self.until and self.tickets.acquire(blocking=False):
            number = next(self.numbers)
            try:
                status = self.click(number)
            except (OSError, HTTPException):
                self.dropped += 1
                self._connection = None
                self.tickets.release()
                time.sleep(0.02)
                continue
            (self.answered if status == 302 else self.wrong).append(number)

    def click(self, number: int) -> int:
        """The status of the answer. Raises OSError, HTTPException when none came."""
        if self._connection is None:
            self._connection = HTTPConnection(LOOPBACK, self.port, timeout=10)
        self._connection.request("GET", f"/c/{self.token}", headers={"User-Agent": f"{self.label} {number}"})
        answer = self._connection.getresponse()
        answer.read()
        return answer.status


def read(
    edge: Edge, token: str, label: str, most: int, threads: int = 4, until: float = float("inf")
) -> list[Reader]:
    """Readers who are answered `most` times together, or until that moment (monotonic s); they have begun."""
    tickets, numbers = threading.Semaphore(most), itertools.count()
    readers = [Reader(edge.port, token, label, tickets, numbers, until) for _ in range(threads)]
    for one in readers:
        one.start()
    return readers


def read_all(edge: Edge, token: str, label: str, most: int) -> list[Reader]:
    """They click so often, and each click was answered."""
    readers = read(edge, token, label, most)
    for one in readers:
        one.join()
    assert sorted(number for one in readers for number in one.answered) == list(range(most))
    return readers


def kill_one(edge: Edge) -> None:
    """SIGKILL for the process that has answered the longest; an edge that gave up is started again, as by `serve all`.
    granian gives up when a worker ends twice within seconds."""
    if edge.running.process.poll() is not None:
        edge.running.start()
        return
    pid = edge.running.process.pid
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    answering = sorted(int(one) for one in found if _answers(one))
    if answering:
        with suppress(ProcessLookupError):
            os.kill(answering[0], signal.SIGKILL)


def _answers(pid: str) -> bool:
    with suppress(OSError):
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
