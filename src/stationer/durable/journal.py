"""An append journal: `append` returns when its records are on the disk; appends that meet share one fsync.

| offset | bytes | what |
|---|---|---|
| 0 | 8 | `STNJRNL1` |
| 8 | 8 | salt, random for each journal: nobody can put a valid frame into a record |
| 16 | 4 | CRC-32 of bytes 0 … 16, big-endian like every number here |
| 20 | | frames |

A frame is what one commit wrote: payload length n (4 bytes), CRC-32 of salt, frame offset (8) and n (4), then
n bytes (each record: length, 4 bytes, and the record), then CRC-32 of salt, frame offset, payload (4).
A frame is written only when the one before it is on the disk. So what is invalid at the end was never
acknowledged: it is dropped. What is invalid with a valid frame somewhere after it is damage: `DamagedError`,
nothing is dropped.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import struct
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

from stationer.durable.files import write_all, write_durably

if sys.platform != "win32":
    import fcntl

MAGIC = b"STNJRNL1"
HEAD = 20
_FRAME_HEAD, _FRAME_TAIL, _RECORD_HEAD = 8, 4, 4
LARGEST = 1 << 28


class JournalError(Exception):
    """A journal cannot be used."""


class DamagedError(JournalError):
    """Acknowledged records are damaged. Keep the file, and bring it back from a backup or another edge."""


class BusyError(JournalError):
    """Another process has this journal open for appending. Stop it first."""


class BrokenError(JournalError):
    """The disk failed while committing, and what is on it is unknown. Open the journal again to find out."""


def _crc(salt: bytes, offset: int, data: bytes | memoryview) -> bytes:
    return struct.pack(">I", zlib.crc32(data, zlib.crc32(salt + struct.pack(">Q", offset))))


def _header() -> bytes:
    start = MAGIC + secrets.token_bytes(8)
    return start + struct.pack(">I", zlib.crc32(start))


def _frame(salt: bytes, offset: int, records: list[bytes]) -> bytes:
    payload = b"".join(struct.pack(">I", len(record)) + record for record in records)
    length = struct.pack(">I", len(payload))
    return length + _crc(salt, offset, length) + payload + _crc(salt, offset, payload)


def _frame_end(data: memoryview, salt: bytes, at: int, base: int = 0) -> int:
    """Where the valid frame at `at` in `data` ends, or -1 when there is none. `data` begins at `base` in the file."""
    if at + _FRAME_HEAD + _FRAME_TAIL > len(data):
        return -1
    length, offset = data[at : at + 4], base + at
    if _crc(salt, offset, length) != data[at + 4 : at + 8]:
        return -1
    end = at + _FRAME_HEAD + int.from_bytes(length, "big")
    if end + _FRAME_TAIL > len(data) or _crc(salt, offset, data[at + 8 : end]) != data[end : end + 4]:
        return -1
    return end + _FRAME_TAIL


def _records(payload: memoryview) -> Iterator[bytes]:
    at = 0
    while at < len(payload):
        (length,) = struct.unpack(">I", payload[at : at + _RECORD_HEAD])
        at += _RECORD_HEAD
        yield bytes(payload[at : at + length])
        at += length


def _salt(data: bytes) -> bytes:
    if len(data) < HEAD or data[:8] != MAGIC or zlib.crc32(data[:16]) != struct.unpack(">I", data[16:20])[0]:
        raise DamagedError("This is not a journal of ours, or its first 20 bytes are damaged.")
    return data[8:16]


def scan(data: bytes) -> tuple[list[bytes], int]:
    """All records, and where the last whole frame ends. Raises DamagedError (offset in the message)."""
    salt, view, at = _salt(data), memoryview(data), HEAD
    records: list[bytes] = []
    while (end := _frame_end(view, salt, at)) >= 0:
        records += _records(view[at + _FRAME_HEAD : end - _FRAME_TAIL])
        at = end
    later = next((place for place in range(at + 1, len(data)) if _frame_end(view, salt, place) >= 0), None)
    if later is not None:
        raise DamagedError(f"Bytes {at} to {later} are damaged, and good records follow them.")
    return records, at


def read(path: Path) -> list[bytes]:
    """All acknowledged records of the journal at `path`, without opening it for appending."""
    return scan(path.read_bytes())[0]


class Follower:
    """Reads a journal, piece by piece, that another process may be appending to. `at`: how far it was read."""

    def __init__(self, path: Path, at: int = 0) -> None:
        """Go on at `at`, where an earlier follower stood (0: the beginning)."""
        self.path, self.at = path, max(at, HEAD)
        self._salt = b""

    def more(self) -> list[bytes]:
        """The records of whole frames since the last call. Raises OSError, and DamagedError for no journal of ours."""
        data = self._unread()
        found, at = self._frames(data, 0)
        self.at += at
        return found

    def past_damage(self) -> list[bytes]:
        """In a journal that nobody appends to any more: skip what is damaged here, and read what follows it. Nothing
        when no whole frame follows, as after a torn tail. Slow: every byte is looked at. Raises as `more` does."""
        data = self._unread()
        salt = self._salt
        later = (at for at in range(1, len(data)) if _frame_end(data, salt, at, self.at) >= 0)
        begin = next(later, None)
        if begin is None:
            return []
        found, at = self._frames(data, begin)
        self.at += at
        return found

    def _unread(self) -> memoryview:
        with self.path.open("rb") as file:
            self._salt = self._salt or _salt(file.read(HEAD))
            file.seek(self.at)
            return memoryview(file.read())

    def _frames(self, data: memoryview, at: int) -> tuple[list[bytes], int]:
        found: list[bytes] = []
        while (end := _frame_end(data, self._salt, at, self.at)) >= 0:
            found += _records(data[at + _FRAME_HEAD : end - _FRAME_TAIL])
            at = end
        return found, at


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


class _Batch:
    """Records that will be committed together, and what became of them."""

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.done = False
        self.fault: Exception | None = None


class Journal:
    """A journal open for appending by this process alone; threads may append at the same time."""

    def __init__(self, path: Path) -> None:
        """Open, or make, the journal at `path`. Raises BusyError, DamagedError, OSError."""
        self.path = path
        if not path.exists():
            write_durably(path, _header(), 0o600)
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC | getattr(os, "O_BINARY", 0))
        try:
            self._claim()
            data = path.read_bytes()
            self.records, self._end = scan(data)
            self.dropped = len(data) - self._end
            self._cut()
        except BaseException:
            os.close(self._file)
            raise
        self._salt = data[8:16]
        self._broken = self._closed = False
        self._gate, self._turn, self._pending = threading.Lock(), threading.Lock(), _Batch()

    def _claim(self) -> None:
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{self.path} is open for appending in another process. Stop it first.") from None

    def _cut(self) -> None:
        """Drop what stands after the last whole frame, for good."""
        if os.fstat(self._file).st_size != self._end:
            os.ftruncate(self._file, self._end)
            os.fsync(self._file)
        os.lseek(self._file, self._end, os.SEEK_SET)

    @property
    def size(self) -> int:
        """Bytes that are on the disk."""
        return self._end

    def append(self, *records: bytes) -> None:
        """Returns when all are on the disk, together or not at all.

        OSError: nothing was kept, try again later (no space). BrokenError: open the journal again.
        """
        if sum(map(len, records)) + _RECORD_HEAD * len(records) > LARGEST:
            raise ValueError(f"records of more than {LARGEST} bytes in one append")
        with self._gate:
            batch = self._pending
            batch.records += records
        with self._turn:  # whoever comes first commits for all that came meanwhile
            if not batch.done:
                with self._gate:
                    self._pending = _Batch()
                self._commit(batch)
        if batch.fault:
            raise batch.fault

    def _commit(self, batch: _Batch) -> None:
        batch.done = True
        if self._broken or self._closed:
            batch.fault = BrokenError(f"{self.path} failed before, or was closed. Open it again.")
            return
        frame = _frame(self._salt, self._end, batch.records)
        try:
            write_all(self._file, frame)
        except OSError as fault:
            batch.fault = fault
            self._back()
            return
        try:
            os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)
        except OSError as fault:
            # after a failed fsync the kernel may call lost pages clean: only reading again tells
            self._broken = True
            batch.fault = BrokenError(f"{self.path}: {fault}")
            return
        self._end += len(frame)

    def _back(self) -> None:
        """Take a half-written frame back, so that the next one stands where it must."""
        try:
            self._cut()
        except OSError:
            self._broken = True

    def close(self) -> None:
        """Let go of the file and of its lock. An append that comes later raises BrokenError."""
        with self._turn, contextlib.suppress(OSError):
            if not self._closed:
                self._closed = True
                os.close(self._file)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
