"""One long blob in numbered pieces, each a blob of its own: an upload that broke off goes on behind the last whole one.

Piece n of NAME is `NAME/000n`. A piece is there whole or not at all, in a folder and in a bucket alike, so that how far
an upload came is what is there, and needs no note of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from stationer.blobs.names import Absent, Blobs


class Pieces:
    """The pieces of `name`. Every verb raises as the store does."""

    def __init__(self, blobs: Blobs, name: str) -> None:
        self._blobs, self._name = blobs, name

    def _piece(self, number: int) -> str:
        return f"{self._name}/{number:06}"

    def write(self, number: int, chunks: Iterable[bytes]) -> int:
        """Keep piece `number` (from 0), in place of what was there; how many bytes."""
        return self._blobs.write(self._piece(number), chunks)

    def sizes(self) -> list[int]:
        """Bytes of the pieces from 0 on, up to the first that is missing."""
        found: list[int] = []
        try:
            while True:
                found.append(self._blobs.size(self._piece(len(found))))
        except Absent:
            return found

    def read(self, sizes: Sequence[int], start: int, stop: int) -> bytes:
        """Bytes from `start` up to `stop` of all pieces together, whose sizes are `sizes`; fewer where they end before.
        Raises Absent where one is gone."""
        ends = list(accumulate(sizes))
        found, at = [], start
        for number in range(bisect_right(ends, start), len(ends)):
            begin = ends[number] - sizes[number]
            if at >= stop:
                break
            found.append(self._blobs.read(self._piece(number), at - begin, min(stop, ends[number]) - begin))
            at = ends[number]
        return found[0] if len(found) == 1 else b"".join(found)

    def delete(self) -> None:
        """Forget all pieces, the last one first: what is left of them when this breaks off still begins at 0."""
        for name in sorted(self._blobs.names(self._name), reverse=True):
            self._blobs.delete(name)
