"""What a directory says, whatever kind it is (contract/directories.md §1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec


class Person:
    """Somebody: a stable id, the key that groups name them by, and attributes by name in small letters.

    There may be a hundred thousand of them at once, so the attributes are kept as octets: a tenth of the memory."""

    __slots__ = ("_values", "id", "key")

    def __init__(self, id: str, key: str, values: Mapping[str, Sequence[str]]) -> None:
        self.id, self.key, self._values = id, key, msgspec.msgpack.encode(values)

    @property
    def values(self) -> Mapping[str, Sequence[str]]:
        """Attributes by name in small letters, made anew each time."""
        return msgspec.msgpack.decode(self._values, type=dict[str, list[str]])


class Team(NamedTuple):
    """A group: who is in it, and which groups are, by their keys."""

    id: str
    key: str
    name: str
    people: frozenset[str]
    teams: frozenset[str]


class Whole(NamedTuple):
    """All of it. `requests` is how often the directory was asked."""

    people: Sequence[Person]
    teams: Sequence[Team]
    requests: int = 0


class Problem(Exception):
    """It cannot be read, or not whole: then nothing changes. `code` is a key of `directories.wording`."""

    def __init__(self, code: str, **said: str | int) -> None:
        self.code, self.said = code, said
        super().__init__(code)

    def note(self) -> dict[str, str | int]:
        """As a row keeps it."""
        return {"code": self.code, **self.said}
