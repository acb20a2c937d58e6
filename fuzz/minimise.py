"""A finding made small: whatever can be left out while it still fails the same way is left out."""

from __future__ import annotations

import time
from collections.abc import Callable


def minimised(mail: bytes, fails: Callable[[bytes], bool], seconds: float = 60) -> bytes:
    """Lines first, then octets, in ever smaller stretches (Zeller's ddmin), for at most `seconds`."""
    until = time.monotonic() + seconds
    for pieces_of in (
        lambda held: held.splitlines(keepends=True),
        lambda held: [bytes([octet]) for octet in held],
    ):
        pieces: list[bytes] = pieces_of(mail)
        size = len(pieces) // 2
        while size and time.monotonic() < until:
            at = 0
            while at < len(pieces) and time.monotonic() < until:
                fewer = pieces[:at] + pieces[at + size :]
                if fails(b"".join(fewer)):
                    pieces = fewer
                else:
                    at += size
            size //= 2
        mail = b"".join(pieces)
    return mail
