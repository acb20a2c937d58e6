"""An append journal: `append` returns when its records are on the disk; appends that meet share one fsync.

Its bytes are those of `durable.frames`. A frame of `append` is written only when the one before it is on the disk. So
what is invalid at the end was never acknowledged: it is dropped. What is invalid with a valid frame somewhere after it
is damage: `DamagedError`, nothing is dropped. With `put` a frame is handed to the system and not yet on the disk: a
killed process loses none of them, a power cut those since the last `sync`, perhaps out of their order.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
from pathlib import Path

from stationer.durable import frames
from stationer.durable.files import write_all, write_durably
from stationer.durable.frames import JournalError, scan

if sys.platform != "win32":
    import fcntl

#: Bytes of the records of one append.
LARGEST = 1 << 28


class BusyError(JournalError):
    """Another process has this journal open for appending. Stop it first."""


class BrokenError(JournalError):
    """The disk failed while committing, and what is on it is unknown. Open the journal again to find out."""


def read(path: Path) -> list[bytes]:
    """All acknowledged records of the journal at `path`, without opening it for appending."""
    return scan(path.read_bytes())[0]


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
            write_durably(path, frames.head(secrets.token_bytes(8)), 0o600)
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
        # whoever renames or removes a journal holds its lock (`following.claimed`)
        if not self.path.exists() or not os.path.samestat(os.fstat(self._file), self.path.stat()):
            raise BusyError(f"{self.path} was taken away while it was opened.")

    def _cut(self) -> None:
        """Drop what stands after the last whole frame, for good."""
        if os.fstat(self._file).st_size != self._end:
            os.ftruncate(self._file, self._end)
            os.fsync(self._file)
        os.lseek(self._file, self._end, os.SEEK_SET)

    @property
    def size(self) -> int:
        """Bytes that were appended or put."""
        return self._end

    def append(self, *records: bytes) -> None:
        """Returns when all are on the disk, together or not at all.

        OSError: nothing was kept, try again later (no space). BrokenError: open the journal again.
        """
        if sum(map(len, records)) + frames.RECORD_HEAD * len(records) > LARGEST:
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
        frame = frames.frame(self._salt, self._end, batch.records)
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

    def put(self, *records: bytes) -> None:
        """Returns when all are handed to the system, together or not at all: they survive this process, and the
        machine once `sync` has returned. Raises as `append` does; also BrokenError after a `sync` that failed."""
        with self._turn:
            if self._broken or self._closed:
                raise BrokenError(f"{self.path} failed before, or was closed. Open it again.")
            frame = frames.frame(self._salt, self._end, records)
            try:
                write_all(self._file, frame)
            except OSError:
                self._back()
                raise
            self._end += len(frame)

    def sync(self) -> None:
        """Returns when all that was put before is on the disk; nobody who puts waits for it. Raises BrokenError."""
        if self._broken or self._closed:
            raise BrokenError(f"{self.path} failed before, or was closed. Open it again.")
        try:
            os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)
        except OSError as fault:
            self._broken = True
            raise BrokenError(f"{self.path}: {fault}") from fault

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
