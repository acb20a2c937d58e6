"""Links of mails that left long ago: a snapshot carries the targets of all before it (contract/snapshot.md §7)."""

from __future__ import annotations

import msgspec

from stationer.pick.snapshot import Compiled, OldLinks
from stationer.wire.content import Target


def carry_links(old: Compiled, new: Compiled, *, now: int, life_ms: int | None = None) -> Compiled:
    """`new`, with the targets of every content that `old` showed or carried and `new` does not show.

    What goes out of force at `now` (Unix ms) lives for `life_ms`, None: for ever; what was out of force before keeps
    the life that it was given. A content that is shown again lives anew when it goes again.
    """
    kept = {
        digest: links
        for digest, links in old.links.items()
        if digest not in new.contents and (links.until is None or links.until > now)
    }
    until = None if life_ms is None else now + life_ms
    kept |= {
        digest: OldLinks(content.targets, until)
        for digest, content in old.contents.items()
        if content.targets and digest not in new.contents
    }
    return msgspec.structs.replace(new, links=kept)


def targets_of(compiled: Compiled, digest: str, now: int) -> tuple[Target, ...] | None:
    """The targets of a content, shown or carried; None when it never was, or its life has ended by `now`."""
    if (content := compiled.contents.get(digest)) is not None:
        return content.targets
    links = compiled.links.get(digest)
    return links.targets if links is not None and (links.until is None or links.until > now) else None
