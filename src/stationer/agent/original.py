"""What in a restored mail is the author's, and what of the way does not come along (contract/journal.md §11)."""

from __future__ import annotations

from collections.abc import Sequence

from stationer import mime
from stationer.agent.reading import digest

RESTORED = b"stationer-restored"


def digest_of_original(restored: bytes) -> bytes | None:
    """Of what stands below `Stationer-Restored`: the same whatever the way wrote above. None: no such field."""
    for field in mime.read(restored).root.fields:
        if field.name == RESTORED:
            return digest(restored[field.end :])
    return None


def without_offers(restored: bytes, content: bytes, changed: Sequence[str]) -> bytes:
    """Without the `List-…` fields that the author never gave: programs make buttons of them, and whoever sends a
    notification on could give them. `List-Id` stays: it says the way and offers nothing.
    """
    names = {
        name
        for name in changed
        if name.startswith("list-") and name != "list-id" and not mime.header_values(content, name)
    }
    return mime.without_headers(restored, frozenset(names)) if names else restored
