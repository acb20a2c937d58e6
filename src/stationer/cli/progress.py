"""A bar on standard error while something long is done; nothing where nobody watches (no terminal)."""

from __future__ import annotations

import sys
from typing import TextIO

WIDTH = 30


class Bar:
    """Call it with what is done, how many of how many. Only whole per cents are drawn, and `end` wipes it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._watched = self._stream.isatty()
        self._drawn: tuple[str, int] | None = None

    def __call__(self, doing: str, done: int, of: int) -> None:
        share = done * 100 // of if of else 100
        if not self._watched or self._drawn == (doing, share):
            return
        self._drawn = (doing, share)
        full = "█" * (share * WIDTH // 100)
        self._stream.write(f"\r\x1b[K{doing:<10} {full:░<{WIDTH}} {share:3d} % of {of:,}")
        self._stream.flush()

    def end(self) -> None:
        """The line is free again."""
        if self._drawn is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = None
