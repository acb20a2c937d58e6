"""Where the tokens of a snapshot lead: the targets of every content that is shown or carried, by the six bytes by
which a token names it (contract/links.md §2, snapshot.md §7)."""

from __future__ import annotations

from typing import NamedTuple

from stationer.pick import Compiled
from stationer.pick.numbering import begins
from stationer.wire.content import Target


class Lead(NamedTuple):
    """The targets of a content until a moment (Unix ms; None: for ever)."""

    targets: tuple[Target, ...]
    until: int | None = None

    def target(self, link: int, now: int) -> str:
        """Where a link of it leads; empty where it leads nowhere (any more)."""
        if link >= len(self.targets) or (self.until is not None and self.until <= now):
            return ""
        target = self.targets[link]
        return target if isinstance(target, str) else ""


def leads(compiled: Compiled) -> dict[bytes, Lead]:
    """All of them. Two contents that begin alike lead nowhere: nobody can tell which of them was meant. (`compile` lets
    no two that are shown begin alike; one that is carried may, once in many millions.)"""
    found = {
        begins(digest): Lead(content.targets)
        for digest, content in compiled.contents.items()
        if content.targets
    }
    for digest, old in compiled.links.items():
        name = begins(digest)
        if digest not in compiled.contents:
            found[name] = Lead((), None) if name in found else Lead(old.targets, old.until)
    return found
