"""The keyring's file: nobody else may read it, it is the old one or the new one whole, and no key in it is ever lost.

Whoever adds a key holds `.NAME.lock` from reading to writing, so that of two who add at once neither drops the other's.
Root may add one to another user's keyring: file and lock are that user's afterwards. A link stays a link.
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
    path = _followed(path)
    with _claimed(path, None):
        if path.exists():
            raise KeyringFileError(
                f"There is a keyring at {path} already. It is needed to read what was sealed."
            )
        return _added(path, None, kms, at)


def add(path: Path, kms: str = "", *, at: datetime | None = None) -> Keyring:
    """The keyring with one more key, its primary from now on; on the disk when this returns, and whose it was before.
    Raises as `read` does, also where it cannot stay whose it is; KmsError, OSError; then the file is as it was."""
    read(path)  # before a folder or a lock is made for what is not there
    path = _followed(path)
    owner = _other_owner(path)
    with _claimed(path, owner):
        return _added(path, read(path), kms, at, owner)


def _followed(path: Path) -> Path:
    """Where the file itself is: what is renamed over a link takes the link's place."""
    return Path(os.path.realpath(path))


def _other_owner(path: Path) -> tuple[int, int] | None:
    """User and group of the file where they are not who runs this: without them a portal could not read it again."""
    if sys.platform == "win32":
        return None
    found = path.stat()
    return None if found.st_uid == os.geteuid() else (found.st_uid, found.st_gid)


def _added(
    path: Path,
    before: Keyring | None,
    kms: str,
    at: datetime | None,
    owner: tuple[int, int] | None = None,
) -> Keyring:
    made = (at or datetime.now(UTC)).isoformat(timespec="seconds").replace("+00:00", "Z")
    after = keyring.with_key(before, kms or secrets.token_bytes(KEY), made)
    _tried(keyring.ring_of(after, kms_aead))
    write_durably(path, keyring.write(after), _MODE, owner)
    return read(path)


def _tried(ring: Ring) -> None:
    """The primary key wraps and unwraps, before anything hangs on it."""
    owner, key = Owner("pen", "trial", "trial"), secrets.token_bytes(KEY)
    if unwrap(ring, wrap(ring, key, owner), owner) != key:
        raise KeyringFileError("The new key does not give back what it wrapped. Nothing was changed.")


@contextlib.contextmanager
def _claimed(path: Path, owner: tuple[int, int] | None) -> Iterator[None]:
    make_folder(path.parent, 0o700)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), flags, _MODE)
    try:
        if sys.platform != "win32":
            if owner:
                _give(descriptor, path, owner)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _give(lock: int, path: Path, owner: tuple[int, int]) -> None:
    """The lock to the keyring's owner, before anything else is done: where it cannot be given, the file cannot."""
    try:
        if os.fstat(lock).st_nlink != 1:  # another name of somebody else's file would give that away
            raise OSError("its lock has a second name")
        os.fchown(lock, *owner)
    except OSError as fault:
        raise KeyringFileError(
            f"{path} belongs to user {owner[0]}, and a new one cannot be given to that user"
            f" ({(fault.strerror or str(fault)).lower()}). Nothing was changed: run this as user {owner[0]}."
        ) from None
