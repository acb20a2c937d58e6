"""A copy of each PEN's file that was last in force, for a worker that starts while the file in its place is damaged,
older or gone.
"""

from __future__ import annotations

import os
from pathlib import Path

from stationer.durable.files import make_folder, write_durably
from stationer.watch.log import Voice

#: A container ends with the digest and the signature of all before it (contract/snapshot.md §1).
PROOF = 96

voice = Voice("edge")


class LastGood:
    """Copies under `folder`/{pen}/last-{kind}.stn. Without one (None), or on a disk that takes nothing, there are none.

    A copy is proven as the file itself is before it comes into force, so whoever can write here gains nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._failed = ""

    def pens(self) -> list[str]:
        """Whose folders are there; nobody's when they cannot be listed."""
        try:
            return sorted(path.name for path in self._folder.iterdir()) if self._folder else []
        except OSError:
            return []

    def find(self, pen: str, kind: str) -> bytes | None:
        """The copy, or None when there is none that can be read."""
        try:
            return self._path(pen, kind).read_bytes() if self._folder else None
        except OSError:
            return None

    def keep(self, pen: str, kind: str, data: bytes) -> None:
        """Copy what has come into force; nothing is written when another worker has done so. Never raises OSError."""
        if self._folder is None:
            return
        path = self._path(pen, kind)
        try:
            if not _ends_alike(path, data):
                make_folder(path.parent, 0o700)
                write_durably(path, data, 0o600)
            self._failed = ""
        except OSError as fault:
            why = str(fault.strerror or fault)
            if why != self._failed:
                voice.error("copy-not-kept", folder=self._folder, reason=why)
            self._failed = why

    def _path(self, pen: str, kind: str) -> Path:
        return (self._folder or Path()) / pen / f"last-{kind}.stn"


def _ends_alike(path: Path, data: bytes) -> bool:
    """Whether the file there has the same length, digest and signature."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != len(data):
                return False
            file.seek(-min(PROOF, len(data)), os.SEEK_END)
            return file.read() == data[-PROOF:]
    except FileNotFoundError:
        return False
