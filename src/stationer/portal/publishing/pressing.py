"""`compose.press` with a memory: what was pressed a moment ago, from the same source, is not pressed again.

Looking at the Publish page and pressing the button press everything that a company shows; most of it has not changed
since. `press` is pure, so the same arguments may share one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

import msgspec

from stationer.compose import Pressed, press
from stationer.wire.source import Picture, Source
from stationer.wire.words import Kind, Slot

#: Answers that a process remembers; one has some 10 kB.
REMEMBERED = 2_000
_NO_TAGS: Mapping[str, str] = MappingProxyType({})


class Press:
    """Presses sources that may call these pictures by name."""

    def __init__(
        self, link_base: str, pictures: Mapping[str, Picture], *, decoy: bool = False, asks: bool = True
    ) -> None:
        self._link_base, self._album = link_base, _Album(pictures)
        self._decoy, self._asks = decoy, asks

    def __call__(self, source: Source, kind: Kind, slot: Slot, tags: Mapping[str, str] = _NO_TAGS) -> Pressed:
        """As `compose.press`."""
        said = msgspec.json.encode(source, order="sorted")
        how = (self._decoy, self._asks)
        return _pressed(said, kind, slot, self._link_base, self._album, tuple(tags.items()), *how)


class _Album:
    """Pictures by name, told apart by what they are."""

    def __init__(self, pictures: Mapping[str, Picture]) -> None:
        self.pictures = pictures
        self._digest = sha256(msgspec.json.encode(pictures, order="sorted")).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Album) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


@lru_cache(REMEMBERED)
def _pressed(
    source: bytes,
    kind: Kind,
    slot: Slot,
    link_base: str,
    album: _Album,
    tags: tuple[tuple[str, str], ...],
    decoy: bool,
    asks: bool,
) -> Pressed:
    read = msgspec.json.decode(source, type=Source)
    called, said = album.pictures, dict(tags)
    return press(
        read, kind=kind, slot=slot, link_base=link_base, pictures=called, tags=said, decoy=decoy, asks=asks
    )
