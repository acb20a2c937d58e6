"""Memory is that of some segments, whatever the blob's size: peaks of processes of their own, held against each other."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Seals SIZE bytes of nothing into a sparse file's place, a range at a time, and opens it; prints its peak in KiB.
PROGRAM = """
import os, re, sys, tempfile
from pathlib import Path
from stationer import seal
size, piece = int(sys.argv[1]), bytes(1 << 20)
key, place = bytes(32), seal.Place("pen", "message", "part")
with tempfile.TemporaryFile(dir=sys.argv[2]) as file:
    for data in seal.seal(seal.begin(key, place, bytes(16)), (piece for _ in range(size >> 20))):
        file.write(data)
    total = file.tell()
    file.flush()
    def read(start, stop):
        return os.pread(file.fileno(), stop - start, start)
    opened = sum(map(len, seal.Opener(key, place, total, read, length=size).range()))
assert opened == size, opened
# not getrusage's: that begins with what the process had before exec, which is pytest's
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def peak(size: int, folder) -> int:
    """KiB of a process that seals and opens so many bytes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_256_mb_take_no_more_memory_than_16(tmp_path):
    assert peak(256 << 20, tmp_path) < 1.1 * peak(16 << 20, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_5_gb_take_no_more_either(tmp_path):
    assert peak(5 << 30, tmp_path) < 1.1 * peak(16 << 20, tmp_path)
