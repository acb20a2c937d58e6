"""The portal's public key, to which is sealed what goes up: PEM on the disk, which may come later than the edge."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from stationer.edge.key import raw_public_key
from stationer.watch.log import Voice

voice = Voice("edge")


class UplinkKey:
    """`raw` is the key, None while there is none; a key once read serves on when its file goes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.raw: bytes | None = None
        self.trouble = ""
        self._face: tuple[int, int, int] | None = None
        self.look()

    def look(self) -> None:
        """Read it again when the file changed. What is wrong is told once."""
        try:
            stat = os.stat(self.path)  # noqa: PTH116 (every half second)
            face = stat.st_ino, stat.st_size, stat.st_mtime_ns
            if face == self._face:
                return
            self.raw = raw_public_key(self.path.read_bytes(), X25519PublicKey)
            self._face = face
        except (OSError, ValueError) as fault:
            self._say(str(fault) if self.raw is None else "")
        else:
            self._say("")
            voice.info("uplink-on", path=self.path)

    def _say(self, trouble: str) -> None:
        if trouble and not self.trouble:
            voice.warning("uplink-off", path=self.path, reason=trouble)
        self.trouble = trouble
