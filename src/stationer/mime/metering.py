"""How long a body is when decoded, and whether its base64 stands in lines of one length, counted as it comes: so that a
range of what it says can be found in what is written without reading what stands before it."""

from __future__ import annotations

from typing import NamedTuple

from stationer.mime.coding import PLAIN
from stationer.mime.undoing import undoing

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NO_LETTER = bytes(set(range(256)) - set(LETTERS))
#: Octets of a base64 line that is looked for (RFC 2045 §6.8 allows 76).
LONGEST_LINE = 1_000


class Measured(NamedTuple):
    """`length`: octets decoded; `holds`: whether it can be decoded; `letters`, `step`: base64 letters of each line, and
    octets with the line's end; 0 where lines differ."""

    length: int
    holds: bool
    letters: int = 0
    step: int = 0


class Meter:
    """Measures one body."""

    def __init__(self, encoding: str) -> None:
        self._encoding, self._raw, self._plain = encoding, 0, 0
        self._undoing = undoing(encoding) if encoding == "quoted-printable" else None
        self._base64 = _Base64() if encoding == "base64" else None

    def feed(self, octets: bytes) -> None:
        """More of the body."""
        self._raw += len(octets)
        if self._undoing:
            self._plain += len(self._undoing.feed(octets))
        elif self._base64:
            self._base64.feed(octets)

    def close(self) -> Measured:
        """The body has ended."""
        if self._undoing:
            return Measured(self._plain + len(self._undoing.close()), True)
        if self._base64:
            return self._base64.close()
        return Measured(self._raw, self._encoding in PLAIN)


class _Base64:
    """Counts letters and what is none, and looks at each line end's place."""

    def __init__(self) -> None:
        self._raw = self._letters = self._others = self._ends = self._step = 0
        self._padded, self._holds, self._regular = False, True, True
        self._first, self._crlf = b"", False

    def feed(self, octets: bytes) -> None:
        """More of the body."""
        letters, padding, rest = octets.partition(b"=")
        if self._padded:
            letters, rest = b"", octets
        self._padded |= bool(padding)
        self._holds &= not rest.strip(b"= \t\r\n\0")
        self._letters += len(letters.translate(None, NO_LETTER))
        self._others += len(octets.translate(None, LETTERS + b"=\r\n"))
        if self._regular:
            self._lines(octets)
        self._raw += len(octets)

    def _lines(self, octets: bytes) -> None:
        at = self._raw
        if not self._step:
            octets = self._first = self._first + octets
            end, at = octets.find(b"\n"), 0
            if end < 0:
                self._regular = len(octets) < LONGEST_LINE
                return
            self._step, self._crlf, self._first = end + 1, octets[end - 1 : end] == b"\r", b""
        ends = octets[-(at + 1) % self._step :: self._step]
        returns = octets[-(at + 2) % self._step :: self._step] if self._crlf else b""
        self._ends += len(ends)
        self._regular = len(ends) == ends.count(b"\n") == octets.count(b"\n") and (
            len(returns) == returns.count(b"\r") == octets.count(b"\r")
        )

    def close(self) -> Measured:
        """The body has ended."""
        if not self._holds:
            return Measured(self._raw, False)
        length = self._letters // 4 * 3 + (0, 0, 1, 2)[self._letters % 4]
        letters = self._step - 1 - self._crlf
        last = self._raw - self._ends * self._step
        if self._regular and letters > 0 and not letters % 4 and last <= letters and not self._others:
            return Measured(length, True, letters, self._step)
        return Measured(length, True)
