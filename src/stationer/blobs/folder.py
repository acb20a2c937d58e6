"""A folder of blobs: `put` returns when the bytes are there after a power cut (write, fsync, rename, fsync folder).

A name is made of segments `a–z 0–9 . _ -` between slashes, none of them beginning with a dot: a name made from
anyone's words cannot leave the folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stationer.durable.files import make_folder, remove_durably, write_durably

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,127}(/[a-z0-9_-][a-z0-9._-]{0,127}){0,7}")


class WrongName(ValueError):
    """This cannot be the name of a blob."""


class Absent(LookupError):
    """There is no blob by that name."""


class Folder:
    """Blobs as files below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise WrongName(f"{name!r} cannot be the name of a blob")
        return self.root / name

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` by that name, in place of what was there. Raises OSError, WrongName."""
        path = self._path(name)
        make_folder(path.parent)
        write_durably(path, data, mode=0o600)

    def get(self, name: str) -> bytes:
        """The bytes. Raises Absent, WrongName, OSError."""
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise Absent(name) from error

    def has(self, name: str) -> bool:
        """Whether there is a blob by that name. Raises WrongName."""
        return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Forget the blob; nothing happens when there is none. Raises WrongName, OSError."""
        path = self._path(name)
        if path.is_file():
            remove_durably(path)

    def names(self, prefix: str = "") -> Iterator[str]:
        """Names of all blobs below a prefix (a whole segment), sorted."""
        start = self._path(prefix) if prefix else self.root
        for path in sorted(start.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self.root).as_posix()
