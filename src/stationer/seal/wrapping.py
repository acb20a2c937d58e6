"""Keys wrapped under other keys; rewrapping them is all that rotation is (contract/seal.md §6).

A ring is some keys, one of them primary: the installation's, or a PEN's. What is wrapped names the key it is under.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

import msgspec

from stationer.seal.cipher import Aead, Refused, xchacha
from stationer.seal.deriving import KEY
from stationer.seal.errors import NotWrappedError, UnknownKeyError
from stationer.seal.places import lp

_VERSION = 1


def key_id(key: bytes | str) -> str:
    """The id of a key: of its 32 bytes, or of the URI of a KMS key."""
    said = key.encode() if isinstance(key, str) else key
    return "k" + sha256(b"stationer-key\0" + said).hexdigest()[:12]


class Owner(msgspec.Struct, frozen=True):
    """Whose wrapped key it is: a PEN's own (`name`: its key's id), or a message's (`name`: the message's id)."""

    kind: Literal["pen", "message"]
    pen: str
    name: str


class Ring(msgspec.Struct, frozen=True):
    """Keys by their ids; `primary` is the one that wraps."""

    primary: str
    keys: Mapping[str, Aead]


def ring(primary: bytes, others: tuple[bytes, ...] = ()) -> Ring:
    """The ring of raw keys (32 bytes each), as a PEN's are."""
    return Ring(key_id(primary), {key_id(key): xchacha(key) for key in (primary, *others)})


def wrap(under: Ring, key: bytes, owner: Owner) -> bytes:
    """`key` (32 bytes), wrapped under the primary key for its owner alone. Raises what a KMS raises."""
    if len(key) != KEY:
        raise ValueError(f"a key is {KEY} bytes")
    head = _head(under.primary)
    return head + under.keys[under.primary].encrypt(key, _associated(head, owner))


def wrapped_under(wrapped: bytes) -> str:
    """The id of the key that it is wrapped under. Raises NotWrappedError."""
    name = wrapped[2 : 2 + wrapped[1]] if len(wrapped) > 2 and wrapped[0] == _VERSION else b""
    if not name or not name.isascii():
        raise NotWrappedError("This is no wrapped key.")
    return name.decode()


def unwrap(under: Ring, wrapped: bytes, owner: Owner) -> bytes:
    """The key. Raises NotWrappedError, UnknownKeyError, and what a KMS raises."""
    name = wrapped_under(wrapped)
    if name not in under.keys:
        raise UnknownKeyError(name)
    head = _head(name)
    try:
        key = under.keys[name].decrypt(wrapped[len(head) :], _associated(head, owner))
    except Refused:
        raise NotWrappedError("This wrapped key was changed, or it is another PEN's or message's.") from None
    return key


def is_current(under: Ring, wrapped: bytes) -> bool:
    """Whether it is under the primary key. Raises NotWrappedError."""
    return wrapped_under(wrapped) == under.primary


def rewrap(under: Ring, wrapped: bytes, owner: Owner) -> bytes:
    """The same key under the primary key of the ring; what is under it already comes back as it is. Raises as
    `unwrap` does."""
    return wrapped if is_current(under, wrapped) else wrap(under, unwrap(under, wrapped, owner), owner)


def _head(name: str) -> bytes:
    said = name.encode("ascii")
    return bytes((_VERSION, len(said))) + said


def _associated(head: bytes, owner: Owner) -> bytes:
    return b"stationer-wrap\0" + head + lp(owner.kind) + lp(owner.pen) + lp(owner.name)
