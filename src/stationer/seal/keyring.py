"""The installation's keys as a JSON text: read and checked, written, given a new primary key (contract/seal.md §6)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable

import msgspec

from stationer.seal.cipher import Aead, envelope, xchacha
from stationer.seal.deriving import KEY
from stationer.seal.errors import WrongKeyringError
from stationer.seal.wrapping import Ring, key_id


class RingKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One key: its 32 bytes in base64 (RFC 4648 §4), or the URI of a KMS key. `made`: RFC 3339."""

    id: str
    made: str
    key: str = ""
    kms: str = ""

    def material(self) -> bytes | str:
        """The raw key, or the URI. Raises ValueError for what is neither."""
        if bool(self.key) == bool(self.kms):
            raise ValueError("a key has either `key` or `kms`")
        if self.kms:
            return self.kms
        raw = b64decode(self.key, validate=True)
        if len(raw) != KEY:
            raise ValueError(f"a key is {KEY} bytes")
        return raw


class Keyring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All keys of the installation, the newest last."""

    version: int = msgspec.field(name="stationer-keyring")
    primary: str
    keys: tuple[RingKey, ...]


def read(text: bytes) -> Keyring:
    """The keyring, checked: every key gives its own id, and the primary one is there. Raises WrongKeyringError."""
    try:
        found = msgspec.json.decode(text, type=Keyring)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise WrongKeyringError(f"This is no keyring: {fault}.") from None
    if found.version != 1:
        raise WrongKeyringError(
            f"This keyring is of version {found.version}, and this Stationer reads version 1."
        )
    for one in found.keys:
        try:
            right = key_id(one.material()) == one.id
        except ValueError as fault:
            raise WrongKeyringError(f"The key {one.id} of this keyring is damaged: {fault}.") from None
        if not right:
            raise WrongKeyringError(
                f"The key {one.id} of this keyring is damaged: it is not the one of this id."
            )
    names = [one.id for one in found.keys]
    if found.primary not in names or len(set(names)) != len(names):
        raise WrongKeyringError(
            "The primary key of this keyring is not in it, or one key stands in it twice."
        )
    return found


def write(keyring: Keyring) -> bytes:
    """Its text."""
    return msgspec.json.format(msgspec.json.encode(keyring), indent=1) + b"\n"


def with_key(keyring: Keyring | None, material: bytes | str, made: str) -> Keyring:
    """The keyring with one more key, its primary from now on; a new keyring for None. `material`: 32 random bytes, or
    the URI of a KMS key, which may stand there already. `made`: RFC 3339."""
    key = "" if isinstance(material, str) else b64encode(material).decode()
    added = RingKey(key_id(material), made, key, material if isinstance(material, str) else "")
    before = tuple(one for one in keyring.keys if one.id != added.id) if keyring else ()
    return read(write(Keyring(1, added.id, (*before, added))))


def ring_of(keyring: Keyring, kms: Callable[[str], Aead]) -> Ring:
    """The installation's ring; `kms` gives what answers for the URI of a KMS key."""
    keys = {}
    for one in keyring.keys:
        material = one.material()
        keys[one.id] = envelope(kms(material)) if isinstance(material, str) else xchacha(material)
    return Ring(keyring.primary, keys)
