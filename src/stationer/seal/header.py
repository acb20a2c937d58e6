"""The first 84 bytes of a blob: which version, suite and segments, which lock, which key (contract/seal.md §2)."""

from __future__ import annotations

import struct

import msgspec

from stationer.seal.errors import NotSealedError, UnknownVersionError

MAGIC, VERSION, SUITE = b"STNSEAL", 1, 1
#: Bytes of a header; those of them that its commitment is over.
SIZE, COMMITTED = 84, 52
#: log2 of a segment's plaintext: what Stationer writes, and what may stand in a header.
EXPONENT, EXPONENTS = 22, range(10, 25)
#: Bytes of the salt and of the seed.
SALT = SEED = 16
#: Bytes that a segment is longer when sealed: nonce and tag.
EXTRA = 28

_FORM = struct.Struct(">7sBBBBBII16s16s32s")


class Cost(msgspec.Struct, frozen=True):
    """What Argon2id takes (RFC 9106 §3.1): lanes, passes, memory in KiB."""

    lanes: int = 4
    passes: int = 3
    memory: int = 65_536

    def __post_init__(self) -> None:
        allowed = self.lanes in range(1, 17) and self.passes in range(1, 65)
        if not (allowed and 8 * self.lanes <= self.memory <= 1 << 20):
            raise ValueError("Argon2id takes 1 to 16 lanes, 1 to 64 passes, 8 KiB a lane to 1 GiB")


#: RFC 9106 §4, second choice.
COST = Cost()


class Header(msgspec.Struct, frozen=True):
    """A header. `cost` is None where there is no lock, and `salt` is then of zeros."""

    exponent: int
    cost: Cost | None
    salt: bytes
    seed: bytes
    commitment: bytes = bytes(32)

    def encode(self) -> bytes:
        """Its 84 bytes."""
        cost = (1, self.cost.lanes, self.cost.passes, self.cost.memory) if self.cost else (0, 0, 0, 0)
        begin = (MAGIC, VERSION, SUITE, self.exponent, *cost)
        return _FORM.pack(*begin, self.salt, self.seed, self.commitment)

    @property
    def committed(self) -> bytes:
        """Bytes 0 to 51, which every key of the blob hangs on."""
        return self.encode()[:COMMITTED]


def decode(data: bytes) -> Header:
    """The header that `data` begins with. Raises NotSealedError, UnknownVersionError."""
    if not data.startswith(MAGIC) or len(data) < SIZE:
        raise NotSealedError("This does not begin as a sealed blob does.")
    _, version, suite, exponent, lock, lanes, passes, memory, salt, seed, commitment = _FORM.unpack(
        data[:SIZE]
    )
    if (version, suite) != (VERSION, SUITE):
        raise UnknownVersionError(
            f"This blob is of version {version}, suite {suite}; this Stationer opens version {VERSION}, suite {SUITE}."
        )
    try:
        cost = Cost(lanes, passes, memory) if lock else None
    except ValueError as fault:
        raise NotSealedError(f"The header of this blob is damaged: {fault}.") from None
    header = Header(exponent, cost, salt, seed, commitment)
    if exponent not in EXPONENTS or header.encode() != data[:SIZE] or (cost is None and salt != bytes(SALT)):
        raise NotSealedError("The header of this blob is damaged.")
    return header
