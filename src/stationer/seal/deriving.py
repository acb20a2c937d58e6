"""A blob's own key from the message's, its header, and the passphrase where it has one (contract/seal.md §3)."""

from __future__ import annotations

import hmac
import unicodedata

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stationer.seal.errors import PassphraseNeededError, WrongKeyError, WrongPassphraseError
from stationer.seal.header import COST, SALT, Cost, Header

#: Bytes of every key.
KEY = 32


class Lock(msgspec.Struct, frozen=True):
    """A passphrase made into 32 bytes, at a cost: once for a message, whatever it has of parts."""

    cost: Cost
    salt: bytes
    stretched: bytes


def lock(passphrase: str, salt: bytes, cost: Cost = COST) -> Lock:
    """The lock of this passphrase; `salt` is 16 random bytes. Raises ValueError for an empty passphrase."""
    if len(salt) != SALT:
        raise ValueError(f"a salt is {SALT} bytes")
    said = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in passphrase)
    data = unicodedata.normalize("NFC", said).encode("utf-8", "surrogatepass")
    if not data:
        raise ValueError("A passphrase has at least one character.")
    made = Argon2id(
        salt=salt, length=KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    ).derive(data)
    return Lock(cost, salt, made)


def derive(key: bytes, header: Header, locked: Lock | None) -> tuple[bytes, bytes]:
    """The segments' key and the commitment (32 bytes each) under the message's key. Raises ValueError."""
    if len(key) != KEY:
        raise ValueError(f"a key is {KEY} bytes")
    info = b"stationer-seal\0" + header.committed
    made = HKDF(SHA256(), length=2 * KEY, salt=None, info=info).derive(
        key + (locked.stretched if locked else b"")
    )
    return made[:KEY], made[KEY:]


def checked(key: bytes, header: Header, locked: Lock | None) -> bytes:
    """The segments' key of a blob that was sealed already. Raises WrongKeyError, WrongPassphraseError."""
    made, commitment = derive(key, header, locked)
    if hmac.compare_digest(commitment, header.commitment):
        return made
    if header.cost:
        raise WrongPassphraseError(
            "This is not the passphrase, or not the key, that this blob was sealed with."
        )
    raise WrongKeyError("This blob was not sealed under this message's key, or its header was changed.")


def lock_of(header: Header, given: Lock | str | None) -> Lock | None:
    """The lock that the header asks for, from a passphrase or as made before. Raises PassphraseNeededError."""
    if header.cost is None:
        return None
    if isinstance(given, str):
        return lock(given, header.salt, header.cost)
    if given is None or (given.salt, given.cost) != (header.salt, header.cost):
        raise PassphraseNeededError("This blob opens only with its passphrase.")
    return given
