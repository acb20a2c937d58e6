"""Segments of the uplink: whoever writes one cannot read it again, only the portal can (contract/uplink.md §1).

Nothing here touches a disk. The segment's key is random and given; sealing it for the portal draws HPKE's own ephemeral
key, so the head comes out differently each time, and everything behind it the same.
"""

from __future__ import annotations

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from stationer.wire.uplink import Told

MAGIC = b"STNUPLK1"
#: Bytes of a segment's key.
KEY = 32
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_NONCE = 12

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Told]).decode


class CannotOpen(Exception):
    """A head or a record is none that was sealed for this key, this segment, this place."""


def _info(name: str) -> bytes:
    return b"stationer-uplink\0" + name.encode()


def head(name: str, key: bytes, portal: bytes) -> bytes:
    """The first record of the segment of this name, whose key is `key` (32 bytes, random), for the portal's raw public
    key: RFC 9180 §6.1, base mode. Raises ValueError for what is no key."""
    return MAGIC + _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(portal), _info(name))


def key_in(first: bytes, name: str, private: X25519PrivateKey) -> bytes:
    """The segment's key from its first record. Raises CannotOpen."""
    if not first.startswith(MAGIC):
        raise CannotOpen("It does not begin as a segment does.")
    try:
        key = _SUITE.decrypt(first[len(MAGIC) :], private, _info(name))
    except (InvalidTag, ValueError) as fault:
        raise CannotOpen("Its key was not sealed for this portal and this name.") from fault
    if len(key) != KEY:
        raise CannotOpen("Its key has another length.")
    return key


def seal(cipher: ChaCha20Poly1305, number: int, told: list[Told]) -> bytes:
    """Record `number` (from 1; never the same twice under one key) of a segment (RFC 8439 §2.8)."""
    return cipher.encrypt(number.to_bytes(_NONCE, "big"), _encode(told), None)


def open_record(cipher: ChaCha20Poly1305, number: int, record: bytes) -> list[Told]:
    """What record `number` says. Raises CannotOpen."""
    try:
        return _decode(cipher.decrypt(number.to_bytes(_NONCE, "big"), record, None))
    except (InvalidTag, ValueError, msgspec.MsgspecError) as fault:
        raise CannotOpen(f"Record {number} cannot be opened or read.") from fault
