"""What a directory says, whatever kind it is (contract/directories.md §1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Person(NamedTuple):
    """Somebody: a stable id, the key that groups name them by, and attributes by name in small letters."""

    id: str
    key: str
    values: Mapping[str, Sequence[str]]


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
