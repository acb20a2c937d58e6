"""What a token says, whose tag the edge has found to be right (contract/links.md §2–3)."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from stationer import links

DECOY = links.DECOY


@dataclass(frozen=True, slots=True)
class MailLink:
    """A numbered link of a mail: `content` is the first 6 bytes of its digest, in hex."""

    pick: uuid.UUID
    copy: int
    content: str
    number: int


@dataclass(frozen=True, slots=True)
class SendersLink:
    """A link that a sender made: its `code`, in hex."""

    code: str


def told(token: bytes) -> MailLink | SendersLink | None:
    """What these bytes lead to; None for bytes of another form."""
    said = links.read(urlsafe_b64encode(token).decode("ascii"))
    if isinstance(said, links.MailToken):
        return MailLink(uuid.UUID(bytes=said.pick), said.copy, said.content.hex(), said.link)
    if isinstance(said, links.SenderToken):
        return SendersLink(said.id.hex())
    return None
