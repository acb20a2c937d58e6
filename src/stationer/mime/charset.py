"""Charsets as found: which codec, whether ASCII means ASCII in it, and which byte a character begins at."""

from __future__ import annotations

import codecs
from functools import lru_cache

#: Names that mails use and Python does not know.
ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-sjis": "cp932",
    "x-unknown": "ascii",
}
#: A torn character (UTF-8, GB 18030) reads as one before all its octets are there, and so does a torn escape
#: (ISO-2022): so many octets further on it is whole.
TORN, TORN_ESCAPE = 3, 8
#: Python's own ways to write its strings; no charset of a mail.
PYTHONIC = frozenset({"punycode", "raw-unicode-escape", "unicode-escape"})
ASCII = bytes([9, 10, 13, *range(32, 127)])


@lru_cache(maxsize=256)
def codec(charset: str) -> str | None:
    """The codec's name, or None when nobody knows this charset, or when it is no charset of text."""
    names = (charset, charset.removeprefix("x-"))
    return next((found for name in names if (found := _codec(ALIASES.get(name, name)))), None)


def _codec(name: str) -> str | None:
    """The codec's name, when Python has one of this name that turns any octets into text."""
    try:
        found = codecs.lookup(name).name
        b"a\xff".decode(found, "replace")  # base64, idna and their like are codecs too
    except (LookupError, ValueError, TypeError, AssertionError):
        return None
    return None if found in PYTHONIC else found


@lru_cache(maxsize=256)
def is_ascii_based(name: str) -> bool:
    """Whether bytes 9, 10, 13 and 32–126 mean in this codec what they mean in ASCII (not so in UTF-7, UTF-16, HZ)."""
    try:
        return ASCII.decode(name) == ASCII.decode("ascii") and ASCII.decode("ascii").encode(name) == ASCII
    except (UnicodeError, LookupError):
        return False


@lru_cache(maxsize=256)
def keeps_ascii(name: str) -> bool:
    """Whether each of these bytes is its own character whatever stands before it. Not so in ISO-2022, where an escape
    changes what they mean, nor in Shift_JIS, Big5 or GB 18030, where half a character takes the next byte along."""
    if name in ("utf-8", "ascii") or name.startswith("iso2022"):
        return not name.startswith("iso2022")
    pairs = b"".join(bytes((first, last)) for first in range(256) for last in ASCII)
    text = pairs.decode(name, "replace")
    return len(text) == len(pairs) and text[1::2] == ASCII.decode("ascii") * 256


def codec_for(charset: str, plain: bytes) -> str | None:
    """The codec of a body. A charset that nobody knows is taken for ASCII when the body is nothing else."""
    known = codec(charset)
    return "ascii" if known is None and plain.isascii() and b"\x1b" not in plain else known


def text_of(plain: bytes, name: str) -> str:
    """The decoded part, code point by code point as contract/stamp.md §6 counts them."""
    return plain.decode(name, "replace")


def byte_offset(plain: bytes, name: str, text: str, offset: int) -> int | None:
    """The byte where character `offset` of `text` begins; None when the bytes cannot be parted there.

    `name` is the codec's, as `codec` gives it.
    """
    if len(plain) == len(text) and not name.startswith(
        "iso2022"
    ):  # there a torn escape reads as one character too
        return offset
    if name == "utf-8" and "\ufffd" not in text:  # nothing was replaced: each character is its own octets
        if offset > len(text) // 2:
            return len(plain) - len(text[offset:].encode())
        return len(text[:offset].encode())
    if offset == len(text):
        return len(plain)
    head = text[:offset]
    try:
        at = len(head.encode(name))
    except UnicodeError:
        at = -1
    if not 0 <= at <= len(plain) or plain[:at].decode(name, "replace") != head:
        at = _searched(plain, name, offset)
    reach = TORN_ESCAPE if name.startswith("iso2022") else TORN
    near = range(at, min(at + reach, len(plain)) + 1)
    return next((found for found in near if _parts(plain, name, text, offset, found)), None)


def _parts(plain: bytes, name: str, text: str, offset: int, at: int) -> bool:
    """Whether both sides of this byte are read alone as together, `offset` characters before it."""
    head = plain[:at].decode(name, "replace")
    return len(head) == offset and head + plain[at:].decode(name, "replace") == text


def _searched(plain: bytes, name: str, offset: int) -> int:
    """By halving: the count of characters grows with the bytes."""
    low, high = 0, len(plain)
    while low < high:
        middle = (low + high) // 2
        if len(plain[:middle].decode(name, "replace")) < offset:
            low = middle + 1
        else:
            high = middle
    return low
