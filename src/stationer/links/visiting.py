"""How a click is handed over to the PEN's own web site: a parameter of its address (contract/visits.md §1).

It names a moment and a number; whom it stands for, only the portal knows, by the click that was told with it.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable
from hmac import compare_digest
from typing import NamedTuple
from urllib.parse import urlsplit

from stationer.links.signing import Signer, raw_of, tag_of

#: The parameter's name; seconds for which a token is taken; its random bytes.
PARAMETER, LIFE_S, NONCE = "stn", 86_400, 8
_VISIT = b"\x03"
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{36}")
_URL = bytes.maketrans(b"+/", b"-_")


class VisitToken(NamedTuple):
    """4 bytes of the PEN, the moment (Unix s), what tells visits apart, the tag."""

    pen: bytes
    at: int
    nonce: bytes
    tag: bytes

    @property
    def visit(self) -> bytes:
        """The 12 bytes by which the portal knows it."""
        return self.at.to_bytes(4, "big") + self.nonce


def sign_visit(by: Signer, at: int, nonce: bytes) -> VisitToken:
    """The token of a click at `at` (Unix s); `nonce` are 8 random bytes."""
    moment = at & 0xFFFF_FFFF
    return VisitToken(by.pen, moment, nonce, tag_of(by, _head(by.pen, moment, nonce)))


def write_visit(token: VisitToken) -> str:
    """As it stands in an address: 36 characters."""
    raw = _head(token.pen, token.at, token.nonce) + token.tag
    return b2a_base64(raw, newline=False).translate(_URL).decode("ascii")


def read_visit(text: str) -> VisitToken | None:
    """What it says; None for what is none. Whether it says the truth: `proven_visit`."""
    if _WRITTEN.fullmatch(text) is None:
        return None
    raw = raw_of(text)
    if raw[:1] != _VISIT:
        return None
    return VisitToken(raw[1:5], int.from_bytes(raw[5:9], "big"), raw[9:17], raw[17:])


def proven_visit(token: VisitToken, by: Signer) -> bool:
    """Whether it names this PEN, and the PEN's key has signed it."""
    right = tag_of(by, _head(token.pen, token.at, token.nonce))
    return token.pen == by.pen and compare_digest(right, token.tag)


def _head(pen: bytes, at: int, nonce: bytes) -> bytes:
    return _VISIT + pen + at.to_bytes(4, "big") + nonce


def handed(location: str, token: str) -> str:
    """A web address with the token at the end of its query (RFC 3986 §3.4)."""
    before, mark, fragment = location.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{PARAMETER}={token}{mark}{fragment}"


def is_at(location: str, sites: Iterable[str]) -> bool:
    """Whether a web address is on one of these domains, or below one."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        return False
    return any(host == site or host.endswith("." + site) for site in sites)
