"""Transfer encodings (RFC 2045 §6): decode a body, and find the encoded place of a decoded offset without re-encoding.

quoted-printable and base64 are located by counting what the encoding added; the answer is proven by decoding what
stands before it. A body whose encoding cannot be proven this way has no place.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

PLAIN = frozenset({"7bit", "8bit", "binary", ""})
#: Misspellings that every reader forgives.
MEANT = {
    "7-bit": "7bit",
    "7bits": "7bit",
    "8-bit": "8bit",
    "8bits": "8bit",
    "quoted/printable": "quoted-printable",
}
NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
BASE64_LINE = 57
# binascii lets the escape of a space at a line's end stand beyond the 76th octet.
LONG_END = re.compile(rb"^([^\n]{74,75})(=20|=09)$", re.MULTILINE)
#: Each step counts what stands behind it; where escapes are none it would go on for as many as there are.
MOST_STEPS = 100
#: From an escape, or what looks like one, to where none reaches over: its two signs, and those of any begun there.
TORN = re.compile(rb"(?:=[^=\n]?(?==))*=(?:\n|[^=\n](?:\n|[^=\n])?)?")
UNSAFE = re.compile(rb"[^\t -<>-~]|[ \t]\Z")


def decoded(encoded: bytes, encoding: str) -> bytes | None:
    """The body without its transfer encoding. None for an encoding that is not known or does not hold."""
    if encoding in PLAIN:
        return encoded
    if encoding == "quoted-printable":
        return binascii.a2b_qp(encoded)
    if encoding == "base64":
        return _base64(encoded)
    return None


def _base64(encoded: bytes) -> bytes | None:
    """Base64 with a missing end forgiven (as every reader does). None where more stands behind the end that its padding
    tells (RFC 4648 §3.2): some readers go on there and some do not."""
    end = encoded.find(b"=")
    if end >= 0 and encoded[end:].strip(b"= \t\r\n\0"):
        return None
    try:
        return binascii.a2b_base64(encoded)
    except binascii.Error:
        # letters of the alphabet alone, of which four never leave one over: this one cannot fail
        held = NO_BASE64.sub(b"", encoded).rstrip(b"=")
        return binascii.a2b_base64(held[: len(held) - (len(held) % 4 == 1)] + b"===")


def encoded_offset(encoded: bytes, encoding: str, plain: bytes, offset: int) -> int | None:
    """Where in `encoded` the decoded `offset` lies; for base64 the offset must be a multiple of three or the end."""
    if encoding in PLAIN:
        return offset
    if encoding == "quoted-printable":
        if (near := _quoted_tail(encoded, plain, offset)) is not None:
            return near
        for at in _quoted_places(encoded, offset):
            if at is not None and is_whole(encoded, at) and binascii.a2b_qp(encoded[:at]) == plain[:offset]:
                return at
        return None
    at = _base64_offset(encoded, offset)
    return at if at is not None and _base64(encoded[:at]) == plain[:offset] else None


def _quoted_tail(encoded: bytes, plain: bytes, offset: int) -> int | None:
    """Counted from the end, where that is nearer: proven by decoding what follows."""
    length, behind = len(encoded), len(plain) - offset
    at = length - behind
    if behind > offset:
        return None
    for _ in range(MOST_STEPS):
        further = length - behind - 2 * encoded.count(b"=", at) - encoded.count(b"=\r\n", at)
        torn = encoded.rfind(b"=", max(at - 2, 0), at)
        if at <= 0 or (further == at and (torn < 0 or encoded[at - 1] == 10)):
            break
        at = further if further < at else torn
    is_proven = at >= 0 and is_whole(encoded, at) and binascii.a2b_qp(encoded[at:]) == plain[offset:]
    return at if is_proven else None


def is_whole(encoded: bytes, at: int) -> bool:
    """Whether no escape and no soft line break reaches over `at`, so that both sides are decoded alone as together."""
    line = encoded.rfind(b"\n", 0, at) + 1
    return at == line or (
        encoded.find(b"=", max(at - 2, line), at) < 0 and encoded.find(b"=\r", line, at) < 0
    )


def _quoted_offset(encoded: bytes, offset: int) -> int | None:
    """Each `=XX` adds two bytes, each soft line break two or three: go on until no more are found on the way."""
    at, behind = 0, offset
    while behind:
        step = at + behind
        if step > len(encoded):
            return None
        # an escape that the step would tear is taken whole
        tail = encoded.rfind(b"=", max(at, step - 2), step)
        if tail >= 0:
            step = min(tail + 3 - (encoded[tail + 1 : tail + 2] == b"\n"), len(encoded))
        added = 2 * encoded.count(b"=", at, step) + encoded.count(b"=\r\n", at, step)
        behind -= step - at - added
        at = step
    return at


def _quoted_search(encoded: bytes, offset: int) -> int:
    """For a body with escapes that are none: by halving, among the places that tear none. (Of all places the count of
    octets need not grow with the place: a torn escape reads as the signs it is written with.)"""
    low, high = 0, len(encoded)
    while low < high:
        middle = (low + high) // 2
        if len(binascii.a2b_qp(encoded[: _whole_from(encoded, middle)])) < offset:
            low = middle + 1
        else:
            high = middle
    return _whole_from(encoded, low)


def _whole_from(encoded: bytes, at: int) -> int:
    """The first place from `at` on that `is_whole`, or the end."""
    line = encoded.rfind(b"\n", 0, at) + 1
    torn = encoded.rfind(b"=", max(at - 2, line), at)
    if torn >= 0 and (found := TORN.match(encoded, torn)):
        at = found.end()
    if not encoded.endswith(b"\n", 0, at) and encoded.find(b"=\r", line, at) >= 0:
        at = encoded.find(b"\n", at) + 1 or len(encoded)
    return at


def _quoted_places(encoded: bytes, offset: int) -> Iterator[int | None]:
    """Where it may be."""
    yield _quoted_offset(encoded, offset)
    yield _quoted_search(encoded, offset)


def _base64_offset(encoded: bytes, offset: int) -> int | None:
    """Four letters hold three bytes; line ends and spaces hold nothing."""
    at, behind = 0, offset // 3 * 4
    while behind:
        step = at + behind
        if step > len(encoded):
            return None
        behind = sum(encoded.count(white, at, step) for white in (b"\n", b"\r", b" ", b"\t"))
        at = step
    return at


def quoted(plain: bytes, line_end: bytes) -> bytes:
    """quoted-printable lines of at most 76 octets. Line ends like `line_end` stay line ends; any other CR or LF is
    escaped, so that decoding gives `plain`."""
    even = plain.replace(b"\r\n", b"\n") if line_end == b"\r\n" else plain
    if b"\r" in even or len(plain) - len(even) != (even.count(b"\n") if line_end == b"\r\n" else 0):
        return line_end.join(_quoted_line(line, line_end) for line in plain.split(line_end))
    coded = binascii.b2a_qp(even, istext=True)
    if b"=20\n" in coded or b"=09\n" in coded:
        coded = LONG_END.sub(rb"\1=\n\2", coded)
    return coded if line_end == b"\n" else coded.replace(b"\n", line_end)


def _quoted_line(line: bytes, line_end: bytes) -> bytes:
    """One line with whatever cannot stand for itself escaped, its stray CRs and LFs too."""
    coded = UNSAFE.sub(lambda found: b"=%02X" % found[0][0], line)
    pieces, at = [], 0
    while len(coded) - at > 76:
        torn = coded.rfind(b"=", at + 73, at + 75)
        end = torn if torn >= 0 else at + 75
        pieces.append(coded[at:end])
        at = end
    return (b"=" + line_end).join([*pieces, coded[at:]])


def base64_lines(plain: bytes, line_end: bytes) -> bytes:
    """base64 in lines of 76 letters, each ended by `line_end`."""
    lines = (plain[at : at + BASE64_LINE] for at in range(0, len(plain), BASE64_LINE))
    return b"".join(binascii.b2a_base64(line, newline=False) + line_end for line in lines)
