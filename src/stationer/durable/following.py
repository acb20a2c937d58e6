"""Reads journals that others may be appending to, and tells whether somebody is."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from stationer.durable import frames

if sys.platform != "win32":
    import fcntl


class Follower:
    """Reads a journal, piece by piece, that another process may be appending to. `at`: how far it was read."""

    def __init__(self, path: Path, at: int = 0) -> None:
        """Go on at `at`, where an earlier follower stood (0: the beginning)."""
        self.path, self.at = path, max(at, frames.HEAD)
        self._salt = b""

    def more(self) -> list[bytes]:
        """The records of whole frames since the last call. Raises OSError, and DamagedError for no journal of ours."""
        data = self._unread()
        found, at = frames.whole(data, self._salt, 0, self.at)
        self.at += at
        return found

    def past_damage(self) -> list[bytes]:
        """In a journal that nobody appends to any more: skip what is damaged here, and read what follows it. Nothing
        when no whole frame follows, as after a torn tail. Slow: every byte is looked at. Raises as `more` does."""
        data = self._unread()
        salt = self._salt
        begin = frames.next_frame(data, salt, 1, self.at)
        if begin < 0:
            return []
        found, at = frames.whole(data, salt, begin, self.at)
        self.at += at
        return found

    def _unread(self) -> memoryview:
        with self.path.open("rb") as file:
            self._salt = self._salt or frames.salt_of(file.read(frames.HEAD))
            file.seek(self.at)
            return memoryview(file.read())


def is_open(path: Path) -> bool:
    """Whether a process has the journal at `path` open for appending. Raises OSError."""
    if sys.platform == "win32":
        return False
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


@contextlib.contextmanager
def claimed(path: Path, size: int = -1) -> Iterator[bool]:
    """Whether nobody has the journal at `path` open, nor can open it within the block, nor has it grown beyond `size`
    bytes (-1: whatever it has): then it may be renamed or removed. Raises OSError."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield _locked(file) and (size < 0 or os.fstat(file).st_size == size)
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
