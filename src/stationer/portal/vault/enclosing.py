"""What a message encloses of others (contract/vault.md §7): listed and opened with its own parts, for whoever may read
it. Only rows say so; the octets are the other message's, under the other's key."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import msgspec

from stationer.portal.vault import opening
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.indexing import Entry
from stationer.portal.vault.models import Enclosure, SecureMessage
from stationer.portal.vault.opening import Content


class Part(NamedTuple):
    """A part as its message lists it (`entry.path` is its path there), and where it is opened: `content.part(at)`."""

    entry: Entry
    content: Content
    at: str


def enclosed(message: SecureMessage) -> list[Part]:
    """Its enclosures, in the order in which they were made. One whose message is over, or cannot be opened, is not
    among them, and neither is one whose message asks more of its readers than this one does."""
    rows = Enclosure.objects.filter(message=message).select_related("source").order_by("id")
    found = []
    contents: dict[object, Content] = {}
    for row in rows:
        with suppress(VaultError, OSError):
            found.append(_part(message, row, contents))
    return found


def _part(message: SecureMessage, row: Enclosure, contents: dict[object, Content]) -> Part:
    if row.source.level > message.level:
        raise VaultError("no-such-part", f"This message has no part {row.path!r}.")
    if row.source_id not in contents:
        contents[row.source_id] = opening.content(row.source)
    content = contents[row.source_id]
    entry = content.entry(row.source_path)
    return Part(msgspec.structs.replace(entry, path=row.path, disposition="attachment"), content, entry.path)


def part_of(message: SecureMessage, path: str) -> Part:
    """A part of a message that is ready, its own or enclosed. Raises VaultError."""
    content = opening.content(message)
    row = Enclosure.objects.filter(message=message, path=path).select_related("source").first()
    if row is None:
        return Part(content.entry(path), content, path)
    return _part(message, row, {})
