"""The operations that steps are made of.

A driver does them: the agent on real servers, the simulation in its world.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from stationer.wire.journal import AnyDeed


class AskEdge(msgspec.Struct, frozen=True):
    """Ask, fetch blocks, and remember the answer (Stationery or Trouble) for the next look. Result: None."""

    key: str
    patience: int


class Dress(msgspec.Struct, frozen=True):
    """Make the outgoing bytes and remember them for the next look (Outfit). Result: None."""

    key: str
    run: int
    with_: str
    reason: str = ""


class Write(msgspec.Struct, frozen=True):
    """Make deeds durable, in one commit. `spool`: the outgoing bytes with them, or with `sealed` the notification;
    `drop`: let go of those.

    Result: None.
    """

    key: str
    run: int
    deeds: tuple[AnyDeed, ...]
    spool: bool = False
    sealed: bool = False
    drop: bool = False


class Receipt(msgspec.Struct, frozen=True):
    """What the mail server said. `later` and `never` are sure; `unsure` is the cut between the dot and its
    reply.
    """

    verdict: Literal["accepted", "later", "never", "unsure"]
    reply: str = ""
    refused: dict[str, str] = {}
    delayed: tuple[str, ...] = ()


class Deliver(msgspec.Struct, frozen=True):
    """One SMTP transaction. Of a mail that is sealed the notification alone goes. Result: Receipt."""

    key: str
    run: int
    copy: int
    sender: str
    recipients: tuple[str, ...]


class Found(msgspec.Struct, frozen=True):
    """A copy of this mail in Sent, or of an original in the inbox. `ours`: the bytes are exactly those that we put
    there; `same`: at least the author's part is.
    """

    uid: int
    ours: bool
    same: bool = False


class FindSent(msgspec.Struct, frozen=True):
    """Copies of this mail in Sent that came after `next` under `validity`. Result: tuple[Found, ...]."""

    key: str
    run: int
    message_id: str
    validity: int
    next: int


class AppendSent(msgspec.Struct, frozen=True):
    """Append our copy. Result: its UID, or 0 when the server does not tell."""

    key: str
    run: int


class DiscardSent(msgspec.Struct, frozen=True):
    """Remove these copies from Sent, and nothing else. Result: None."""

    uids: tuple[int, ...]


class Discard(msgspec.Struct, frozen=True):
    """Remove these messages from the Outbox if UIDVALIDITY is still that one. Result: None."""

    key: str
    validity: int
    uids: tuple[int, ...]


class MoveAside(msgspec.Struct, frozen=True):
    """Move these messages from the Outbox to Needs attention, if UIDVALIDITY is still that one.

    Result: None.
    """

    key: str
    validity: int
    uids: tuple[int, ...]


class FindNote(msgspec.Struct, frozen=True):
    """Whether this note lies in Needs attention. Result: bool."""

    key: str
    run: int
    about: str


class AppendNote(msgspec.Struct, frozen=True):
    """Put this note into Needs attention. Result: None."""

    key: str
    run: int
    about: str
    detail: str


class SealUp(msgspec.Struct, frozen=True):
    """Give the spooled content to the PEN for these recipients, fetch its notification and prove it. Result: Kept.

    What was given already is not given again, however often this is begun.
    """

    key: str
    run: int
    sender: str
    recipients: tuple[str, ...]


class Kept(msgspec.Struct, frozen=True):
    """What the portal said. `sealed`: the content is there, and the notification is in the driver's hands; `going`:
    it is on its way, and the next looks say so (Mail.going) until it has ended."""

    verdict: Literal["sealed", "going", "later", "never"]
    message: str = ""
    reply: str = ""


class Fetch(msgspec.Struct, frozen=True):
    """Fetch the original of the notification `uid` and make what will lie in its place. Result: Fetched."""

    key: str
    validity: int
    uid: int


class Fetched(msgspec.Struct, frozen=True):
    """`here`: the driver has it; `gone`: the notification is there no more; `never`: it stays, because of `why`."""

    verdict: Literal["here", "gone", "never"]
    why: str = ""


class FindRestored(msgspec.Struct, frozen=True):
    """Copies of the fetched original beside the notification. Result: tuple[Found, ...]."""

    key: str


class AppendRestored(msgspec.Struct, frozen=True):
    """Put it there with the date, flags and keywords of the notification `uid`. Result: its UID, or 0 when the server
    does not tell.
    """

    key: str
    validity: int
    uid: int


class DiscardNotices(msgspec.Struct, frozen=True):
    """Remove these messages from the inbox, and nothing else, if UIDVALIDITY is still that one. Result: None."""

    key: str
    validity: int
    uids: tuple[int, ...]


Operation = (
    AskEdge
    | Dress
    | Write
    | Deliver
    | FindSent
    | AppendSent
    | DiscardSent
    | Discard
    | MoveAside
    | FindNote
    | AppendNote
    | SealUp
    | Fetch
    | FindRestored
    | AppendRestored
    | DiscardNotices
)
