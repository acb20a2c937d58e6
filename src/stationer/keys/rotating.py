"""Rewraps rows in pieces while everything runs; killed anywhere it goes on where it was (contract/seal.md §7).

What is to be done is in the rows alone: those whose wrapped key is not under the primary one. So there is nothing to
remember, and doing it twice is doing it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from stationer.seal import NotWrappedError, Owner, Ring, UnknownKeyError, is_current, rewrap, wrapped_under

#: Walks over all rows at most: each sees what was added under an old key during the one before it.
_WALKS = 5


class Row(NamedTuple):
    """A wrapped key that stands in a database. `name` tells it from all others of its table, and orders them."""

    name: str
    owner: Owner
    wrapped: bytes


class Rows(Protocol):
    """A table of wrapped keys."""

    def after(self, name: str, many: int) -> Sequence[Row]:
        """The next rows by name behind `name` (empty: from the first), at most `many`; none at the end."""
        ...

    def replace(self, changes: Sequence[tuple[Row, bytes]]) -> int:
        """In one transaction, give each row its new wrapped key where it still has the one it was read with: what was
        deleted stays deleted. How many it was done to."""
        ...


class Tally(NamedTuple):
    """What a rotation did; `unreadable` are rows that no key opens, each with the reason."""

    rewrapped: int
    unreadable: dict[str, str]


def walk(rows: Rows, many: int = 200) -> Iterator[Sequence[Row]]:
    """All rows, a piece at a time."""
    piece = rows.after("", many)
    while piece:
        yield piece
        piece = rows.after(piece[-1].name, many)


def under(rows: Rows) -> Counter[str]:
    """How many rows are under which key; what is no wrapped key counts as ``."""
    found: Counter[str] = Counter()
    for piece in walk(rows, 1000):
        for row in piece:
            try:
                found[wrapped_under(row.wrapped)] += 1
            except NotWrappedError:
                found[""] += 1
    return found


def rotate(ring: Ring, rows: Rows, many: int = 200) -> Tally:
    """Every row under the ring's primary key. Raises what a KMS and the table raise: what was done until then stands,
    and calling it again does the rest."""
    done, unreadable = 0, {}
    for _ in range(_WALKS):
        before = done
        for piece in walk(rows, many):
            changes = []
            for row in piece:
                try:
                    if not is_current(ring, row.wrapped):
                        changes.append((row, rewrap(ring, row.wrapped, row.owner)))
                except (NotWrappedError, UnknownKeyError) as fault:
                    unreadable[row.name] = str(fault)
            done += rows.replace(changes) if changes else 0
        if done == before:
            break
    return Tally(done, unreadable)
