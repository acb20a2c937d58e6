"""What one look showed: the mails in the Outbox, the edge, the way out, the Sent folder."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from stationer.outbox.hold import Held
from stationer.wire.journal import Carried


class Now(msgspec.Struct, frozen=True):
    """Two clocks in milliseconds: `wall` (Unix, may jump) is for people, `mono` for waiting."""

    wall: int
    mono: int


class Stationery(msgspec.Struct, frozen=True):
    """The edge answered, and all blocks are here. The driver keeps them; the plan needs to know only that."""

    pick: str = ""


class Trouble(msgspec.Struct, frozen=True):
    """The edge did not answer as it should.

    `lasting`: asking again will not help (§5); `refusing`: 401 or 403.
    """

    why: str
    lasting: bool = False
    refusing: bool = False


class Outfit(msgspec.Struct, frozen=True):
    """The mail as it will leave is ready in the driver's hands; the fields become the journal's `dressed`."""

    outcome: str
    sender: str
    message_id: str
    copies: tuple[tuple[str, ...], ...]
    reason: str = ""
    stamp: str = ""
    pick: str = ""
    carried: tuple[Carried, ...] = ()


class Mail(msgspec.Struct, frozen=True):
    """One mail in the Outbox, identified. `uids` are all messages of this key, lowest first.

    `fault` is a reason of contract/journal.md §7 when it cannot be sent at all, with `fault_detail` for its
    author. `sealing`: it leaves sealed or not at all (§10); `unsure`: why it is not known whether it
    does, and it waits; `going`: its content is on its way to the PEN at this moment, in words.
    """

    key: str
    uids: tuple[int, ...]
    message_id: str = ""
    fault: str = ""
    fault_detail: str = ""
    answer: Stationery | Trouble | None = None
    outfit: Outfit | None = None
    held: Held = Held()
    sealing: bool = False
    unsure: str = ""
    going: str = ""


class Notice(msgspec.Struct, frozen=True):
    """One secure message whose proven notifications lie in an inbox; `uids` are all of them, lowest first."""

    key: str
    uids: tuple[int, ...]


class Portal(msgspec.Struct, frozen=True):
    """When the portal may be asked again (monotonic ms), and why not before."""

    ready_at: int = 0
    why: str = ""


class Edge(msgspec.Struct, frozen=True):
    """When the edge may be asked again (monotonic ms), and the PEN's hold limit."""

    ready_at: int = 0
    hold_limit_ms: int = 60_000


class Seen(msgspec.Struct, frozen=True):
    """One look at an Outbox (`mails`) or at an inbox (`notices`).

    `open_` says whether the way out is; `retry_at` (monotonic ms) when to look at it again. `sent_validity` and
    `sent_next` are where Sent stands; `careful`: a journal was lost, so look before submitting.
    """

    validity: int
    mails: tuple[Mail, ...]
    edge: Edge = Edge()
    open_: bool = True
    retry_at: int = 0
    closed_why: str = ""
    sent_validity: int = 0
    sent_next: int = 0
    careful: bool = False
    notices: tuple[Notice, ...] = ()
    portal: Portal = Portal()

    def by_key(self) -> Mapping[str, Mail]:
        """The mails by key."""
        return {mail.key: mail for mail in self.mails}
