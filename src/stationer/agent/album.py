"""Pictures that were fetched once and are kept: by digest, checked whenever they are used, bounded in octets.

On the disk: a file for each, called by its digest (contract/content.md §5). Those that were not used for longest go.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from stationer.compose import digest_of
from stationer.durable.files import clean, make_folder, write_durably

#: Octets of all that is kept.
MOST_BYTES = 50_000_000
DIGEST = re.compile(r"[a-z2-7]{24}")


class Album:
    """A folder of pictures. Several mailboxes of one agent share it."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        make_folder(folder, 0o700)
        clean(folder)
        self._folder, self._most = folder, most

    def get(self, digest: str) -> bytes | None:
        """The octets, or None when they are not here or not what the digest says."""
        if not DIGEST.fullmatch(digest):
            return None
        path = self._folder / digest
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if digest_of(data) != digest:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used just now: goes last
        return data

    def put(self, digest: str, data: bytes) -> bool:
        """Keep octets that are what the digest says; whether they are. Raises OSError."""
        if not DIGEST.fullmatch(digest) or digest_of(data) != digest:
            return False
        self._make_room(len(data))
        write_durably(self._folder / digest, data, 0o600)
        return True

    def _make_room(self, size: int) -> None:
        found = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                stat = path.stat()
                found.append((stat.st_mtime_ns, stat.st_size, path))
        held = sum(one[1] for one in found)
        for _, one, path in sorted(found):
            if held + size <= self._most:
                return
            path.unlink(missing_ok=True)
            held -= one
