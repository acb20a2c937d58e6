"""Sealing 100 MB and opening it against the `age` command, same file, file to file; and the memory that it takes.

CPU time, the clock's beside it. Ours runs in this process, as it does in a portal; age is a process, whose start is a
hundredth of its time. age's files are one stream for one reader: it derives no key for each part, and has no ranges.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.row import Row, in_turns, missing, row, span
from stationer import seal

KEY, PLACE, SIZE = bytes(range(32)), seal.Place("pen_bench", "sec_bench", "1"), 100_000_000
_PIECE = 1 << 20

#: Seals and opens so many bytes in a process of its own; prints its peak in KiB.
_PEAK = """
import re, sys
from pathlib import Path
from bench.sealing import opened, sealed
folder = Path(sys.argv[1])
sealed(folder / "plain", folder / "peak.sealed")
opened(folder / "peak.sealed", folder / "peak.plain")
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def sealed(source: Path, target: Path) -> None:
    """A file, sealed into another."""
    with source.open("rb", buffering=0) as plain, target.open("wb", buffering=0) as file:
        for data in seal.seal(
            seal.begin(KEY, PLACE, os.urandom(seal.SEED)), iter(lambda: plain.read(_PIECE), b"")
        ):
            file.write(data)


def opened(source: Path, target: Path) -> None:
    """A sealed file, opened into another."""
    with source.open("rb", buffering=0) as blob, target.open("wb", buffering=0) as file:

        def read(start: int, stop: int) -> bytes:
            return os.pread(blob.fileno(), stop - start, start)

        for data in seal.Opener(KEY, PLACE, source.stat().st_size, read).range():
            file.write(data)


def _both(who: int, work: Callable[[], object], clock: list[float]) -> float:
    """CPU seconds of `work`, of this process or of its children; the clock's go into `clock`."""
    before, began = resource.getrusage(who), time.perf_counter()
    work()
    clock.append(time.perf_counter() - began)
    after = resource.getrusage(who)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _row(what: str, ours: Callable[[], object], command: list[str]) -> Row:
    mine, theirs = list[float](), list[float]()
    found = in_turns(
        {
            "ours": lambda: _both(resource.RUSAGE_SELF, ours, mine),
            "age": lambda: _both(
                resource.RUSAGE_CHILDREN,
                lambda: subprocess.run(command, check=True, capture_output=True),
                theirs,
            ),
        }
    )
    said = [
        f"{span(found[who])} ({span(min(clock))} by the clock)"
        for who, clock in (("ours", mine), ("age", theirs))
    ]
    return row(what, said[0], f"age: {said[1]}", found["age"] / found["ours"], "≥ 0.8")


def rows() -> Iterator[Row]:
    """Sealing, opening, memory."""
    if not shutil.which("age"):
        yield missing("sealing 100 MB, and opening it", "age is not installed", "≥ 0.8")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, ours, theirs, key = (folder / one for one in ("plain", "ours", "theirs", "key"))
        plain.write_bytes(random.Random(5).randbytes(SIZE))
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
        public = subprocess.run(
            ["age-keygen", "-y", key], check=True, capture_output=True, text=True
        ).stdout.strip()
        age = ["age", "-r", public, "-o", str(theirs), str(plain)]
        yield _row("sealing 100 MB", lambda: sealed(plain, ours), age)
        back = ["age", "-d", "-i", str(key), "-o", str(folder / "back"), str(theirs)]
        yield _row("opening 100 MB", lambda: opened(ours, folder / "again"), back)
        if (folder / "again").read_bytes() != plain.read_bytes():
            raise RuntimeError("what was opened is not what was sealed")
        done = subprocess.run([sys.executable, "-c", _PEAK, name], check=True, capture_output=True, text=True)
        peak = int(done.stdout) / 1024
        yield row("the same, memory of the process", f"{peak:.1f} MiB", "64 MiB", peak, "≤ 64")
