"""The segments that this worker writes for one PEN, one after the other (contract/memory.md §4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from stationer.durable.files import make_folder
from stationer.durable.journal import BrokenError, BusyError, Journal

MOST_BYTES = 8_000_000
OLDEST_S = 86_400.0
SUFFIX = ".jnl"


class Segments:
    """Appends to `FOLDER/{name}-{number}.jnl`; threads may append at the same time. The folder and the first segment
    are made when there is something to append."""

    def __init__(self, folder: Path, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._name, self._clock = folder, name, clock
        self._number, self._since = 0, 0.0
        self._journal: Journal | None = None
        self._lock = threading.Lock()

    def append(self, *records: bytes) -> None:
        """Returns when all are on the disk. Raises OSError or JournalError: try again later."""
        while True:
            journal = self._current()
            try:
                journal.append(*records)
            except BrokenError:
                if self._leave(journal):
                    raise
                continue  # another thread had closed it: the next one is as good
            if journal.size > MOST_BYTES:
                self._leave(journal)
            return

    def close_old(self) -> None:
        """Close the segment when it has been open for a day."""
        journal = self._journal
        if journal is not None and self._clock() - self._since > OLDEST_S:
            self._leave(journal)

    def close(self) -> None:
        """Close the segment that is being written."""
        if self._journal is not None:
            self._leave(self._journal)

    def _current(self) -> Journal:
        with self._lock:
            if self._journal is None:
                make_folder(self._folder, 0o700)
                self._journal = self._next()
                self._since = self._clock()
            return self._journal

    def _next(self) -> Journal:
        while True:
            self._number += 1
            try:
                return Journal(self._folder / f"{self._name}-{self._number}{SUFFIX}")
            except BusyError:  # a neighbour was looking whether it is open, just as it was made
                continue

    def _leave(self, journal: Journal) -> bool:
        """Close a segment; False when another thread has already."""
        with self._lock:
            if self._journal is not journal:
                return False
            self._journal = None
        journal.close()
        return True
