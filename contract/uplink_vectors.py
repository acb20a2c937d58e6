"""Make contract/vectors/uplink/segment.json again: `python -m contract.uplink_vectors`. Done by hand, and looked at.

A head draws a key of its own each time, so the file comes out differently, and means the same.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from tests.durable.test_sealing import KEY, NAME, TOLD, VECTORS

from stationer.durable import frames, sealing

SALT = b"saltsalt"


def segment(private: X25519PrivateKey) -> tuple[bytes, list[int]]:
    """A whole segment, a frame for each record, and where each frame ends."""
    cipher = ChaCha20Poly1305(KEY)
    records = [sealing.head(NAME, KEY, private.public_key().public_bytes_raw())]
    records += [sealing.seal(cipher, number, part) for number, part in enumerate((TOLD[:2], TOLD[2:]), 1)]
    data, ends = frames.head(SALT), []
    for record in records:
        data += frames.frame(SALT, len(data), [record])
        ends.append(len(data))
    return data, ends


def case() -> dict[str, Any]:
    """The file."""
    private = X25519PrivateKey.from_private_bytes(bytes(reversed(range(32))))
    whole, (head_end, first_end, _) = segment(private)
    cipher = ChaCha20Poly1305(KEY)
    body = whole[:first_end] + frames.frame(SALT, first_end, [sealing.seal(cipher, 1, TOLD[2:])])
    skipped = whole[:head_end] + frames.frame(SALT, head_end, [sealing.seal(cipher, 2, TOLD[2:])])
    flipped = bytearray(whole)
    flipped[head_end + 20] ^= 1
    refused = [("under another name", whole, NAME.replace("-c1", "-c2")), ("a number twice", body, NAME)]
    refused += [("a number left out", skipped, NAME), ("a bit changed", bytes(flipped), NAME)]
    return {
        "private_key": private.private_bytes_raw().hex(),
        "public_key": private.public_key().public_bytes_raw().hex(),
        "name": NAME,
        "segment": whole.hex(),
        "says": [type(one).__struct_config__.tag for one in TOLD],
        "refused": [{"why": why, "name": name, "segment": data.hex()} for why, data, name in refused],
    }


def main() -> None:
    """Write the file."""
    VECTORS.parent.mkdir(parents=True, exist_ok=True)
    VECTORS.write_text(json.dumps(case(), indent=1) + "\n")


if __name__ == "__main__":
    main()
