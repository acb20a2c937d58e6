"""Signatures of the Standard Webhooks specification (standardwebhooks.com): symmetric, `v1`.

Signed is `{webhook-id}.{webhook-timestamp}.{body}` with HMAC-SHA256; the header has one `v1,{base64}` for each secret
in use, so that a receiver that knows either of two accepts it while they are exchanged.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"


def written(secret: bytes) -> str:
    """A secret as its receiver keeps it."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, name: str, at: int, body: bytes) -> str:
    """`v1,…` of a message with this id at this moment (Unix s)."""
    told = f"{name}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, told, "sha256")).decode()


def headers(secrets: Sequence[bytes], name: str, at: int, body: bytes) -> dict[str, str]:
    """What a message carries besides its body."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(secret, name, at, body) for secret in secrets),
    }
