"""Which parts of a mail are its words, and which are files beside them.

Of words that come as text and as HTML (RFC 2046 §5.1.4) the HTML is shown; words between files (as Apple Mail writes
them) are shown one after the other. What says that it is attached is never shown as words, and nothing of a mail that
is enclosed in the mail is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

_WORDS = ("text/plain", "text/html")


class Leaf(Protocol):
    """A part without parts of its own, as an index has it; `path` as in IMAP (RFC 9051 §6.4.5), "1.2"."""

    @property
    def path(self) -> str:
        """Where it stands."""

    @property
    def type(self) -> str:
        """Its media type in lower case."""

    @property
    def name(self) -> str:
        """The file's name, or empty."""

    @property
    def disposition(self) -> str:
        """`inline`, `attachment` or empty."""


class Layout(msgspec.Struct, frozen=True):
    """Paths of the parts that are words, in their order, and of all that are not."""

    words: tuple[str, ...]
    files: tuple[str, ...]


def layout(parts: Iterable[Leaf]) -> Layout:
    """How these parts are shown. Containers (`multipart/…`) are among them; the whole mail has the path ""."""
    everything = list(parts)
    holders = {part.path: part.type for part in everything if part.type.startswith("multipart/")}
    leaves = _outer([part for part in everything if part.path not in holders])
    words = [part for part in leaves if _is_words(part)]
    twins = {part.path for part in words if _is_twin(part, words, holders)}
    shown = tuple(part.path for part in words if part.path not in twins)
    return Layout(shown, tuple(part.path for part in leaves if part.path not in twins.union(shown)))


def _outer(parts: list[Leaf]) -> list[Leaf]:
    """Without the parts of mails that are enclosed."""
    enclosed = tuple(f"{part.path}." for part in parts if part.type == "message/rfc822")
    return [part for part in parts if not part.path.startswith(enclosed)] if enclosed else parts


def _is_words(part: Leaf) -> bool:
    return part.type in _WORDS and part.disposition != "attachment" and not part.name


def _is_twin(part: Leaf, words: list[Leaf], holders: dict[str, str]) -> bool:
    """Whether HTML says the same: both are alternatives of one container, the HTML perhaps with its pictures."""
    above = part.path.rpartition(".")[0]
    if part.type != "text/plain" or holders.get(above) != "multipart/alternative":
        return False
    beside = f"{above}." if above else ""
    return any(one.type == "text/html" and one.path.startswith(beside) for one in words)
