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

_HASH = 8  # bytes of a hash; the first `prefix` of them choose the bucket, the others are kept
_BUCKET, _CLASS = struct.Struct(">II").unpack_from, struct.Struct(">I").unpack_from
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
    prefix = 0 if len(found) < 64 else 1 if len(found) < 16_384 else 2  # some 16 to 64 hashes a bucket
    keys = sorted(found)
    classes: dict[int, int] = {}
    numbers = [classes.setdefault(found[key], len(classes)) for key in keys]
    sizes = [0] * 256**prefix
    for key in keys:
        sizes[int.from_bytes(key[:prefix], "big")] += _HASH - prefix
    return Lists(
        names=names,
        prefix=prefix,
        buckets=struct.pack(f">{len(sizes) + 1}I", 0, *accumulate(sizes)),
        keys=b"".join(key[prefix:] for key in keys),
        classes=struct.pack(f">{len(numbers)}I", *numbers),
        members=tuple(tuple(n for n in range(len(names)) if mask >> n & 1) for mask in classes),
    )


def class_of(lists: Lists, mark_key: bytes, address: str) -> int:
    """Which combination of lists (a number into `members`) a canonical address is in; -1 when in none."""
    if not lists.keys:
        return -1
    key = address_hash(mark_key, address)
    prefix, width = lists.prefix, _HASH - lists.prefix
    first, last = _BUCKET(lists.buckets, int.from_bytes(key[:prefix], "big") * 4)
    rest = key[prefix:]
    at = lists.keys.find(rest, first, last)
    while at >= 0 and (at - first) % width:  # a match across two neighbours is none
        at = lists.keys.find(rest, at + 1, last)
    return -1 if at < 0 else _CLASS(lists.classes, at // width * 4)[0]
