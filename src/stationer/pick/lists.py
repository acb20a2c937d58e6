"""Lists of addresses, all in one table: a lookup costs the same whether there is one list or a hundred.

An address is a 64-bit keyed BLAKE2b hash; a false hit among a million entries has a chance of about 5e-14.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import accumulate

from stationer.pick.addresses import canonical
from stationer.pick.snapshot import Lists

_WIDTH = 6  # bytes of a hash that are kept; the first two choose the bucket
_BUCKETS = 65_536
_PERSON = b"stationer-lists"  # BLAKE2b's personalisation: the same key makes other digests elsewhere


def address_hash(mark_key: bytes, address: str) -> bytes:
    """The 8 bytes by which a canonical address is known in lists."""
    data = address.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=8, key=mark_key[:64], person=_PERSON).digest()


def build(mark_key: bytes, lists: Mapping[str, Iterable[str]]) -> Lists:
    """The table over all lists; addresses in any spelling, duplicates welcome."""
    names = tuple(sorted(lists))
    found: dict[bytes, int] = {}
    for number, name in enumerate(names):
        bit = 1 << number
        for address in lists[name]:
            key = address_hash(mark_key, canonical(address))
            found[key] = found.get(key, 0) | bit
    return _table(names, found) if found else Lists(names=names)


def _table(names: tuple[str, ...], found: dict[bytes, int]) -> Lists:
    keys = sorted(found)
    classes: dict[int, int] = {}
    numbers = [classes.setdefault(found[key], len(classes)) for key in keys]
    sizes = [0] * _BUCKETS
    for key in keys:
        sizes[key[0] << 8 | key[1]] += 1
    return Lists(
        names=names,
        buckets=struct.pack(f">{_BUCKETS + 1}I", 0, *(_WIDTH * end for end in accumulate(sizes))),
        keys=b"".join(key[2:] for key in keys),
        classes=struct.pack(f">{len(numbers)}I", *numbers),
        members=tuple(tuple(n for n in range(len(names)) if mask >> n & 1) for mask in classes),
    )


def class_of(lists: Lists, mark_key: bytes, address: str) -> int:
    """Which combination of lists (a number into `members`) a canonical address is in; -1 when in none."""
    if not lists.keys:
        return -1
    key = address_hash(mark_key, address)
    first, last = struct.unpack_from(">II", lists.buckets, (key[0] << 8 | key[1]) * 4)
    rest = key[2:]
    at = lists.keys.find(rest, first, last)
    while at >= 0 and (at - first) % _WIDTH:  # a match across two neighbours is none
        at = lists.keys.find(rest, at + 1, last)
    if at < 0:
        return -1
    found: int = struct.unpack_from(">I", lists.classes, at // _WIDTH * 4)[0]
    return found
