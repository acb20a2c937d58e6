"""The installation's ring in a program that runs: read again as soon as the file is another, so that keys may be
rotated under it. A ring once read serves on when its file goes or is damaged; `trouble` says so."""

from __future__ import annotations

import os
from pathlib import Path

from stationer.keys.file import KeyringFileError, read
from stationer.keys.kms import KmsError, kms_aead
from stationer.seal import Owner, Ring, WrongKeyringError, keyring, unwrap, wrap
from stationer.watch.log import Voice

voice = Voice("keys")


class Holder:
    """Wraps and unwraps under the installation's keys."""

    def __init__(self, path: Path) -> None:
        """Raises KeyringFileError, WrongKeyringError, KmsError."""
        self.path, self.trouble = path, ""
        face = self._look()
        self._held = face, keyring.ring_of(read(path), kms_aead)

    def _look(self) -> tuple[int, int, int]:
        try:
            found = os.stat(self.path)  # noqa: PTH116 (for every message that is opened)
        except OSError:
            return 0, 0, 0
        return found.st_ino, found.st_size, found.st_mtime_ns

    def ring(self) -> Ring:
        """The ring of the file as it is now. Looked at before, never after, what it is to unwrap was read, it may lack
        a new key; so read the row first."""
        face, (was, ring) = self._look(), self._held
        if face != was:
            try:
                ring = keyring.ring_of(read(self.path), kms_aead)
                self._held = face, ring
                self._say("")
            except (KeyringFileError, WrongKeyringError, KmsError) as fault:
                self._say(str(fault))
        return ring

    def _say(self, trouble: str) -> None:
        if trouble and not self.trouble:
            voice.warning("keyring-trouble", path=self.path, reason=trouble)
        elif self.trouble and not trouble:
            voice.info("keyring-again", path=self.path)
        self.trouble = trouble

    def wrap(self, key: bytes, owner: Owner) -> bytes:
        """`key` under the primary key. Raises KmsError."""
        return wrap(self.ring(), key, owner)

    def unwrap(self, wrapped: bytes, owner: Owner) -> bytes:
        """The key. Raises NotWrappedError, UnknownKeyError, KmsError."""
        return unwrap(self.ring(), wrapped, owner)
