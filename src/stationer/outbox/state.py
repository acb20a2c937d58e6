"""Where a mail stands: the fold of its journal entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch

from stationer.outbox.hold import Held as Clock
from stationer.wire.journal import (
    AnyDeed,
    Deferred,
    Done,
    Dressed,
    Entry,
    FileBegun,
    Filed,
    GiveBackBegun,
    GivenBack,
    Held,
    Looked,
    Refused,
    RemoveBegun,
    Removed,
    RestoreBegun,
    Restored,
    RestoreRefused,
    SealDelayed,
    Sealed,
    SealRefused,
    SubmitBegun,
    Submitted,
    Told,
    Unsure,
)


@dataclass
class CopyState:
    """One copy on its way out. `doubt`: begun (or lost after the dot), and nothing is known since."""

    recipients: tuple[str, ...]
    attempts: int = 0
    doubt: bool = False
    doubts: int = 0
    accepted: bool = False
    refused_whole: bool = False
    due: tuple[int, int] | None = None  # (set at, until), Unix ms
    reply: str = ""

    @property
    def open_(self) -> bool:
        """Whether anybody is still to get it."""
        return bool(self.recipients) and not self.refused_whole


@dataclass
class State:
    """One run of one mail."""

    run: int = 1
    held: int = 0
    dressed: Dressed | None = None
    copies: list[CopyState] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    filing: bool = False
    filed: bool = False
    removing: tuple[int, ...] = ()
    removed: bool = False
    removed_at: int = 0
    looks: int = 0
    giving: GiveBackBegun | None = None
    given: bool = False
    told: set[str] = field(default_factory=set)
    done: bool = False
    last_validity: int = 0
    last_uid: int = 0
    doubted: bool = False
    sealed: bool = False
    seal_tries: int = 0
    seal_due: tuple[int, int] | None = None  # (set at, until), Unix ms
    seal_reply: str = ""
    seal_refused: bool = False
    restoring: bool = False
    restored: bool = False

    @property
    def begun(self) -> bool:
        """Whether a submission has ever been begun, or was found to have been."""
        return any(copy.attempts or copy.accepted for copy in self.copies)

    @property
    def accepted(self) -> bool:
        """Whether the server has taken it for anybody."""
        return any(copy.accepted for copy in self.copies)

    @property
    def pending(self) -> list[tuple[int, CopyState]]:
        """The copies that are still to leave."""
        return [(n, copy) for n, copy in enumerate(self.copies) if copy.open_]


def fold(entries: Iterable[Entry]) -> State:
    """The state after `entries` of one key, oldest first. A later run starts afresh."""
    state = State()
    for entry in entries:
        if entry.run > state.run:
            state = State(run=entry.run)
        apply(entry.deed, state, entry.at)
    return state


def resume(entries: Iterable[Entry]) -> Clock:
    """The hold clock of a mail as a new process finds it; a run that is over leaves nothing to the next."""
    state = fold(entries)
    return Clock() if state.removed or state.given or state.done else Clock(state.held)


def fold_all(entries: Iterable[Entry]) -> Mapping[str, State]:
    """The state of every mail that `entries` speak of, in the order in which they first appear."""
    lines: dict[str, list[Entry]] = {}
    for entry in entries:
        lines.setdefault(entry.key, []).append(entry)
    return {key: fold(of_key) for key, of_key in lines.items()}


@singledispatch
def apply(deed: AnyDeed, state: State, at: int) -> None:
    """What one deed changes. A kind without a rule here is a bug."""
    raise TypeError(f"no rule for {type(deed).__name__}")


@apply.register
def _(deed: Held, state: State, at: int) -> None:
    state.held = max(state.held, deed.elapsed)


@apply.register
def _(deed: Dressed, state: State, at: int) -> None:
    state.dressed = deed
    state.copies = [CopyState(recipients) for recipients in deed.copies]


@apply.register
def _(deed: SubmitBegun, state: State, at: int) -> None:
    copy = state.copies[deed.copy]
    state.doubted |= copy.doubt
    copy.doubts += copy.doubt
    copy.attempts, copy.doubt = deed.attempt, True


@apply.register
def _(deed: Submitted, state: State, at: int) -> None:
    copy = state.copies[deed.copy]
    copy.accepted, copy.doubt, copy.reply = True, False, deed.reply
    copy.recipients = deed.delayed
    copy.due = (at, deed.until) if deed.delayed else None
    state.refused.update(deed.refused)


@apply.register
def _(deed: Deferred, state: State, at: int) -> None:
    copy = state.copies[deed.copy]
    copy.doubt, copy.reply, copy.due = False, deed.reply, (at, deed.until)


@apply.register
def _(deed: Unsure, state: State, at: int) -> None:
    copy = state.copies[deed.copy]
    copy.reply, copy.due = deed.reply, (at, deed.until)


@apply.register
def _(deed: Refused, state: State, at: int) -> None:
    copy = state.copies[deed.copy]
    copy.doubt, copy.refused_whole, copy.reply = False, True, deed.reply
    state.refused.update(deed.refused or dict.fromkeys(copy.recipients, deed.reply))


@apply.register
def _(deed: FileBegun, state: State, at: int) -> None:
    state.filing = True


@apply.register
def _(deed: Filed, state: State, at: int) -> None:
    state.filed = True


def _remember(state: State, validity: int, uids: tuple[int, ...]) -> None:
    if uids and validity != state.last_validity:
        state.last_validity, state.last_uid = validity, 0
    state.last_uid = max(state.last_uid, *uids, 0)


@apply.register
def _(deed: RemoveBegun, state: State, at: int) -> None:
    state.removing = deed.uids
    _remember(state, deed.validity, deed.uids)


@apply.register
def _(deed: Removed, state: State, at: int) -> None:
    _remember(state, deed.validity, deed.uids)
    state.removed, state.removed_at = True, state.removed_at or at


@apply.register
def _(deed: Told, state: State, at: int) -> None:
    state.told.add(deed.about)


@apply.register
def _(deed: GiveBackBegun, state: State, at: int) -> None:
    state.giving = deed
    _remember(state, deed.validity, deed.uids)


@apply.register
def _(deed: GivenBack, state: State, at: int) -> None:
    state.given = True
    _remember(state, deed.validity, deed.uids)


@apply.register
def _(deed: Looked, state: State, at: int) -> None:
    state.looks += 1


@apply.register
def _(deed: Sealed, state: State, at: int) -> None:
    state.sealed = True


@apply.register
def _(deed: SealDelayed, state: State, at: int) -> None:
    state.seal_tries += 1
    state.seal_due, state.seal_reply = (at, deed.until), deed.reply


@apply.register
def _(deed: SealRefused, state: State, at: int) -> None:
    state.seal_refused, state.seal_reply = True, deed.reply


@apply.register
def _(deed: RestoreBegun, state: State, at: int) -> None:
    state.restoring = True
    _remember(state, deed.validity, deed.uids)


@apply.register
def _(deed: Restored, state: State, at: int) -> None:
    state.restored = True


@apply.register
def _(deed: RestoreRefused, state: State, at: int) -> None:
    """Nothing follows but `done`, in the same commit."""


@apply.register
def _(deed: Done, state: State, at: int) -> None:
    state.done = True
