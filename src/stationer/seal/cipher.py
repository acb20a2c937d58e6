"""Tink's primitives from raw keys. The only module that knows how Tink spells a key.

Tink draws a nonce of its own for each encryption, and verifies before it gives anything out.
"""

from __future__ import annotations

from typing import Protocol

import tink
from tink import aead, core
from tink.proto import aes_gcm_pb2, tink_pb2, xchacha20_poly1305_pb2

#: Raised by every primitive for what it cannot open.
Refused = tink.TinkError

_URL = "type.googleapis.com/google.crypto.tink."

aead.register()


class Aead(Protocol):
    """Authenticated encryption with associated data: Tink's own, or a KMS behind Tink's envelope."""

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Sealed bytes, others each time."""
        ...

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """What was sealed with the same associated data. Raises Refused."""
        ...


def aes_gcm(key: bytes) -> Aead:
    """AES-256-GCM: 12 bytes of nonce, ciphertext, 16 of tag (NIST SP 800-38D). `key`: 32 bytes."""
    return _primitive("AesGcmKey", aes_gcm_pb2.AesGcmKey(key_value=key).SerializeToString())


def xchacha(key: bytes) -> Aead:
    """XChaCha20-Poly1305: 24 bytes of nonce, so that one key may wrap any number of keys. `key`: 32 bytes."""
    value = xchacha20_poly1305_pb2.XChaCha20Poly1305Key(key_value=key).SerializeToString()
    return _primitive("XChaCha20Poly1305Key", value)


def envelope(remote: Aead) -> Aead:
    """Tink's envelope round a KMS: what the KMS wraps is a one-time key, and never ours."""
    made: Aead = aead.KmsEnvelopeAead(aead.aead_key_templates.XCHACHA20_POLY1305, remote)
    return made


def _primitive(kind: str, value: bytes) -> Aead:
    """Straight from Tink's registry, as its own envelope does: what a keyset puts round it to find the right one of
    many keys copies each segment once more, and here there is one."""
    data = tink_pb2.KeyData(
        type_url=_URL + kind, value=value, key_material_type=tink_pb2.KeyData.KeyMaterialType.SYMMETRIC
    )
    made: Aead = core.Registry.primitive(data, aead.Aead)
    return made
