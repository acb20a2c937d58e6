"""Plaintext ⇄ sealed segments; keys wrapped, rewrapped and kept in a keyring (contract/seal.md).

Pure: bytes and callables in, bytes out. What has to be random comes as an argument, but for nonces, which Tink draws.
"""

from stationer.seal import keyring
from stationer.seal.cipher import Aead
from stationer.seal.deriving import KEY, Lock, lock
from stationer.seal.errors import (
    CutShortError,
    DamagedError,
    NotSealedError,
    NotWrappedError,
    PassphraseNeededError,
    ProlongedError,
    SealError,
    UnknownKeyError,
    UnknownVersionError,
    WrongKeyError,
    WrongKeyringError,
    WrongPassphraseError,
)
from stationer.seal.header import COST, SALT, SEED, SIZE, Cost, Header
from stationer.seal.header import decode as read_header
from stationer.seal.opening import Opener, Read, open_bytes
from stationer.seal.places import Place, Standing, sealed_size, standing
from stationer.seal.sealing import Sealer, begin, resume, seal
from stationer.seal.wrapping import Owner, Ring, is_current, key_id, rewrap, ring, unwrap, wrap, wrapped_under

__all__ = [
    "COST",
    "KEY",
    "SALT",
    "SEED",
    "SIZE",
    "Aead",
    "Cost",
    "CutShortError",
    "DamagedError",
    "Header",
    "Lock",
    "NotSealedError",
    "NotWrappedError",
    "Opener",
    "Owner",
    "PassphraseNeededError",
    "Place",
    "ProlongedError",
    "Read",
    "Ring",
    "SealError",
    "Sealer",
    "Standing",
    "UnknownKeyError",
    "UnknownVersionError",
    "WrongKeyError",
    "WrongKeyringError",
    "WrongPassphraseError",
    "begin",
    "is_current",
    "key_id",
    "keyring",
    "lock",
    "open_bytes",
    "read_header",
    "resume",
    "rewrap",
    "ring",
    "seal",
    "sealed_size",
    "standing",
    "unwrap",
    "wrap",
    "wrapped_under",
]
