"""What a segment is bound to, and how many bytes stand where (contract/seal.md §4)."""

from __future__ import annotations

import msgspec

from stationer.seal.header import EXPONENT, EXTRA, SIZE


def lp(text: str) -> bytes:
    """The text in UTF-8 behind its length in two bytes. Raises ValueError where it is longer than that."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > 0xFFFF:
        raise ValueError("an id has at most 65,535 bytes")
    return len(data).to_bytes(2, "big") + data


class Place(msgspec.Struct, frozen=True):
    """Where a blob belongs: ids of the PEN, of the message in it, of the part of that message."""

    pen: str
    message: str
    part: str

    def __post_init__(self) -> None:
        if not (self.pen and self.message and self.part):
            raise ValueError("a place names its PEN, message and part")

    def associated(self, index: int, last: bool) -> bytes:
        """The associated data of segment `index` (from 0)."""
        named = lp(self.pen) + lp(self.message) + lp(self.part)
        return b"stationer-segment\0" + named + index.to_bytes(8, "big") + bytes((last,))


class Standing(msgspec.Struct, frozen=True):
    """How far an interrupted sealing came: whole segments, their plaintext's bytes, the bytes to keep."""

    segments: int
    plain: int
    sealed: int


def sealed_size(length: int, exponent: int = EXPONENT) -> int:
    """Bytes of the blob of so many bytes of plaintext."""
    return SIZE + length + EXTRA * max(1, -(-length >> exponent))


def standing(size: int, exponent: int = EXPONENT) -> Standing:
    """Of a blob of which `size` bytes arrived: go on with segment `segments`, behind `sealed` bytes. What follows them
    is cut off first. With no whole header, all of it is sealed anew. Whether the last whole segment is the blob's last
    only the one who seals knows."""
    whole = max(0, size - SIZE) // ((1 << exponent) + EXTRA)
    return Standing(whole, whole << exponent, SIZE + whole * ((1 << exponent) + EXTRA) if size >= SIZE else 0)
