"""Plaintext → a sealed blob, a segment at a time; memory is that of some segments, whatever the blob's size.

Segments are units: they may be sealed in any order, by several processes, again after an interruption.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

import msgspec

from stationer.seal.cipher import aes_gcm
from stationer.seal.deriving import Lock, checked, derive, lock_of
from stationer.seal.header import EXPONENT, EXPONENTS, SALT, SEED, Header, decode
from stationer.seal.places import Place


class Sealer:
    """Seals one blob. `header` is what it begins with."""

    def __init__(self, key: bytes, place: Place, header: Header) -> None:
        """With the segments' key; `begin` and `resume` derive it."""
        self.header = header.encode()
        self.size = 1 << header.exponent
        self._place, self._cipher = place, aes_gcm(key)

    def segment(self, index: int, plaintext: bytes, last: bool) -> bytes:
        """Segment `index` (from 0), sealed. Raises ValueError: only the last one may be of another size than `size`."""
        fits = (
            len(plaintext) <= self.size and (plaintext or not index) if last else len(plaintext) == self.size
        )
        if not fits:
            raise ValueError(f"segment {index} cannot be of {len(plaintext)} bytes")
        return self._cipher.encrypt(plaintext, self._place.associated(index, last))


def begin(
    key: bytes, place: Place, seed: bytes, lock: Lock | None = None, exponent: int = EXPONENT
) -> Sealer:
    """A new blob under the message's key (32 bytes). `seed`: 16 random bytes, never used for another blob."""
    if len(seed) != SEED or exponent not in EXPONENTS:
        raise ValueError(f"a seed is {SEED} bytes, a segment 2^10 to 2^24")
    header = Header(exponent, lock.cost if lock else None, lock.salt if lock else bytes(SALT), seed)
    made, commitment = derive(key, header, lock)
    return Sealer(made, place, msgspec.structs.replace(header, commitment=commitment))


def resume(key: bytes, place: Place, header: bytes, passphrase: Lock | str | None = None) -> Sealer:
    """The sealer of a blob that was begun. Raises the errors of a header, of a key, of a passphrase."""
    said = decode(header)
    return Sealer(checked(key, said, lock_of(said, passphrase)), place, said)


def seal(sealer: Sealer, chunks: Iterable[bytes], first: int = 0) -> Iterator[bytes]:
    """The blob of what `chunks` (of any sizes) give: the header and each segment; from segment `first` on, where
    `chunks` begin there, without the header."""
    if not first:
        yield sealer.header
    index, held = first, BytesIO()
    for chunk in chunks:
        rest = memoryview(chunk)
        while held.tell() + len(rest) > sealer.size:  # a whole one waits, for it may be the last
            room = sealer.size - held.tell()
            held.write(rest[:room])
            rest = rest[room:]
            yield sealer.segment(index, _taken(held), False)
            index += 1
        held.write(rest)
    yield sealer.segment(index, _taken(held), True)


def _taken(held: BytesIO) -> bytes:
    """What was held, which BytesIO gives without a copy; then nothing is."""
    plaintext = held.getvalue()
    held.seek(0)
    held.truncate()
    return plaintext
