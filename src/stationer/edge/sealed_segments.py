"""The segments that this worker writes for the portal, one after the other (contract/uplink.md §1).

What was put survives a killed process, and the machine once `sync` has returned. A segment that refused something is
left: no record's number is used twice under one key.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from stationer.durable import sealing
from stationer.durable.files import make_folder
from stationer.durable.frames import JournalError
from stationer.durable.journal import BusyError, Journal
from stationer.wire.uplink import Told

MOST_BYTES = 8_000_000
OLDEST_S = 3_600.0
SUFFIX = ".jnl"
#: After a disk that refused, nothing is tried for so long (s): a click must not pay for a new file each time.
REST_S = 1.0
#: Segments begun in a row.
TRIES = 5


class Resting(OSError):
    """The disk refused a moment ago; it is not asked again yet."""


class _Open:
    """A segment that is being written: its journal, its key's cipher, records so far."""

    def __init__(self, path: Path, portal: bytes, now: float) -> None:
        key = secrets.token_bytes(sealing.KEY)
        self.portal, self.since, self.records, self.dirty = portal, now, 0, True
        self.cipher = ChaCha20Poly1305(key)
        self.journal = Journal(path)
        try:
            self.journal.put(sealing.head(path.name, key, portal))
        except BaseException:
            self.journal.close()
            raise


class SealedSegments:
    """Puts into `FOLDER/{name}{number}.jnl`, sealed to `key` (the portal's raw public key); threads may put at the
    same time. Folder and segment are made when there is something to put. `clock` gives monotonic s."""

    def __init__(
        self, folder: Path, name: str, key: bytes | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.key = key
        self._folder, self._name, self._clock = folder, name, clock
        self._number, self._rest_until = 0, 0.0
        self._open: _Open | None = None
        self._lock = threading.Lock()

    def put(self, told: list[Told]) -> None:
        """One record, handed to the system when this returns. Raises OSError or JournalError: it is not kept."""
        with self._lock:
            if self._clock() < self._rest_until:
                raise Resting("the disk refused a moment ago")
            try:
                self._put(told)
            except BaseException:
                self._leave()
                self._rest_until = self._clock() + REST_S
                raise

    def _put(self, told: list[Told]) -> None:
        held = self._open
        if held is None:
            held = self._open = self._next()
        held.records += 1
        held.journal.put(sealing.seal(held.cipher, held.records, told))
        held.dirty = True
        if held.journal.size > MOST_BYTES:
            self._leave()

    def _next(self) -> _Open:
        if self.key is None:
            raise OSError("there is no key to seal it with")
        make_folder(self._folder, 0o700)
        for _ in range(TRIES):
            self._number += 1
            path = self._folder / f"{self._name}{self._number}{SUFFIX}"
            # a neighbour may look whether it is open, or take it for one that was left, just as it is made
            with contextlib.suppress(BusyError, FileNotFoundError):
                return _Open(path, self.key, self._clock())
        raise OSError("its segments are taken away as they are made")

    def _leave(self) -> None:
        """Close the segment. What it has goes to the disk, as far as that takes it."""
        if self._open is not None:
            with contextlib.suppress(JournalError):
                self._open.journal.sync()
            self._open.journal.close()
            self._open = None

    def sync(self) -> None:
        """Put on the disk what was put; whoever puts meanwhile does not wait. Raises JournalError: what was put since
        the last time is in the system's hands alone, and the next record begins another segment."""
        held = self._open
        if held is None or not held.dirty:
            return
        held.dirty = False
        try:
            held.journal.sync()
        except JournalError:
            with self._lock:
                if self._open is not held:  # left meanwhile, and synced then
                    return
                self._leave()
            raise

    def close_old(self) -> None:
        """Close the segment after an hour, or when the portal has another key."""
        held = self._open
        if held is not None and (self._clock() - held.since > OLDEST_S or held.portal != self.key):
            self.close()

    def close(self) -> None:
        """Close the segment that is being written."""
        with self._lock:
            self._leave()
