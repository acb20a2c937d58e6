"""Which contents of a snapshot have links with tokens, and what is signed for them (contract/links.md §1, §2)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from stationer.links import Asked, ask, tracked
from stationer.pick.snapshot import Compiled
from stationer.wire import base32

#: Stands for a token in an answer that was encoded before there was a pick: bytes are put in by `%`.
PLACE = "%b"


class Numbered(NamedTuple):
    """The tracked links of a content: what is signed, and for each of its links whether a token stands there."""

    asked: Asked
    places: tuple[str, ...]


@lru_cache(maxsize=16_384)  # asked for with every answer that a memory has a say in
def begins(digest: str) -> bytes:
    """The six bytes by which a token names a content."""
    return base32.decode(digest)[:6]


def numbered(compiled: Compiled) -> dict[str, Numbered]:
    """By digest, the contents whose links have tokens."""
    found = {}
    for digest, content in compiled.contents.items():
        links = tracked(content.targets, content.link_base) if compiled.management.tracking != "off" else ()
        if links:
            at = {number for number, _ in links}
            places = tuple(PLACE if n in at else "" for n in range(len(content.targets)))
            found[digest] = Numbered(ask(begins(digest), [link for _, link in links]), places)
    return found
