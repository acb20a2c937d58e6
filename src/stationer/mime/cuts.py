"""(bytes, cuts) → segments: the bytes between the cuts are never copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: What a mail is handed on as: pieces of the original as views, and what was put in as bytes.
Segments = tuple[bytes | memoryview, ...]


class Cut(NamedTuple):
    """Put `new` in the place of `data[start:end]`."""

    start: int
    end: int
    new: bytes


def splice(data: bytes, cuts: Iterable[Cut]) -> Segments:
    """The data with all cuts made. Cuts may not overlap; those at one place are made in the order given."""
    view = memoryview(data)
    segments: list[bytes | memoryview] = []
    at = 0
    for cut in sorted(cuts, key=lambda cut: cut[:2]):
        if cut.start < at or cut.end < cut.start:
            raise ValueError("cuts overlap")
        if cut.start > at:
            segments.append(view[at : cut.start])
        if cut.new:
            segments.append(cut.new)
        at = cut.end
    if at < len(data):
        segments.append(view[at:])
    return tuple(segments)


def joined(segments: Sequence[bytes | memoryview]) -> bytes:
    """The segments as one piece of bytes."""
    return b"".join(segments)
