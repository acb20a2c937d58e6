"""A sealed blob → its plaintext, whole or any range of it; a range opens the segments that hold it and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stationer.seal.cipher import Refused, aes_gcm
from stationer.seal.deriving import Lock, checked, lock_of
from stationer.seal.errors import CutShortError, DamagedError, ProlongedError
from stationer.seal.header import EXTRA, SIZE, decode
from stationer.seal.places import Place, sealed_size

#: Bytes of the blob from one offset up to another.
Read = Callable[[int, int], bytes]


class Opener:
    """One blob of `size` bytes, read by `read`. `length`: bytes of its plaintext; as long as its last segment was not
    opened, that is what the storage says."""

    def __init__(
        self,
        key: bytes,
        place: Place,
        size: int,
        read: Read,
        *,
        passphrase: Lock | str | None = None,
        length: int | None = None,
    ) -> None:
        """Under the message's key (32 bytes); `length` is what is known of the plaintext's from elsewhere. Raises the
        errors of a header, a key, a passphrase; CutShortError, ProlongedError where the size does not fit `length`."""
        header = decode(read(0, min(SIZE, size)))
        self._cipher = aes_gcm(checked(key, header, lock_of(header, passphrase)))
        self._place, self._read, self._size = place, read, size
        self._step = 1 << header.exponent
        self._last = max(0, -(-(size - SIZE) // (self._step + EXTRA)) - 1)
        self.length = size - SIZE - EXTRA * (self._last + 1)
        if self.length < self._last * self._step:
            raise CutShortError("The last segment of this blob is cut off.")
        if length is not None and length != self.length:
            fault = CutShortError if size < sealed_size(length, header.exponent) else ProlongedError
            raise fault(f"This blob has {self.length:,} bytes of content, and was sealed with {length:,}.")

    def range(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The plaintext from `start` up to `stop` (default: the end), segment by segment, each verified before it is
        given. Raises DamagedError, CutShortError, ProlongedError; ValueError for a range that is none."""
        stop = self.length if stop is None else min(stop, self.length)
        if not 0 <= start <= stop:
            raise ValueError(f"there is no range from {start} to {stop}")
        if start == stop and stop < self.length:
            return
        for index in range(min(start // self._step, self._last), max(0, stop - 1) // self._step + 1):
            begin = index * self._step
            yield self._segment(index)[max(0, start - begin) : stop - begin]

    def _segment(self, index: int) -> bytes:
        begin = SIZE + index * (self._step + EXTRA)
        end = min(begin + self._step + EXTRA, self._size)
        sealed = self._read(begin, end)
        if len(sealed) != end - begin:
            raise CutShortError(f"Segment {index} of this blob could not be read whole.")
        last = index == self._last
        found = self._opened(sealed, index, last)
        if found is not None:
            return found
        if self._opened(sealed, index, not last) is None:
            raise DamagedError(f"Segment {index} of this blob is not what was sealed there.")
        if last:
            raise CutShortError(f"This blob ends with segment {index}, and was sealed with more.")
        raise ProlongedError(f"This blob was sealed with segment {index} as its last, and more follows.")

    def _opened(self, sealed: bytes, index: int, last: bool) -> bytes | None:
        try:
            return self._cipher.decrypt(sealed, self._place.associated(index, last))
        except Refused:
            return None


def open_bytes(key: bytes, place: Place, blob: bytes, passphrase: Lock | str | None = None) -> bytes:
    """All the plaintext of a small blob. Raises as Opener does."""
    opener = Opener(key, place, len(blob), lambda start, stop: blob[start:stop], passphrase=passphrase)
    return b"".join(opener.range())
