"""The installation's public key, by which snapshots and rolls are verified: PEM on the disk."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def raw_public_key(pem: bytes) -> bytes:
    """The raw Ed25519 key (RFC 8032 §5.1.5). Raises ValueError with what is wrong."""
    try:
        key = load_pem_public_key(pem)
    except Exception as fault:  # cryptography raises several kinds for what is no key at all
        raise ValueError("it is not a public key in PEM") from fault
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("it is not an Ed25519 key")
    return key.public_bytes_raw()
