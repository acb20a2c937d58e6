"""What may break breaks: files, disks, workers. What was in force serves on."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz.edge import Request, exchanged
from tests.edge.conftest import A
from tests.edge.running import Running, serving, within
from tests.edge.world import World

from stationer.edge.key import raw_public_key
from stationer.pick.container import Damaged, unpack

QUESTION = b'{"from": "alice@acme.example", "to": ["bob@other.example"], "cc": []}'
ASK = Request("POST", "/v1/pick", "Bearer alice", QUESTION).bytes()


@pytest.mark.parametrize("kind", ["snapshot", "roll"])
def test_a_file_damaged_at_every_byte_or_cut_at_any_length_is_refused(world, kind):
    world.publish(A, banner="Sale")
    world.enrol(A, "alice")
    good, key = world.path(A, kind).read_bytes(), raw_public_key(world.key_file.read_bytes())
    unpack(good, kind=kind, public_key=key, pen=A)
    chance = random.Random(7)
    for place in range(len(good)):
        flipped = bytearray(good)
        flipped[place] ^= 1 << chance.randrange(8)
        with pytest.raises(Damaged):
            unpack(bytes(flipped), kind=kind, public_key=key, pen=A)
        with pytest.raises(Damaged):
            unpack(good[:place], kind=kind, public_key=key, pen=A)
    with pytest.raises(Damaged):
        unpack(good + b"\0", kind=kind, public_key=key, pen=A)


class Load(threading.Thread):
    """Asks, a new connection each time, until told to stop; keeps every status and what was dropped."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.running, self.ended = running, threading.Event()
        self.statuses: set[int] = set()
        self.answered = self.dropped = 0

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                reply = exchanged(self.running.port, ASK)
            except OSError:  # no worker listens just now, or it died with the request
                reply = None
            if reply is None:
                self.dropped += 1
                time.sleep(0.01)
            else:
                self.answered += 1
                self.statuses.add(reply.status)


@contextlib.contextmanager
def load(running: Running, threads: int = 4) -> Iterator[list[Load]]:
    """Under load, once every worker has started; afterwards nothing but right answers was seen."""
    assert within(30, lambda: running.log.read_text().count('"started"') >= 2)
    loads = [Load(running) for _ in range(threads)]
    for one in loads:
        one.start()
    try:
        yield loads
    finally:
        for one in loads:
            one.ended.set()
        for one in loads:
            one.join()
    assert set().union(*(one.statuses for one in loads)) == {200}


def test_workers_killed_under_load_drop_connections_and_nothing_else(running):
    with load(running) as loads:
        for _ in range(3):
            children = workers(running)
            os.kill(children[0], signal.SIGKILL)
            assert within(
                30, lambda gone=children[0]: len(workers(running)) == 2 and gone not in workers(running)
            )
            before = sum(one.answered for one in loads)
            assert within(20, lambda so_far=before: sum(one.answered for one in loads) > so_far + 20)
    dropped, answered = (sum(getattr(one, name) for one in loads) for name in ("dropped", "answered"))
    print(f"{answered} answered, {dropped} dropped")
    assert within(20, lambda: running.words() == "RegardsAlice")


def workers(running: Running) -> list[int]:
    """The processes that answer."""
    pid = running.process.pid
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_files_that_are_damaged_cut_emptied_or_gone_under_load_change_no_answer(running):
    path = running.world.path(A, "snapshot")
    good, chance = path.read_bytes(), random.Random(3)
    bad = [b"", good[:47], good[: len(good) // 2], good[:-1], good + b"\0"]
    places = chance.sample(range(len(good)), 6)
    bad += [good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :] for place in places]
    with load(running):
        for data in bad:
            running.world.put(A, "snapshot", data)
            assert within(3, lambda: running.client.get("/readyz").json()["refused"] == 1)
            assert running.words() == "RegardsAlice"
        path.unlink()
        time.sleep(1)
        assert running.words() == "RegardsAlice"
        running.world.publish(A, "Cheers")
        assert within(3, lambda: running.words() == "CheersAlice")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(command, capture_output=True).returncode
    ):
        pytest.skip("a disk of its own needs the right to mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_and_one_that_is_read_only_change_no_answer(small_disk, tmp_path):
    world = World(small_disk)
    with serving(world, tmp_path) as running, load(running):
        filler = small_disk / "filler"
        with contextlib.suppress(OSError):
            filler.write_bytes(b"x" * 1_000_000)
        with pytest.raises(OSError, match="No space"):
            world.publish(A, "Cheers " * 9_000)
        time.sleep(1.2)
        assert running.words() == "RegardsAlice"
        filler.unlink()
        world.publish(A, "Cheers")
        assert within(3, lambda: running.words() == "CheersAlice")
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        with pytest.raises(OSError, match="Read-only"):
            world.publish(A, "Later")
        time.sleep(1.2)
        assert running.words() == "CheersAlice"
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        shutil.rmtree(world.folder)
        time.sleep(1.2)
        assert running.words() == "CheersAlice"
