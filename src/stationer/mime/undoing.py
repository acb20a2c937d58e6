"""A body without its transfer encoding, as it comes: `decoded` of all of it, in constant memory (RFC 2045 §6).

What `decoded` gives back as None (an encoding that is not known or does not hold) is given as far as it holds.
"""

from __future__ import annotations

import binascii
import re
from typing import Protocol

from stationer.mime.coding import NO_BASE64

#: A line of quoted-printable that is longer is decoded in pieces.
LONGEST_LINE = 65_536
#: What begins with an equals sign: itself, an octet, a soft break; or nothing.
SIGN = re.compile(rb"=(?:=|[0-9A-Fa-f]{2}|\r)?")


class Undoing(Protocol):
    """Takes a body in pieces and gives it back without its encoding."""

    def feed(self, octets: bytes) -> bytes:
        """What can be given so far."""
        ...

    def close(self) -> bytes:
        """The rest."""
        ...


def undoing(encoding: str) -> Undoing:
    """For a body of this encoding; of one that is not known, the octets as they are."""
    if encoding == "base64":
        return Base64()
    return QuotedPrintable() if encoding == "quoted-printable" else AsItIs()


class AsItIs:
    """Nothing is to be undone."""

    def feed(self, octets: bytes) -> bytes:
        """The same."""
        return octets

    def close(self) -> bytes:
        """Nothing."""
        return b""


class Base64:
    """Letters in fours; what is no letter is passed over, and the padding ends it."""

    def __init__(self) -> None:
        self._held, self._over = b"", False

    def feed(self, octets: bytes) -> bytes:
        """Whole groups."""
        if self._over:
            return b""
        letters, padding, _ = octets.partition(b"=")
        self._over = bool(padding)
        held = self._held + NO_BASE64.sub(b"", letters)
        whole = len(held) - len(held) % 4
        self._held = held[whole:]
        return binascii.a2b_base64(held[:whole])

    def close(self) -> bytes:
        """The last group, of which the end may be missing."""
        rest, self._held = self._held, b""
        return binascii.a2b_base64(rest + b"===") if len(rest) > 1 else b""


class QuotedPrintable:
    """Line by line, since no escape and no soft break reaches over a line's end."""

    def __init__(self) -> None:
        self._held, self._skips = b"", False

    def feed(self, octets: bytes) -> bytes:
        """Whole lines, and of one that is very long what no escape can reach over."""
        if self._skips:  # behind a soft break all is passed over up to the line's end
            _, end, octets = octets.partition(b"\n")
            self._skips = not end
        held = self._held + octets
        end_of_line = held.rfind(b"\n") + 1
        if not end_of_line and len(held) > LONGEST_LINE:
            end_of_line = self._long(held)
        else:
            self._held = held[end_of_line:]
        return binascii.a2b_qp(held[:end_of_line])

    def _long(self, held: bytes) -> int:
        """Up to where a line without an end may be decoded."""
        for sign in SIGN.finditer(held):
            if sign[0] == b"=\r":
                self._held, self._skips = b"", True
                return sign.start()
            if sign[0] == b"=" and sign.start() > len(held) - 3:
                self._held = held[sign.start() :]
                return sign.start()
        self._held = b""
        return len(held)

    def close(self) -> bytes:
        """The last line."""
        rest, self._held = self._held, b""
        return binascii.a2b_qp(rest)
