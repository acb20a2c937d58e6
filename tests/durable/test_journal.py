"""What was acknowledged is read back; a torn end is dropped; damage before good records stops."""

import os
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.durable import journal
from stationer.durable.frames import HEAD, DamagedError, scan
from stationer.durable.journal import BrokenError, BusyError, Journal, read

BATCHES = [[b"one"], [b"two", b"three"], [b""], [b"x" * 40]]
ALL = [record for batch in BATCHES for record in batch]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def written(path: Path, batches: list[list[bytes]] = BATCHES) -> list[int]:
    """The journal at `path` with these batches; where each frame ends."""
    with Journal(path) as opened:
        ends = []
        for batch in batches:
            opened.append(*batch)
            ends.append(path.stat().st_size)
    return ends


def kept(ends: list[int], size: int) -> list[bytes]:
    """Records of the frames that end within `size` bytes."""
    return [r for batch, end in zip(BATCHES, ends, strict=True) if end <= size for r in batch]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=60), min_size=1, max_size=4), max_size=6))
def test_what_was_appended_is_read_back(tmp_path_factory, batches):
    path = tmp_path_factory.mktemp("j") / "journal"
    written(path, batches)
    assert read(path) == [record for batch in batches for record in batch]
    with Journal(path) as again:
        assert again.records == read(path) and again.dropped == 0


def test_cut_at_every_byte_all_whole_frames_remain_and_appending_goes_on(path):
    ends = written(path)
    data = path.read_bytes()
    for size in range(len(data) + 1):
        path.write_bytes(data[:size])
        if size < HEAD:
            with pytest.raises(DamagedError):
                Journal(path)
            continue
        with Journal(path) as opened:
            assert opened.records == kept(ends, size)
            opened.append(b"after")
        assert read(path) == [*kept(ends, size), b"after"]


def test_a_flip_of_any_byte_loses_no_acknowledged_record_silently_but_the_last_frames(path):
    ends = written(path)
    data = path.read_bytes()
    for place in range(len(data)):
        for bit in (1, 128):
            flipped = bytearray(data)
            flipped[place] ^= bit
            if place < ends[-2]:
                with pytest.raises(DamagedError):
                    scan(bytes(flipped))
            else:  # cannot be told from a frame that was torn before it was acknowledged
                assert scan(bytes(flipped)) == (kept(ends, ends[-2]), ends[-2])


def test_zeros_that_a_power_cut_left_at_the_end_are_dropped(path):
    written(path)
    with path.open("ab") as file:
        file.write(bytes(5000))
    with Journal(path) as opened:
        assert (opened.records, opened.dropped) == (ALL, 5000)


def test_a_record_that_holds_a_frame_is_no_frame(path):
    written(path)
    inner = path.read_bytes()[HEAD:]
    other = path.with_name("other")
    written(other, [[inner]])
    torn = other.read_bytes()[:-1]
    assert scan(torn) == ([], HEAD)


def test_a_damaged_journal_is_left_as_it_is(path):
    written(path)
    data = bytearray(path.read_bytes())
    data[HEAD + 9] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedError, match="good records follow"):
        Journal(path)
    assert path.read_bytes() == data


def test_one_process_appends_at_a_time(path):
    with Journal(path), pytest.raises(BusyError):
        Journal(path)
    Journal(path).close()


def test_appends_that_meet_share_one_sync(path, monkeypatch):
    syncs = []
    sync = os.fdatasync
    slow = threading.Event()

    def note(descriptor: int) -> None:
        slow.wait(0.02)
        syncs.append(descriptor)
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", note)
    with Journal(path) as opened:
        threads = [threading.Thread(target=opened.append, args=(b"%d" % n,)) for n in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(read(path)) == sorted(b"%d" % n for n in range(32))
    assert len(syncs) < 16


def test_on_a_full_disk_an_append_fails_whole_and_the_next_one_is_kept(tiny_disk):
    path = tiny_disk / "journal"
    with Journal(path) as opened:
        opened.append(b"first")
        with pytest.raises(OSError, match="No space"):
            opened.append(b"x" * 100_000)
        assert read(path) == [b"first"]
        opened.append(b"second")
    assert read(path) == [b"first", b"second"]


def test_what_was_put_is_there_after_a_kill_and_between_appends(path):
    child = os.fork()
    if child == 0:
        opened = Journal(path)
        opened.put(b"one")
        opened.append(b"two")
        opened.put(b"three", b"four")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert read(path) == [b"one", b"two", b"three", b"four"]


def test_what_does_not_fit_is_taken_back_whole_and_the_next_is_put(tiny_disk):
    path = tiny_disk / "journal"
    with Journal(path) as opened:
        opened.put(b"first")
        with pytest.raises(OSError, match="No space"):
            opened.put(b"x" * 100_000)
        opened.put(b"second")
        opened.sync()
    assert read(path) == [b"first", b"second"]


def test_a_journal_whose_sync_failed_takes_nothing_more(path, monkeypatch):
    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    with Journal(path) as opened:
        opened.put(b"one")
        monkeypatch.setattr(os, "fdatasync", fail)
        with pytest.raises(BrokenError):
            opened.sync()
        for act in (opened.sync, lambda: opened.put(b"two")):
            with pytest.raises(BrokenError):
                act()
    assert read(path) == [b"one"]


def test_after_a_failed_sync_nothing_more_is_promised(path, monkeypatch):
    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    with Journal(path) as opened:
        opened.append(b"kept")
        monkeypatch.setattr(os, "fdatasync", fail)
        with pytest.raises(BrokenError):
            opened.append(b"unknown")
        monkeypatch.undo()
        with pytest.raises(BrokenError):
            opened.append(b"refused")
    with Journal(path) as again:
        assert again.records[0] == b"kept" and b"refused" not in again.records


def killed_appender(path: Path, wait: float) -> int:
    """How many records a child had acknowledged when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with Journal(path) as opened:
            n = len(opened.records)
            while True:
                opened.append(b"%d" % n)
                n += 1
                os.write(writing, n.to_bytes(8, "big"))
    os.close(writing)
    threading.Event().wait(wait)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while chunk := os.read(reading, 1 << 16):
        told += chunk
    os.close(reading)
    return int.from_bytes(told[-8:], "big") if told else 0


def survive(path: Path, kills: int) -> None:
    for turn in range(kills):
        told = killed_appender(path, 0.01 + 0.003 * (turn % 11))
        records = read(path) if path.exists() else []
        assert records == [b"%d" % n for n in range(len(records))]
        assert len(records) >= told


def test_nothing_acknowledged_is_lost_by_kill_9(path):
    survive(path, 12)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_acknowledged_is_lost_by_a_thousand_kills(path):
    survive(path, 1000)


def test_a_batch_beyond_the_limit_is_refused(path, monkeypatch):
    monkeypatch.setattr(journal, "LARGEST", 10)
    with Journal(path) as opened, pytest.raises(ValueError, match="more than 10"):
        opened.append(b"x" * 11)
