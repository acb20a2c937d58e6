"""What only a folder has: leftovers of writers that were killed, and writers that were not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from stationer.blobs import folder
from stationer.blobs.folder import Folder
from stationer.durable import files

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


PUTTER = """
import sys
from pathlib import Path
from stationer.blobs.folder import Folder
from stationer.durable import files
whole = files.write_all
def slowly(descriptor, data):
    whole(descriptor, data[:1000])
    print("half", flush=True)
    sys.stdin.readline()
    whole(descriptor, data[1000:])
files.write_all = slowly
Folder(Path(sys.argv[1])).put("a/b", bytes(2000))
print("done", flush=True)
"""


@pytest.fixture
def blobs(tmp_path):
    return Folder(tmp_path / "blobs")


@pytest.fixture(params=[WRITER, PUTTER], ids=["write", "put"])
def writer(blobs, request):
    """A process that has written half a blob and waits for a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", request.param, str(blobs.root)],
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


def test_what_is_being_written_is_no_blob_yet_and_not_cleaned_away(blobs, writer, monkeypatch):
    assert not blobs.has("a/b")
    clean, met = files.clean, threading.Event()
    monkeypatch.setattr(files, "clean", lambda where: (met.set(), clean(where))[1])
    with ThreadPoolExecutor(1) as pool:
        gone = pool.submit(blobs.clean)
        gone.add_done_callback(lambda _: met.set())
        assert met.wait(60)  # it is done, or waits for its turn in the folder
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n"
        assert gone.result() == []
    assert blobs.get("a/b") == bytes(2000)
    assert os.listdir(blobs.root / "a") == ["b"]  # noqa: PTH208


def test_what_a_killed_writer_left_is_cleaned_away_and_nothing_else(blobs, writer):
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    blobs.put("a/c.tmp", b"x")
    blobs.put("a/d.part", b"x")
    assert not blobs.has("a/b")
    (gone,) = blobs.clean()
    assert gone.startswith("a/.b.")
    assert sorted(path.name for path in (blobs.root / "a").iterdir()) == ["c.tmp", "d.part"]
    assert blobs.clean() == []


def test_where_nothing_was_ever_kept_nothing_is_cleaned_away(blobs):
    assert blobs.clean() == []


@pytest.mark.parametrize("cleaned", [True, False], ids=["gone", "about to go"])
def test_a_writer_whom_a_cleaner_meets_before_its_lock_takes_another_file(blobs, monkeypatch, cleaned):
    lock, held = folder._lock, []

    def late(descriptor):
        monkeypatch.setattr(folder, "_lock", lock)
        if cleaned:
            assert len(blobs.clean()) == 1
        else:
            (part,) = (blobs.root / "a").iterdir()
            held.append(os.open(part, os.O_RDONLY))
            lock(held[0])
        lock(descriptor)

    monkeypatch.setattr(folder, "_lock", late)
    assert blobs.write("a/b", [b"x"]) == 1
    assert blobs.get("a/b") == b"x"
    for descriptor in held:
        os.close(descriptor)
    assert len(blobs.clean()) == len(held)


def test_files_are_for_their_owner_alone(blobs):
    blobs.put("a", b"x")
    blobs.write("b", [b"x"])
    assert {blobs.root.joinpath(name).stat().st_mode & 0o777 for name in "ab"} == {0o600}
