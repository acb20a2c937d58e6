"""What can be done next, with a mail in the Outbox or with a notification in an inbox."""

from __future__ import annotations

import msgspec


class Ask(msgspec.Struct, frozen=True):
    """Ask the edge, for at most `patience` ms, and fetch the blocks."""

    key: str
    patience: int


class Stamp(msgspec.Struct, frozen=True):
    """Make what will leave. `with_` is answer, last-good or nothing; `reason` says why it is not the
    answer.
    """

    key: str
    run: int
    with_: str
    reason: str = ""


class Seal(msgspec.Struct, frozen=True):
    """Give the content to the PEN, and get the notification that leaves in its place. `first`: what will leave is not
    in the journal yet.
    """

    key: str
    run: int
    recipients: tuple[str, ...]
    first: bool = False


class Restore(msgspec.Struct, frozen=True):
    """Put the original in the place of these notifications. `begun`: the intent is written already."""

    key: str
    run: int
    uids: tuple[int, ...]
    begun: bool = False


class Submit(msgspec.Struct, frozen=True):
    """Hand copy `copy` to the user's own server, for these recipients.

    `doubt`: it may have been sent already; look in Sent first, and if it is not there send it all the same.
    """

    key: str
    run: int
    copy: int
    attempt: int
    recipients: tuple[str, ...]
    doubt: bool = False
    first: bool = False


class FileSent(msgspec.Struct, frozen=True):
    """See to it that Sent holds exactly one copy, ours. `uids` are to be removed from the Outbox next.

    `again`: a later look, after everything else.
    """

    key: str
    run: int
    uids: tuple[int, ...] = ()
    again: bool = False


class Remove(msgspec.Struct, frozen=True):
    """Take these messages out of the Outbox. `begun`: the intent is written already."""

    key: str
    run: int
    uids: tuple[int, ...]
    begun: bool = False


class GiveBack(msgspec.Struct, frozen=True):
    """Move the mail to Needs attention, with a note that says why."""

    key: str
    run: int
    uids: tuple[int, ...]
    reason: str
    detail: str = ""


class Tell(msgspec.Struct, frozen=True):
    """Put a note into Needs attention: twice, some-refused, waiting, unknown."""

    key: str
    run: int
    about: str
    detail: str = ""


class Keep(msgspec.Struct, frozen=True):
    """Write the hold clock down."""

    key: str
    run: int
    elapsed: int
    why: str


class Close(msgspec.Struct, frozen=True):
    """Nothing is left to do: `how` as in the journal's `done`."""

    key: str
    run: int
    how: str


class Wait(msgspec.Struct, frozen=True):
    """Nothing to do for this mail before `until` (monotonic ms), and why, in words for its author."""

    key: str
    until: int
    why: str


Action = Ask | Stamp | Seal | Submit | FileSent | Remove | GiveBack | Tell | Keep | Close | Restore | Wait
