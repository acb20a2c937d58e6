"""A secret of the company's at rest: sealed by a key that is not in the database, bound to where it is used.

With anything of that changed it does not open: whoever may change a row cannot have what it keeps sent elsewhere.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

from stationer.portal.people.scope import current_pen_id

#: Octets of a nonce (RFC 8439 §2.8).
NONCE = 12


class StaysShut(Exception):
    """It was sealed by another key, for another PEN or for another place, or it is damaged."""


def _cipher(purpose: bytes) -> ChaCha20Poly1305:
    said = settings.SECRET_KEY.encode()
    return ChaCha20Poly1305(blake2b(said, digest_size=32, person=purpose).digest())


def _bound(place: tuple[str, ...]) -> bytes:
    return "\n".join((current_pen_id().hex, *place)).encode()


def seal(text: str, purpose: bytes, place: tuple[str, ...]) -> bytes:
    """The text as a row keeps it (RFC 8439; a new nonce each). `purpose`: which key, in at most 16 octets; `place`:
    where alone, in the PEN in scope, it opens."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(purpose).encrypt(nonce, text.encode(), _bound(place))


def opened(raw: bytes, purpose: bytes, place: tuple[str, ...]) -> str:
    """The text. Raises StaysShut."""
    try:
        return _cipher(purpose).decrypt(raw[:NONCE], raw[NONCE:], _bound(place)).decode()
    except (InvalidTag, ValueError):
        raise StaysShut from None
