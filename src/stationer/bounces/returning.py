"""Return-Path of one mail to one recipient (VERP): signed, and for so many days. What comes back to it is of ours.

`bounces+TOKEN@DOMAIN`: the mailbox, `+`, and 45 letters of base32 (RFC 4648 §6, in lower case, for servers on the way
may change case): recipient id (16 octets), last day (2, since 2020-01-01, big-endian), tag (10). The tag is BLAKE2b-80
of the 18 octets before it, keyed, personalised `stationer-verp`.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from datetime import date, timedelta
from hashlib import blake2b
from hmac import compare_digest

EPOCH = date(2020, 1, 1)
LENGTH, OCTETS = 45, 28
#: RFC 5321 §4.5.3.1.1 gives a local part 64 octets.
LONGEST_LOCAL = 64 - 1 - LENGTH


class Returning:
    """Addresses below one mailbox, by one key of 32 octets."""

    def __init__(self, mailbox: str, key: bytes) -> None:
        """`mailbox`: an address. Raises ValueError where its name is too long to have a token behind it."""
        self._local, _, self._domain = mailbox.rpartition("@")
        self._key = key
        if not self._local or not self._domain or len(self._local.encode()) > LONGEST_LOCAL:
            raise ValueError(f"{mailbox!r}: the part before the @ has 1 to {LONGEST_LOCAL} octets")

    def address(self, recipient: bytes, last: date) -> str:
        """The Return-Path of the recipient with this id (16 octets), good to the end of `last`."""
        body = recipient + (last - EPOCH).days.to_bytes(2, "big")
        token = b32encode(body + self._tag(body)).decode("ascii").rstrip("=").lower()
        return f"{self._local}+{token}@{self._domain}"

    def recipient(self, address: str, today: date) -> bytes | None:
        """The id that `address` was made for; None: it is none of ours, or its day is over."""
        local, _, domain = address.rpartition("@")
        name, plus, token = local.rpartition("+")
        if not plus or name.lower() != self._local.lower() or domain.lower() != self._domain.lower():
            return None
        raw = _unwritten(token)
        if raw is None or not compare_digest(raw[18:], self._tag(raw[:18])):
            return None
        last = EPOCH + timedelta(days=int.from_bytes(raw[16:18], "big"))
        return raw[:16] if today <= last else None

    def _tag(self, body: bytes) -> bytes:
        return blake2b(body, digest_size=10, key=self._key, person=b"stationer-verp").digest()


def _unwritten(token: str) -> bytes | None:
    """The octets of a token; None where it is not written in the one way there is."""
    if len(token) != LENGTH or not token.isascii() or not token.isalnum():
        return None
    try:
        raw = b32decode(token.upper() + "===")
    except ValueError:
        return None
    return raw if b32encode(raw).decode("ascii").rstrip("=") == token.upper() else None
