"""A notification in an inbox: what to do next with it, and how the original comes into its place (contract/journal.md
§11). There is never a moment without a copy of either.
"""

from __future__ import annotations

from collections.abc import Generator

from stationer.outbox.actions import Action, Close, Restore, Wait
from stationer.outbox.operations import (
    AppendRestored,
    DiscardNotices,
    Fetch,
    Fetched,
    FindRestored,
    Found,
    Operation,
    Write,
)
from stationer.outbox.seen import Notice, Now, Seen
from stationer.outbox.state import State
from stationer.wire import journal


def present(notice: Notice, state: State, seen: Seen, now: Now) -> list[Action]:
    """It lies in the inbox. One that was done with and has not come again stays."""
    if state.done:
        if seen.validity == state.last_validity and notice.uids[-1] <= state.last_uid:
            return []
        state = State(run=state.run + 1)
    if seen.portal.ready_at > now.mono:
        return [Wait(notice.key, seen.portal.ready_at, f"not restored yet: {seen.portal.why}")]
    return [Restore(notice.key, state.run, notice.uids, begun=state.restoring)]


def absent(key: str, state: State) -> list[Action]:
    """It is gone: by us, after a crash that the journal slept through, or by its reader."""
    return [Close(key, state.run, "restored" if state.restored else "gone")]


def steps(action: Restore, seen: Seen) -> Generator[Operation, object, None]:
    """Fetch, look whether it is there already, append, read back, settle, remove doubles, then the notifications."""
    key, run, validity = action.key, action.run, seen.validity
    if not action.begun:
        yield Write(key, run, (journal.RestoreBegun(validity, action.uids),))
    fetched = yield Fetch(key, validity, action.uids[0])
    assert isinstance(fetched, Fetched)
    if fetched.verdict == "gone":
        return
    if fetched.verdict == "never":
        yield from _left(key, run, fetched.why)
        return
    found = yield FindRestored(key)
    ours, others = _parted(found)
    if not ours and _is_there(found):  # the same one sent again, by another way: one original is enough
        yield from _left(key, run, "its original is here already")
        return
    if not ours:
        made = yield AppendRestored(key, validity, action.uids[0])
        assert isinstance(made, int)
        ours, others = _parted((yield FindRestored(key)))
        if not ours:  # the server has changed it: what the reader has is the notification
            if made in others:
                yield DiscardNotices(key, validity, (made,))
            yield from _left(key, run, "the mail server changes what is put there")
            return
    yield Write(key, run, (journal.Restored(validity, ours[0]),))
    yield DiscardNotices(key, validity, (*ours[1:], *action.uids))
    yield Write(key, run, (journal.Done("restored"),))


def _parted(found: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """UIDs of copies that hold exactly the original, lowest first; and of others."""
    assert isinstance(found, tuple)
    copies = sorted((one for one in found if isinstance(one, Found)), key=lambda one: one.uid)
    return tuple(one.uid for one in copies if one.ours), tuple(one.uid for one in copies if not one.ours)


def _is_there(found: object) -> bool:
    assert isinstance(found, tuple)
    return any(one.same for one in found if isinstance(one, Found))


def _left(key: str, run: int, why: str) -> Generator[Operation, object, None]:
    yield Write(key, run, (journal.RestoreRefused(why), journal.Done("left")))
