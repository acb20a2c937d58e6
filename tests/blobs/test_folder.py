"""What only a folder has: leftovers of writers that were killed, and writers that were not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from stationer.blobs.folder import Folder

WRITER = """
import sys
from pathlib import Path
from stationer.blobs.folder import Folder
def chunks():
    yield bytes(1000)
    print("half", flush=True)
    sys.stdin.readline()
    yield bytes(1000)
Folder(Path(sys.argv[1])).write("a/b", chunks())
print("done", flush=True)
"""


@pytest.fixture
def blobs(tmp_path):
    return Folder(tmp_path / "blobs")


@pytest.fixture
def writer(blobs):
    """A process that has written half a blob and waits for a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(blobs.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "half\n"
    yield child
    child.kill()
    child.communicate()


def test_names_lists_no_leftovers(blobs):
    blobs.put("p/1", b"x")
    (blobs.root / "p" / ".3.tmp").write_bytes(b"half")
    assert list(blobs.names("p")) == ["p/1"]


def test_what_is_being_written_is_no_blob_yet_and_not_cleaned_away(blobs, writer):
    assert not blobs.has("a/b")
    assert blobs.clean() == []
    writer.stdin.write("\n")
    writer.stdin.flush()
    assert writer.stdout.readline() == "done\n"
    assert blobs.get("a/b") == bytes(2000)
    assert os.listdir(blobs.root / "a") == ["b"]  # noqa: PTH208


def test_what_a_killed_writer_left_is_cleaned_away(blobs, writer):
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert not blobs.has("a/b")
    (gone,) = blobs.clean()
    assert gone.startswith("a/.b.")
    assert not any((blobs.root / "a").iterdir())


def test_files_are_for_their_owner_alone(blobs):
    blobs.put("a", b"x")
    blobs.write("b", [b"x"])
    assert {blobs.root.joinpath(name).stat().st_mode & 0o777 for name in "ab"} == {0o600}
