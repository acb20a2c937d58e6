"""A file is the old one or the new one, whole, whatever happens between."""

import os
import signal
import threading
from pathlib import Path

import pytest

from stationer.durable.files import clean, make_folder, remove_durably, temporary, write_durably


def names(folder: Path) -> list[str]:
    """What is in `folder`."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "a"
    write_durably(path, b"one")
    write_durably(path, b"two", 0o600)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["a"]


def test_the_bytes_are_synced_before_the_rename_and_the_folder_after(tmp_path, monkeypatch):
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note(descriptor: int) -> None:
        order.append("folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "replace", lambda *a: (order.append("rename"), replace(*a))[1])
    write_durably(tmp_path / "a", b"x")
    assert order == ["file", "rename", "folder"]


def test_on_a_full_disk_the_old_file_stays_and_nothing_is_left(tiny_disk):
    path = tiny_disk / "a"
    write_durably(path, b"old")
    with pytest.raises(OSError, match="No space"):
        write_durably(path, b"x" * 200_000)
    assert path.read_bytes() == b"old"
    assert names(tiny_disk) == ["a"]
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_a_killed_writer_left_is_written_over_and_cleaned(tmp_path):
    path = tmp_path / "a"
    temporary(path).write_bytes(b"half of something long")
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"
    temporary(path).write_bytes(b"half")
    assert clean(tmp_path) == [".a.tmp"]
    assert names(tmp_path) == ["a"]


def test_writers_in_one_folder_take_turns(tmp_path):
    path = tmp_path / "a"
    bodies = [bytes([n]) * 50_000 for n in range(8)]
    threads = [threading.Thread(target=write_durably, args=(path, body)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in bodies
    assert names(tmp_path) == ["a"]


def test_a_reader_sees_the_old_or_the_new_file_through_many_kills(tmp_path):
    path = tmp_path / "a"
    write_durably(path, b"0" * 10_000)
    for turn in range(20):
        child = os.fork()
        if child == 0:
            n = 0
            while True:
                n += 1
                write_durably(path, (b"%d" % (n % 10)) * 10_000)
        threading.Event().wait(0.002 * (turn % 7 + 1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        data = path.read_bytes()
        assert len(data) == 10_000 and len(set(data)) == 1
        clean(tmp_path)
        assert names(tmp_path) == ["a"]


def test_folders_are_made_and_files_removed(tmp_path):
    make_folder(tmp_path / "x" / "y")
    write_durably(tmp_path / "x" / "y" / "a", b"")
    remove_durably(tmp_path / "x" / "y" / "a")
    remove_durably(tmp_path / "x" / "y" / "a")
    assert names(tmp_path / "x" / "y") == []
