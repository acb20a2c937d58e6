"""A directory's password at rest: sealed by a key that is not in the database, bound to where it is used.

With another host, port, security or authority it does not open: whoever may change a directory cannot have its
password sent to a server of their own, or to one that an authority of their own vouches for.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

from stationer.portal.directories.models import Directory
from stationer.portal.directories.told import Problem
from stationer.portal.people.scope import current_pen_id


def _cipher() -> ChaCha20Poly1305:
    said = settings.SECRET_KEY.encode()
    return ChaCha20Poly1305(blake2b(said, digest_size=32, person=b"stationer-direct").digest())


def _bound(row: Directory) -> bytes:
    authorities = blake2b(row.authorities.strip().encode(), digest_size=20).hexdigest()
    bound = (current_pen_id().hex, row.pk.hex, row.host, str(row.port), row.security, authorities)
    return "\n".join(bound).encode()


def seal(row: Directory, password: str) -> bytes:
    """The password as the row keeps it (RFC 8439; a new nonce each)."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher().encrypt(nonce, password.encode(), _bound(row))


def password_of(row: Directory) -> str:
    """The password; empty where there is none. Raises Problem `password`."""
    raw = bytes(row.password)
    if not raw:
        return ""
    try:
        return _cipher().decrypt(raw[:12], raw[12:], _bound(row)).decode()
    except (InvalidTag, ValueError):
        raise Problem("password") from None
