"""The bounds of contract/memory.md §5, counted at an edge with two workers: how far a cap is exceeded, what is lost."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.edge.conftest import A
from tests.edge.running import Running, serving, within
from tests.edge.world import World

from stationer.durable import following
from stationer.edge import checkpoints
from stationer.pick import Memory
from stationer.pick.counting import Count, recipient_key
from stationer.wire.definition import Caps
from stationer.wire.memory import Record

BOB = "bob@other.example"
#: What a machine with other work may add to the 200 ms and 100 ms of the contract (s).
NOISE = 3.0


@dataclass
class Mail:
    """A mail as its client saw it: to whom, when it was answered, and when its report was (monotonic s)."""

    to: str
    answered: float
    shown: bool
    report: dict[str, Any]
    reported: float = 0.0


def post(port: int, path: str, body: Any) -> tuple[int, Any]:
    """Status and body of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), {"Authorization": "Bearer alice"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except http.client.HTTPException as error:
        raise OSError from error
    finally:
        connection.close()


@dataclass
class Client(threading.Thread):
    """Sends mail after mail, and reports each until that is acknowledged. Connects anew for every request, so that
    any worker may get it."""

    port: int
    to: Any
    stop: threading.Event
    pause: float = 0.0
    mails: list[Mail] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stop.is_set():
            to = next(self.to)
            answer = self._post("/v1/pick", {"from": "alice@acme.example", "to": [to], "cc": []}, 200)
            choice = answer["copies"][0]["new"]
            marks = [one["mark"] for slot in choice.values() for one in slot]
            report = {"pick": answer["pick"], "copy": 0, "outcome": {"used": marks}}
            mail = Mail(to, time.monotonic(), "banner" in choice, report)
            self.mails.append(mail)
            time.sleep(self.pause)
            self._post("/v1/sent", [report], 202)
            mail.reported = time.monotonic()

    def _post(self, path: str, body: Any, status: int) -> Any:
        while True:
            try:
                told, answer = post(self.port, path, body)
                if told == status:
                    return answer
            except OSError:  # the worker was killed: another answers
                time.sleep(0.02)


def clients(running: Running, to: Any, count: int, seconds: float, pause: float = 0.0) -> list[Client]:
    """So many at a time, for so long; they finish the mail in hand."""
    stop = threading.Event()
    all_of = [Client(running.port, to, stop, pause) for _ in range(count)]
    for one in all_of:
        one.start()
    time.sleep(seconds)
    stop.set()
    for one in all_of:
        one.join(60)
        assert not one.is_alive()
    return all_of


def on_disk(folder: Path) -> Memory:
    """What a worker that starts now would know."""
    memory = Memory()
    if found := checkpoints.read(folder):
        memory.resume(found[1])
    for path in folder.glob("*.jnl"):
        for record in following.Follower(path).more():
            memory.fold(msgspec.msgpack.decode(record, type=Record))  # type: ignore[arg-type]
    return memory


def count(folder: Path, address: str) -> Count:
    """A recipient's count on the disk."""
    return on_disk(folder).count(recipient_key(A.encode(), address), "cam")


def forever(value: str) -> Any:
    while True:
        yield value


def shows(running: Running, to: str) -> bool:
    body = {"from": "alice@acme.example", "to": [to], "cc": []}
    return "banner" in post(running.port, "/v1/pick", body)[1]["copies"][0]["new"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the segments of PEN A are."""
    return tmp_path / "var" / "state" / A


def test_a_cap_is_exceeded_by_what_was_answered_before_it_was_known_and_never_after_a_restart(
    world: World, tmp_path: Path, folder: Path
) -> None:
    cap = 10
    with serving(world, tmp_path) as running:
        world.publish(A, banner="Fair", caps=Caps(ever=cap))
        assert within(10, lambda: all(shows(running, BOB) for _ in range(12)))  # both workers
        mails = [mail for one in clients(running, forever(BOB), 6, 5) for mail in one.mails]
        shown = [mail for mail in mails if mail.shown]
        known = sorted(mail.reported for mail in shown)[cap - 1]
        late = max(mail.answered - known for mail in shown)
        under_way = sum(mail.answered <= known for mail in shown) - cap
        print(
            f"\ncap {cap}: {len(shown)} of {len(mails)} mails carried it; {under_way} of those over were under way, "
            f"the last was answered {late * 1000:.0f} ms after the report of number {cap}"
        )
        assert late < 0.2 + NOISE
        assert not any(shows(running, BOB) for _ in range(20))
        assert within(5, lambda: count(folder, BOB).ever == len(shown))
    with serving(world, tmp_path, publish=False) as again:
        assert not any(shows(again, BOB) for _ in range(20))
    assert count(folder, BOB).ever == len(shown)


def addresses() -> Any:
    """One after the other, to several threads."""
    lock, number = threading.Lock(), 0

    class Addresses:
        def __next__(self) -> str:
            nonlocal number
            with lock:
                number += 1
                return f"r{number}@other.example"

    return Addresses()


def workers(running: Running) -> list[int]:
    """The processes that answer."""
    path = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
    return [int(child) for child in path.read_text().split()]


def test_kill_9_of_workers_loses_at_most_what_they_answered_just_before(
    world: World, tmp_path: Path, folder: Path
) -> None:
    kills: list[float] = []
    with serving(world, tmp_path) as running:
        world.publish(A, banner="Fair", caps=Caps(ever=1))
        assert within(10, lambda: all(shows(running, BOB) for _ in range(12)))  # both workers

        def kill() -> None:
            for _ in range(3):
                time.sleep(4.5)  # granian gives up on a worker that dies again within 5.5 s
                os.kill(workers(running)[0], signal.SIGKILL)  # the oldest: the two take turns
                kills.append(time.monotonic())

        killer = threading.Thread(target=kill)
        killer.start()
        mails = [mail for one in clients(running, addresses(), 4, 15, 0.05) for mail in one.mails]
        killer.join()
        memory = on_disk(folder)
        lost = [m for m in mails if not memory.count(recipient_key(A.encode(), m.to), "cam").ever]
        before = [min((k - m.answered for k in kills if k >= m.answered - 0.2), default=99.0) for m in lost]
        told = ", ".join(f"{one * 1000:.0f}" for one in before)
        print(f"\n{len(kills)} kills, {len(mails)} mails, {len(lost)} counts lost (ms before a kill: {told})")
        assert len(kills) == 3 and len(mails) > 50
        assert all(mail.shown and mail.reported for mail in mails)
        assert all(one < 0.1 + NOISE / 3 for one in before)
        assert all(memory.count(recipient_key(A.encode(), m.to), "cam").ever <= 1 for m in mails)
        kept = [m.to for m in mails if m not in lost]
        # what one worker was told last, the other has read a moment later (contract/memory.md §5)
        assert within(NOISE, lambda: not any(shows(running, address) for address in kept[-20:]))
        assert not any(shows(running, address) for address in kept[-20:])


def test_a_graceful_stop_loses_nothing(world: World, tmp_path: Path, folder: Path) -> None:
    with serving(world, tmp_path) as running:
        world.publish(A, banner="Fair", caps=Caps(ever=1))
        assert within(10, lambda: all(shows(running, BOB) for _ in range(12)))  # both workers
        before = sum(len(one.mails) for one in clients(running, addresses(), 2, 0.5))
        shows(running, BOB)
    memory = on_disk(folder)
    assert memory.waiting() >= 1 and memory.size() == before
