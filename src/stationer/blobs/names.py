"""What may be the name of a blob, and what every store says alike.

A name is made of segments `a–z 0–9 . _ -` between slashes, none of them beginning with a dot: a name made from
anyone's words cannot leave the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,127}(/[a-z0-9_-][a-z0-9._-]{0,127}){0,7}")


class WrongName(ValueError):
    """This cannot be the name of a blob."""


class Absent(LookupError):
    """There is no blob by that name."""


class StoreError(OSError):
    """The object store did not do it. It may, when asked later."""


def checked(name: str) -> str:
    """The name. Raises WrongName."""
    if not _NAME.fullmatch(name):
        raise WrongName(f"{name!r} cannot be the name of a blob")
    return name


class Blobs(Protocol):
    """Named bytes. Every verb raises WrongName, and OSError (StoreError) when the store does not work."""

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` by that name, in place of what was there; durable when it returns."""
        ...

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Keep all that `chunks` give, in constant memory; how many bytes. Nobody sees it before all of it is there,
        and when `chunks` raise, what was there stays."""
        ...

    def get(self, name: str) -> bytes:
        """The bytes. Raises Absent."""
        ...

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Bytes from `start` up to `stop`; fewer, or none, where the blob ends before. Raises Absent."""
        ...

    def size(self, name: str) -> int:
        """How many bytes it has. Raises Absent."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is a blob by that name."""
        ...

    def delete(self, name: str) -> None:
        """Forget the blob; nothing happens when there is none."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """Names of all blobs below a prefix (whole segments), sorted."""
        ...

    def clean(self) -> list[str]:
        """Remove what killed writers left, and nothing that is being written; what was removed."""
        ...
