"""Public keys in PEM: the installation's, which verifies snapshots and rolls, and the portal's for what goes up."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def raw_public_key(
    pem: bytes, kind: type[Ed25519PublicKey] | type[X25519PublicKey] = Ed25519PublicKey
) -> bytes:
    """The raw key: Ed25519 (RFC 8032 §5.1.5) or X25519 (RFC 7748 §5). Raises ValueError with what is wrong."""
    try:
        key = load_pem_public_key(pem)
    except Exception as fault:  # cryptography raises several kinds for what is no key at all
        raise ValueError("it is not a public key in PEM") from fault
    if not isinstance(key, kind):
        raise ValueError(f"it is not an {kind.__name__.removesuffix('PublicKey')} key")
    return key.public_bytes_raw()
