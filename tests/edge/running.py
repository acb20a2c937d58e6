"""The edge as it runs, in a process of its own, and how to ask it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
from tests.edge.world import World, pen_id

MAIL = {"from": "alice@acme.example", "to": ["bob@other.example"], "cc": []}


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """An edge process and how to ask it."""

    def __init__(self, world: World, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.world, self.port, self.process, self.log = world, port, process, log
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)

    def ask(self, token: str = "alice") -> httpx.Response:
        return self.client.post("/v1/pick", json=MAIL, headers={"Authorization": f"Bearer {token}"})

    def words(self, token: str = "alice") -> str:
        """What the mail would carry; empty when it is refused."""
        answer = self.ask(token)
        if answer.status_code != 200:
            return ""
        choice = answer.json()["copies"][0]["new"]
        names = [one["block"] for slot in choice.values() for one in slot]
        blocks = [
            self.client.get(f"/v1/blocks/{name}", headers={"Authorization": f"Bearer {token}"})
            for name in names
        ]
        return " ".join("".join(map(str, block.json()["text"])) for block in blocks)


def within(seconds: float, fine: Callable[[], bool]) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if fine():
                return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def serving(world: World, tmp_path: Path, *, publish: bool = True) -> Iterator[Running]:
    """`stationer serve edge` with two workers over a PEN A; with `publish` one that has a template alone."""
    if publish:
        world.publish(pen_id(1))
        world.enrol(pen_id(1), "alice")
    port, log = free_port(), tmp_path / "log"
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("STATIONER_")},
        "STATIONER_EDGE__FOLDER": str(world.folder),
        "STATIONER_EDGE__PUBLIC_KEY": str(world.key_file),
        "STATIONER_EDGE__LISTEN": f"127.0.0.1:{port}",
        "STATIONER_EDGE__WORKERS": "2",
    }
    with log.open("wb") as stderr:
        command = [sys.executable, "-m", "stationer", "serve", "edge"]
        process = subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=stderr, stdout=stderr)
    made = Running(world, port, process, log)
    try:
        assert within(60, lambda: made.client.get("/readyz").status_code == 200), log.read_text()
        yield made
    finally:
        made.client.close()
        process.terminate()
        assert process.wait(15) == 0
