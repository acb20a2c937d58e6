"""By what a request is known again, and what seals its answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.http import HttpRequest

from stationer.portal.access.models import Device

SENTENCE = (
    "Idempotency-Key is 1 to 255 visible ASCII characters, as they are or between quotation marks. "
    "Send a new random one, such as a UUID, with each thing that is to be made."
)
_BARE = re.compile(r"[!#-\[\]-~]{1,255}")
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\]){1,255})"')
_NONCE = 12


def read(said: str) -> str | None:
    """The key of a header: a string of RFC 9651 §3.3.3, or as many send it, without quotation marks; None: neither."""
    quoted = _QUOTED.fullmatch(said)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1])
    return said if _BARE.fullmatch(said) else None


def mark(request: HttpRequest, key: str) -> bytes:
    """By what a request of a program is found again: its route and its key. 32 octets."""
    return _hash((str(request.method).encode(), request.path.encode(), key.encode()))


def fingerprint(request: HttpRequest, asks: Device) -> bytes:
    """All that was sent and what the key may do: a key that may do something else by now gets no earlier answer."""
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    return _hash((query, " ".join(sorted(asks.scopes)).encode(), *_sent(request)))


def _sent(request: HttpRequest) -> Iterator[bytes]:
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):  # without the boundary, which is another each time
        yield name.encode()
        yield from (str(value).encode("utf-8", "surrogateescape") for value in values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}/{getattr(file, 'name', '')}".encode("utf-8", "surrogateescape")
            digest = sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            yield digest.digest()


def _hash(parts: tuple[bytes, ...]) -> bytes:
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def seal(token: str, bound: bytes, packed: bytes) -> bytes:
    """Sealed so that nobody without the token opens it, and for this request alone."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(token).encrypt(nonce, packed, bound)


def unseal(token: str, bound: bytes, sealed: bytes) -> bytes:
    """What was sealed. Raises cryptography's InvalidTag for what was not sealed by this token for this request."""
    return _cipher(token).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)


def _cipher(token: str) -> ChaCha20Poly1305:
    made = HKDF(SHA256(), length=32, salt=None, info=b"stationer kept answer 1")
    return ChaCha20Poly1305(made.derive(token.encode("utf-8", "surrogateescape")))
