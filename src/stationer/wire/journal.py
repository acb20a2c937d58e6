"""The agent's journal: one struct for each deed (contract/journal.md §3).

Times are Unix milliseconds; `copy` counts the copies of a split mail from 0.
"""

from __future__ import annotations

import msgspec


class Deed(msgspec.Struct, frozen=True, tag_field="deed", omit_defaults=True):
    """What all deeds have in common: nothing but their tag."""


class Held(Deed, frozen=True, tag="held"):
    """The hold clock stands at `elapsed` ms."""

    elapsed: int
    why: str = ""


class Carried(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one copy carries of its pick: the copy's index in the answer, and the marks of the campaign messages in it;
    or it is untouched. `rest`: somebody may get it whom the edge was not told (Bcc)."""

    copy: int
    used: tuple[str, ...] = ()
    untouched: bool = False
    rest: bool = True


class Dressed(Deed, frozen=True, tag="dressed"):
    """What will leave. `copies[n]` are the recipients of copy n; `outcome` is stamped, last-good, untouched
    or plain.

    `reason` says why nothing was put in. `validity` and `next` are where Sent stood before. `carried[n]` is what
    will be reported of copy n (contract/memory.md §3). `sealed`: it leaves as a notification alone (§10).
    """

    outcome: str
    sender: str
    message_id: str
    copies: tuple[tuple[str, ...], ...]
    reason: str = ""
    stamp: str = ""
    pick: str = ""
    validity: int = 0
    next: int = 0
    carried: tuple[Carried, ...] = ()
    sealed: bool = False


class Sealed(Deed, frozen=True, tag="sealed"):
    """The PEN keeps the content as the secure message `message`, and its notification is proven and in the spool."""

    message: str


class SealDelayed(Deed, frozen=True, tag="seal-delayed"):
    """The PEN did not take it now; due again at `until`."""

    reply: str
    until: int


class SealRefused(Deed, frozen=True, tag="seal-refused"):
    """The PEN will not take it; `reply` is its sentence."""

    reply: str


class RestoreBegun(Deed, frozen=True, tag="restore-begun"):
    """The original is about to be put in the place of these notifications."""

    validity: int
    uids: tuple[int, ...]


class Restored(Deed, frozen=True, tag="restored"):
    """The original lies beside its notifications, read back and compared."""

    validity: int
    uid: int


class RestoreRefused(Deed, frozen=True, tag="restore-refused"):
    """The notifications stay as they are, because of `why`."""

    why: str


class SubmitBegun(Deed, frozen=True, tag="submit-begun"):
    """The SMTP transaction of a copy begins."""

    copy: int
    attempt: int


class Submitted(Deed, frozen=True, tag="submitted"):
    """The server took it for all but `refused` (address → reply) and `delayed`, which are due again at
    `until`.
    """

    copy: int
    reply: str = ""
    refused: dict[str, str] = {}
    delayed: tuple[str, ...] = ()
    until: int = 0
    seen_in_sent: bool = False


class Deferred(Deed, frozen=True, tag="deferred"):
    """Surely not accepted; due again at `until`."""

    copy: int
    reply: str
    until: int


class Unsure(Deed, frozen=True, tag="unsure"):
    """The connection was lost after the final dot: only the server knows. Due again at `until`."""

    copy: int
    reply: str = ""
    until: int = 0


class Refused(Deed, frozen=True, tag="refused"):
    """Refused for good, for all recipients of the copy."""

    copy: int
    reply: str
    refused: dict[str, str] = {}


class FileBegun(Deed, frozen=True, tag="file-begun"):
    """The copy in Sent is about to be made."""


class Filed(Deed, frozen=True, tag="filed"):
    """The copy in Sent is there; UID 0 when the server did not tell."""

    validity: int = 0
    uid: int = 0


class RemoveBegun(Deed, frozen=True, tag="remove-begun"):
    """The mail is about to be removed from the Outbox."""

    validity: int
    uids: tuple[int, ...]


class Removed(Deed, frozen=True, tag="removed"):
    """The mail is out of the Outbox."""

    validity: int
    uids: tuple[int, ...]


class Told(Deed, frozen=True, tag="told"):
    """A note lies in Needs attention."""

    about: str


class GiveBackBegun(Deed, frozen=True, tag="give-back-begun"):
    """The mail is about to be moved to Needs attention."""

    reason: str
    validity: int
    uids: tuple[int, ...]


class GivenBack(Deed, frozen=True, tag="given-back"):
    """The mail and a note lie in Needs attention."""

    reason: str
    validity: int
    uids: tuple[int, ...]


class Looked(Deed, frozen=True, tag="looked"):
    """A later look at Sent was taken."""


class Done(Deed, frozen=True, tag="done"):
    """Nothing is left to do. `how` is sent, given-back or taken-back; of a notification restored, left or gone."""

    how: str


AnyDeed = (
    Held
    | Dressed
    | SubmitBegun
    | Submitted
    | Deferred
    | Unsure
    | Refused
    | FileBegun
    | Filed
    | RemoveBegun
    | Removed
    | Told
    | GiveBackBegun
    | GivenBack
    | Looked
    | Sealed
    | SealDelayed
    | SealRefused
    | RestoreBegun
    | Restored
    | RestoreRefused
    | Done
)


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal: which mail, which run of it, when, what."""

    key: str
    run: int
    at: int
    deed: AnyDeed
