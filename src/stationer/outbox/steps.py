"""How each action is done: a generator that yields one operation at a time and is sent its result.

Every operation either happens or does not, as far as a crash is concerned; between two of them anything may
die.
An operation that fails raises in the driver, the generator ends, and the next plan starts from the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import assert_never

from stationer.outbox import actions as act
from stationer.outbox import restoring, sealing
from stationer.outbox.operations import (
    AppendNote,
    AppendSent,
    AskEdge,
    Deliver,
    Discard,
    DiscardSent,
    Dress,
    FindNote,
    FindSent,
    Found,
    Kept,
    MoveAside,
    Operation,
    Receipt,
    SealUp,
    Write,
)
from stationer.outbox.seen import Now, Seen
from stationer.outbox.state import State
from stationer.wire import journal

Steps = Generator[Operation, object, None]

#: How long to wait after the n-th attempt that the mail server put off; the last one for all further ones.
BACKOFF_MS = tuple(s * 1_000 for s in (30, 60, 120, 300, 600, 900, 1_800, 3_600))


def backoff(attempt: int) -> int:
    """Milliseconds until the attempt after `attempt` (from 1)."""
    return BACKOFF_MS[min(attempt, len(BACKOFF_MS)) - 1]


def perform(action: act.Action, state: State, seen: Seen, now: Now) -> Steps:
    """The steps of `action`. Wait has none."""
    match action:
        case act.Ask():
            yield AskEdge(action.key, action.patience)
        case act.Stamp():
            yield Dress(action.key, action.run, action.with_, action.reason)
        case act.Keep():
            yield Write(action.key, action.run, (journal.Held(action.elapsed, action.why),))
        case act.Close():
            yield Write(action.key, action.run, (journal.Done(action.how),), drop=True)
        case act.Seal():
            yield from _seal(action, state, seen, now)
        case act.Restore():
            yield from restoring.steps(action, seen)
        case act.Submit():
            yield from _submit(action, state, seen, now)
        case act.FileSent():
            yield from _file_sent(action, state, seen)
        case act.Remove():
            yield from _remove(action, seen)
        case act.GiveBack():
            yield from _give_back(action, seen)
        case act.Tell():
            yield from _tell(action)
        case act.Wait():
            pass
        case _ as never:
            assert_never(never)


def _seal(action: act.Seal, state: State, seen: Seen, now: Now) -> Steps:
    """What will leave is durable before the PEN gets any of it, so that it gets the same octets ever after."""
    if action.first:
        dressed = _dressed(action, state, seen)
        yield Write(action.key, action.run, (dressed,), spool=True)
    else:
        assert state.dressed is not None
        dressed = state.dressed
    kept = yield SealUp(action.key, action.run, dressed.sender, action.recipients)
    assert isinstance(kept, Kept)
    match kept.verdict:
        case "sealed":
            yield Write(action.key, action.run, (journal.Sealed(kept.message),), sealed=True)
        case "going":
            pass  # others have their turn; what became of it is asked for when it has ended
        case "later":
            until = now.wall + sealing.backoff(state.seal_tries + 1)
            yield Write(action.key, action.run, (journal.SealDelayed(kept.reply, until),))
        case "never":
            yield Write(action.key, action.run, (journal.SealRefused(kept.reply),))
        case _ as never:
            assert_never(never)


def _submit(action: act.Submit, state: State, seen: Seen, now: Now) -> Steps:
    dressed = _dressed(action, state, seen)
    first: tuple[journal.AnyDeed, ...] = (dressed,) if action.first else ()
    if action.doubt:
        # a server that files what it sends shows us that it was sent; so does what was filed before a
        # journal was lost
        found = yield FindSent(action.key, action.run, dressed.message_id, dressed.validity, dressed.next)
        if found:
            gone = journal.Submitted(action.copy, "found in Sent", seen_in_sent=True)
            yield Write(action.key, action.run, (*first, gone, journal.FileBegun()), spool=action.first)
            return
    begun = journal.SubmitBegun(action.copy, action.attempt)
    yield Write(action.key, action.run, (*first, begun), spool=action.first)
    receipt = yield Deliver(action.key, action.run, action.copy, dressed.sender, action.recipients)
    assert isinstance(receipt, Receipt)
    yield Write(action.key, action.run, _outcome(action, receipt, now))


def _dressed(action: act.Submit | act.Seal, state: State, seen: Seen) -> journal.Dressed:
    """What the journal says will leave, or on the first attempt, what it is about to say."""
    if not action.first:
        assert state.dressed is not None
        return state.dressed
    mail = seen.by_key()[action.key]
    outfit = mail.outfit
    assert outfit is not None
    # what asks to be sealed is never dressed to be submitted as it is, whatever was planned
    assert mail.sealing == isinstance(action, act.Seal)
    return journal.Dressed(
        outcome=outfit.outcome,
        sender=outfit.sender,
        message_id=outfit.message_id,
        copies=outfit.copies,
        reason=outfit.reason,
        stamp=outfit.stamp,
        pick=outfit.pick,
        # a journal was lost: then Sent may hold our copy from before, and all of it is looked through
        validity=0 if seen.careful else seen.sent_validity,
        next=0 if seen.careful else seen.sent_next,
        carried=outfit.carried,
        sealed=mail.sealing,
    )


def _outcome(action: act.Submit, receipt: Receipt, now: Now) -> tuple[journal.AnyDeed, ...]:
    """What the server's answer means, for the journal."""
    until = now.wall + backoff(action.attempt)
    match receipt.verdict:
        case "accepted":
            delayed = receipt.delayed
            taken = journal.Submitted(
                action.copy, receipt.reply, receipt.refused, delayed, until if delayed else 0
            )
            return (taken, journal.FileBegun()) if not delayed else (taken,)
        case "never":
            return (journal.Refused(action.copy, receipt.reply, receipt.refused),)
        case "unsure":
            return (journal.Unsure(action.copy, receipt.reply, until),)
        case "later":
            return (journal.Deferred(action.copy, receipt.reply, until),)
        case _ as never:
            assert_never(never)


def _file_sent(action: act.FileSent, state: State, seen: Seen) -> Steps:
    """SEARCH before APPEND, and a second look after it (contract/journal.md §8)."""
    dressed = state.dressed
    assert dressed is not None
    find = FindSent(action.key, action.run, dressed.message_id, dressed.validity, dressed.next)
    found = yield find
    assert isinstance(found, tuple)
    uid = _ours(found)
    if not uid and not action.again:  # a later look: ours was filed, and its author took it away since
        if not state.filing:
            yield Write(action.key, action.run, (journal.FileBegun(),))
        made = yield AppendSent(action.key, action.run)
        assert isinstance(made, int)
        found = yield find
        assert isinstance(found, tuple)
        uid = made or _ours(found) or max((copy.uid for copy in found), default=0)
    others = tuple(copy.uid for copy in found if copy.uid != uid)
    if uid and others and any(copy.uid == uid for copy in found):
        yield DiscardSent(others)
    yield Write(action.key, action.run, _filed(action, seen, uid))


def _ours(found: tuple[Found, ...]) -> int:
    """The lowest UID that holds exactly what we file, or 0."""
    return min((copy.uid for copy in found if copy.ours), default=0)


def _filed(action: act.FileSent, seen: Seen, uid: int) -> tuple[journal.AnyDeed, ...]:
    if action.again:
        return (journal.Looked(),)
    filed = journal.Filed(seen.sent_validity, uid)
    return (filed, journal.RemoveBegun(seen.validity, action.uids)) if action.uids else (filed,)


def _remove(action: act.Remove, seen: Seen) -> Steps:
    if not action.begun:
        yield Write(action.key, action.run, (journal.RemoveBegun(seen.validity, action.uids),))
    if action.uids:
        yield Discard(action.key, seen.validity, action.uids)
    yield Write(action.key, action.run, (journal.Removed(seen.validity, action.uids),))


def _give_back(action: act.GiveBack, seen: Seen) -> Steps:
    begun = journal.GiveBackBegun(action.reason, seen.validity, action.uids)
    yield Write(action.key, action.run, (begun,))
    if action.uids:
        # the note first: a mail that lies there without a word is worse than a word too early. No mail in the
        # Outbox: it was moved before a crash, note and all, or its author has taken it back
        yield from _note(action.key, action.run, action.reason, action.detail)
        yield MoveAside(action.key, seen.validity, action.uids)
    yield Write(
        action.key, action.run, (journal.GivenBack(action.reason, seen.validity, action.uids),), drop=True
    )


def _tell(action: act.Tell) -> Steps:
    yield from _note(action.key, action.run, action.about, action.detail)
    yield Write(action.key, action.run, (journal.Told(action.about),))


def _note(key: str, run: int, about: str, detail: str) -> Steps:
    there = yield FindNote(key, run, about)
    if not there:
        yield AppendNote(key, run, about, detail)


def drive(steps: Steps, do: Callable[[Operation], object]) -> None:
    """Do every operation of `steps` in turn. Whatever `do` raises ends them."""
    try:
        operation = next(steps)
        while True:
            operation = steps.send(do(operation))
    except StopIteration:
        return
