"""Base32 (RFC 4648 §6) in lower case and without padding: how ids, digests and marks are written.

The standard library's encoder is a Python loop over five bytes at a time; this is the same text in a third of
the time, which counts where a pick writes several.
"""

from __future__ import annotations

import base64

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


def encode(data: bytes) -> str:
    """`a–z2–7`, eight characters for every five bytes."""
    length = (len(data) * 8 + 4) // 5
    even = length + (length & 1)
    number = int.from_bytes(data, "big") << (even * 5 - len(data) * 8)
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(even * 5 - 10, -1, -10)])[:length]


def decode(text: str) -> bytes:
    """The bytes of what `encode` wrote. Raises ValueError for other text."""
    data = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    if encode(data) != text:
        raise ValueError(f"{text!r} is not lower-case base32")
    return data
