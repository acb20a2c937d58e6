"""Under load while someone publishes: no error, never two snapshots in one mail, memory flat."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.edge.conftest import A
from tests.edge.running import MAIL, Running

HEADERS = {"Authorization": "Bearer alice"}


def memory_of(pid: int) -> int:
    """KiB in memory of the process and its children (proc_pid_status(5), VmRSS)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = [Path(f"/proc/{one}/status").read_text() for one in (pid, *children)]
    return sum(int(text.split("VmRSS:")[1].split()[0]) for text in lines)


class Reader(threading.Thread):
    """Asks and fetches until told to stop; keeps what went wrong, and how long each pick took (s)."""

    def __init__(self, port: int, stop: threading.Event, reports: bool) -> None:
        super().__init__()
        self.port, self.stop, self.reports = port, stop, reports
        self.wrong: list[str] = []
        self.times: list[float] = []

    def run(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=HEADERS, timeout=30) as client:
            while not self.stop.is_set():
                try:
                    self.once(client)
                except Exception as fault:
                    self.wrong.append(repr(fault))

    def once(self, client: httpx.Client) -> None:
        began = time.perf_counter()
        answer = client.post("/v1/pick", json=MAIL)
        self.times.append(time.perf_counter() - began)
        said = answer.json()
        slots = said["copies"][0]["new"]
        if self.reports:
            used = [one["mark"] for slot in ("signature", "banner") for one in slots[slot]]
            report = [{"pick": said["pick"], "copy": 0, "outcome": {"used": used}}]
            if client.post("/v1/sent", json=report).status_code != 202:
                self.wrong.append("a report was not taken")
        fetched = [client.get(f"/v1/blocks/{slots[slot][0]['block']}") for slot in ("signature", "banner")]
        numbers = {"".join(map(str, one.json()["text"])).split()[1] for one in fetched}
        if len(numbers) != 1:
            self.wrong.append(f"two snapshots in one mail: {numbers}")


def soak(running: Running, seconds: float, every: float, connections: int, *, counted: bool = False) -> None:
    """`counted`: the campaign asks for memory, and what every pick showed is reported."""
    asked = {"stop_after_click": True} if counted else {}
    running.world.publish(A, "Words 0 ", banner="Banner 0", **asked)
    time.sleep(1.5)
    stop = threading.Event()
    readers = [Reader(running.port, stop, counted) for _ in range(connections)]
    for reader in readers:
        reader.start()
    time.sleep(min(5, seconds / 4))
    before, until, number = memory_of(running.process.pid), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += 1
        running.world.publish(A, f"Words {number} ", banner=f"Banner {number}", **asked)
        time.sleep(every)
    grown = memory_of(running.process.pid) - before
    stop.set()
    for reader in readers:
        reader.join()
    times = sorted(one for reader in readers for one in reader.times)
    print(
        f"{len(times)} picks, p50 {times[len(times) // 2]:.4f} s, p99 {times[len(times) * 99 // 100]:.4f} s"
    )
    print(f"{number} snapshots, memory {before} KiB and {grown:+} KiB")
    assert [w for reader in readers for w in reader.wrong] == []
    # each outcome is known for eight days, so that nobody counts it twice: a million of them at most
    assert grown < 30_000 + (len(times) if counted else 0)


@pytest.mark.parametrize("counted", [False, True])
def test_load_and_publishing_at_the_same_time_mix_nothing_and_break_nothing(running, counted):
    soak(running, float(os.environ.get("SOAK_SECONDS", 10)), 1, 32, counted=counted)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("counted", [False, True])
def test_ten_minutes_of_it(running, counted):
    soak(running, float(os.environ.get("SECONDS", 600)), 5, 32, counted=counted)
