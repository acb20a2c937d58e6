"""The keyring's file: nobody else may read it, it is the old one or the new one whole, and no key in it is ever lost.

Whoever adds a key holds `.NAME.lock` from reading to writing, so that of two who add at once neither drops the other's.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from stationer.durable.files import make_folder, write_durably
from stationer.keys.kms import kms_aead
from stationer.seal import KEY, Owner, Ring, keyring, unwrap, wrap
from stationer.seal.keyring import Keyring

if sys.platform != "win32":
    import fcntl

_MODE = 0o600


class KeyringFileError(Exception):
    """The keyring's file cannot be used; the message says why and what to do."""


def read(path: Path) -> Keyring:
    """The keyring at `path`. Raises KeyringFileError; WrongKeyringError where it is damaged."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read()
    except FileNotFoundError:
        raise KeyringFileError(
            f"There is no keyring at {path}. Make one with `stationer keys new`."
        ) from None
    except OSError as fault:
        raise KeyringFileError(f"{path} cannot be read: {(fault.strerror or str(fault)).lower()}.") from None
    if sys.platform != "win32" and mode & 0o077:
        raise KeyringFileError(
            f"{path} may be read by others on this machine (mode {mode:04o}). Set that right: chmod 600 {path}"
        )
    return keyring.read(text)


def make(path: Path, kms: str = "", *, at: datetime | None = None) -> Keyring:
    """A new keyring with one random key, or that of a KMS by its URI. Raises KeyringFileError where one is there
    already: it is never written over; KmsError, OSError."""
    with _claimed(path):
        if path.exists():
            raise KeyringFileError(
                f"There is a keyring at {path} already. It is needed to read what was sealed."
            )
        return _added(path, None, kms, at)


def add(path: Path, kms: str = "", *, at: datetime | None = None) -> Keyring:
    """The keyring with one more key, its primary from now on; on the disk when this returns. Raises as `read` does,
    KmsError, OSError; then the file is as it was."""
    read(path)  # before a folder or a lock is made for what is not there
    with _claimed(path):
        return _added(path, read(path), kms, at)


def _added(path: Path, before: Keyring | None, kms: str, at: datetime | None) -> Keyring:
    made = (at or datetime.now(UTC)).isoformat(timespec="seconds").replace("+00:00", "Z")
    after = keyring.with_key(before, kms or secrets.token_bytes(KEY), made)
    _tried(keyring.ring_of(after, kms_aead))
    write_durably(path, keyring.write(after), _MODE)
    return read(path)


def _tried(ring: Ring) -> None:
    """The primary key wraps and unwraps, before anything hangs on it."""
    owner, key = Owner("pen", "trial", "trial"), secrets.token_bytes(KEY)
    if unwrap(ring, wrap(ring, key, owner), owner) != key:
        raise KeyringFileError("The new key does not give back what it wrapped. Nothing was changed.")


@contextlib.contextmanager
def _claimed(path: Path) -> Iterator[None]:
    make_folder(path.parent, 0o700)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
