"""Lists of addresses, all in one table: a lookup costs the same whether there is one list or a hundred.

An address is a 64-bit keyed BLAKE2b hash; a false hit among a million entries has a chance of about 5e-14.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import accumulate
from typing import NamedTuple

from stationer.pick.addresses import canonical
from stationer.pick.snapshot import Lists

_HASH = 8  # bytes of a hash; the first `prefix` of them choose the bucket, the others are kept
#: A hash as the number of its bucket and what is kept of it, by `prefix`.
_PARTED = (lambda key: (0, key), struct.Struct(">B7s").unpack, struct.Struct(">H6s").unpack)
_PERSON = b"stationer-lists"  # BLAKE2b's personalisation: the same key makes other digests elsewhere


def _keyed(mark_key: bytes) -> blake2b:
    """The hash of nothing yet: a copy of it takes an address in half the time that a new one does."""
    return blake2b(digest_size=_HASH, key=mark_key[:64], person=_PERSON)


def address_hash(mark_key: bytes, address: str) -> bytes:
    """The 8 bytes by which a canonical address is known in lists."""
    hashed = _keyed(mark_key)
    hashed.update(address.encode("utf-8", "surrogatepass"))
    return hashed.digest()


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
    prefix = 0 if len(found) < 64 else 1 if len(found) < 16_384 else 2  # some 16 to 64 hashes a bucket
    keys = sorted(found)
    classes: dict[int, int] = {}
    numbers = [classes.setdefault(found[key], len(classes)) for key in keys]
    width = ((len(classes) - 1).bit_length() + 7) // 8
    sizes = [0] * 256**prefix
    for key in keys:
        sizes[int.from_bytes(key[:prefix], "big")] += _HASH - prefix
    return Lists(
        names=names,
        prefix=prefix,
        buckets=struct.pack(f">{len(sizes) + 1}I", 0, *accumulate(sizes)),
        keys=b"".join(key[prefix:] for key in keys),
        classes=b"".join([number.to_bytes(width, "big") for number in numbers]),
        members=tuple(tuple(n for n in range(len(names)) if mask >> n & 1) for mask in classes),
    )


class Table(NamedTuple):
    """The table ready to be asked: `width` bytes of a hash are kept in `keys`, `wide` bytes each in `classes`."""

    keyed: blake2b
    prefix: int
    offsets: array[int]
    keys: bytes
    width: int
    classes: bytes
    wide: int


def table(lists: Lists, mark_key: bytes) -> Table | None:
    """The table over `lists`; None when there is nobody on any."""
    if not lists.keys:
        return None
    offsets = array("I", struct.unpack(f">{len(lists.buckets) // 4}I", lists.buckets))
    width = _HASH - lists.prefix
    wide = len(lists.classes) * width // len(lists.keys)
    return Table(_keyed(mark_key), lists.prefix, offsets, lists.keys, width, lists.classes, wide)


def classes_of(table: Table, addresses: Iterable[str]) -> list[int]:
    """For each canonical address the combination of lists (a number into `members`) that it is in, -1 for none."""
    keyed, prefix, offsets, keys, width, classes, wide = table
    fresh, find, parted = keyed.copy, keys.find, _PARTED[prefix]
    found = []
    for address in addresses:
        hashed = fresh()
        try:
            hashed.update(address.encode())
        except UnicodeEncodeError:
            hashed.update(address.encode("utf-8", "surrogatepass"))
        bucket, rest = parted(hashed.digest())
        first = offsets[bucket]
        at = find(rest, first, offsets[bucket + 1])
        if at < 0:
            found.append(-1)
        elif wide == 1 and not (at - first) % width:
            found.append(classes[at // width])
        else:
            found.append(_class_at(table, rest, at, first, offsets[bucket + 1]))
    return found


def classes_of_hashes(table: Table | None, hashes: Iterable[bytes]) -> list[int]:
    """The same for addresses that are known by their hash alone."""
    if table is None:
        return [-1 for _ in hashes]
    found = []
    for hashed in hashes:
        bucket, rest = _PARTED[table.prefix](hashed)
        first, last = table.offsets[bucket], table.offsets[bucket + 1]
        found.append(_class_at(table, rest, table.keys.find(rest, first, last), first, last))
    return found


def _class_at(table: Table, rest: bytes, at: int, first: int, last: int) -> int:
    """The class of the hash that was found at `at`, or further on in its bucket; -1 for none."""
    width, wide = table.width, table.wide
    while at >= 0 and (at - first) % width:  # a match across two neighbours is none
        at = table.keys.find(rest, at + 1, last)
    if at < 0:
        return -1
    at = at // width * wide
    return table.classes[at] if wide == 1 else int.from_bytes(table.classes[at : at + wide], "big")
