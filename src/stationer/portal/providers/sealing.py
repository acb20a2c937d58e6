"""A provider's client secret at rest: sealed by a key that is not in the database, bound to whom it is shown.

With another issuer or client it does not open: whoever changes a provider cannot have its secret sent to another.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

from stationer.portal.people.scope import current_pen_id
from stationer.portal.providers.models import Provider
from stationer.portal.providers.told import Refused


def _cipher() -> ChaCha20Poly1305:
    said = settings.SECRET_KEY.encode()
    return ChaCha20Poly1305(blake2b(said, digest_size=32, person=b"stationer-signin").digest())


def _bound(row: Provider) -> bytes:
    return "\n".join((current_pen_id().hex, row.pk.hex, row.issuer, row.client_id)).encode()


def seal(row: Provider, secret: str) -> bytes:
    """The secret as the row keeps it (RFC 8439; a new nonce each)."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher().encrypt(nonce, secret.encode(), _bound(row))


def secret_of(row: Provider) -> str:
    """The secret. Raises Refused `answer` where it does not open."""
    raw = bytes(row.secret)
    try:
        return _cipher().decrypt(raw[:12], raw[12:], _bound(row)).decode()
    except (InvalidTag, ValueError):
        raise Refused("answer", "the client secret does not open: type it again") from None
