"""How many different people, from 8 bytes each of at most 2,048 of them: the smallest values of a keyed hash.

Exact below 2,048; above, the standard error is 1 / √2,046 = 2.2 % (Bar-Yossef et al. 2002, “Counting Distinct Elements
in a Data Stream”, algorithm 1; Beyer et al. 2007, “On Synopses for Distinct-Value Estimation”, §4). Sketches of days
join to that of the period without loss. On disk: the values in ascending order, each 8 bytes, big-endian.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b

MOST = 2048
_SPACE = 1 << 64


def value(key: bytes, address: str) -> int:
    """An address as a number that says nothing without the PEN's key: BLAKE2b-64, keyed, of its lower case."""
    made = blake2b(address.lower().encode(), digest_size=8, key=key, person=b"stationer-people")
    return int.from_bytes(made.digest(), "big")


class Smallest:
    """A sketch while it grows: however many are added, it keeps few. What is not less than `bound` is not in it."""

    __slots__ = ("_kept", "bound")

    def __init__(self) -> None:
        self._kept: set[int] = set()
        self.bound = _SPACE

    def add(self, one: int) -> None:
        """Somebody more, or the same again."""
        if one < self.bound:
            self._kept.add(one)
            if len(self._kept) >= 2 * MOST:
                smallest = sorted(self._kept)[:MOST]
                self._kept, self.bound = set(smallest), smallest[-1]

    def written(self) -> bytes:
        """The sketch."""
        return write(self._kept)


def write(values: Iterable[int]) -> bytes:
    """The sketch of these people."""
    kept = sorted(set(values))[:MOST]
    return struct.pack(f">{len(kept)}Q", *kept)


def read(sketch: bytes) -> array[int]:
    """The values of a sketch, in ascending order."""
    values = array("Q")
    values.frombytes(sketch)
    if sys.byteorder == "little":
        values.byteswap()
    return values


def joined(sketches: Iterable[bytes]) -> bytes:
    """The sketch of everyone in any of these. The most crowded first: of the others only what is less is looked at."""
    kept: set[int] = set()
    bound = _SPACE
    for sketch in sorted(map(bytes, sketches), key=lambda one: (len(one) < 8 * MOST, one[-8:])):
        values = read(sketch)
        kept.update(values[: bisect_left(values, bound)])
        if len(kept) >= 2 * MOST:
            smallest = sorted(kept)[:MOST]
            kept, bound = set(smallest), smallest[-1]
    return write(kept)


def size(sketch: bytes) -> int:
    """How many different people: exact below `MOST`, else the estimate."""
    count = len(sketch) // 8
    if count < MOST:
        return count
    largest = int.from_bytes(sketch[-8:], "big")
    return round((MOST - 1) * _SPACE / largest)


def is_exact(people: int) -> bool:
    """Whether a size of this sort was counted and not estimated."""
    return people < MOST


def share(whole: bytes, part: bytes) -> tuple[int, int]:
    """How many are in `part`, and of how many that were looked at; everybody in `part` is in `whole`.

    Counted below `MOST` people. Above, all those are looked at whose values are less than the largest of the sketch:
    a fair sample of `MOST` - 1, drawn by the hash (Beyer et al. 2007, §5), of which `part` lacks nobody, as what it
    keeps reaches at least as far. So nothing here is an estimate, and the intervals of shares hold."""
    count = len(whole) // 8
    if count < MOST:
        return min(len(part) // 8, count), count
    return bisect_left(read(part), read(whole)[-1]), MOST - 1
