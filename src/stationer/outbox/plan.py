"""`plan(seen, past, now)`: what to do next with every mail (the table of contract/journal.md §4, line by
line).

Pure, and without memory: the same look and the same journal give the same plan, so a restart simply plans
again.
"""

from __future__ import annotations

from collections.abc import Iterable

from stationer.outbox import hold, restoring, sealing
from stationer.outbox.actions import (
    Action,
    Ask,
    Close,
    FileSent,
    GiveBack,
    Keep,
    Remove,
    Seal,
    Stamp,
    Submit,
    Tell,
    Wait,
)
from stationer.outbox.seen import Mail, Now, Seen, Trouble
from stationer.outbox.state import CopyState, State, fold_all
from stationer.wire.journal import Entry

#: Attempts before the author is told that a mail waits, and before it is given back (15 minutes, five days).
TELL_AFTER, GIVE_UP_AFTER = 5, 130
#: A server that loses the connection after the dot every time: how often it may, before a person has to
#: decide.
DOUBTS_AT_MOST = 5
#: Later looks at Sent after the mail has left the Outbox, in ms: late copies of the server's, late APPENDs
#: of ours.
LOOKS_MS = (10_000, 90_000)
#: How long after it has left a mail that shows up again is the same one, and not sent anew (§2).
REPEATED_MS = 600_000


def plan(seen: Seen, past: Iterable[Entry], now: Now) -> tuple[Action, ...]:
    """The next actions, at least one for each mail that is not done; `Wait` where there is nothing to do
    yet.
    """
    states = fold_all(past)
    actions: list[Action] = []
    for mail in seen.mails:
        actions += _present(mail, states.get(mail.key, State()), seen, now)
    for notice in seen.notices:
        actions += restoring.present(notice, states.get(notice.key, State()), seen, now)
    here = {*seen.by_key(), *(notice.key for notice in seen.notices)}
    for key, state in states.items():
        if key not in here and not state.done:
            actions += _absent(key, state, seen, now)
    return tuple(actions)


def _present(mail: Mail, state: State, seen: Seen, now: Now) -> list[Action]:
    """A mail that lies in the Outbox."""
    if state.done and not (state.removed or state.given):
        return _fresh(
            mail, State(run=state.run + 1), seen, now
        )  # its author took it back, and has put it here again
    if state.removed or state.given:
        anew = mail.uids[0] > state.last_uid and seen.validity == state.last_validity
        if anew and not _just_removed(state, now):
            return _fresh(mail, State(run=state.run + 1), seen, now)
        return _left_over(mail, state, seen)
    if state.giving:
        return [GiveBack(mail.key, state.run, mail.uids, state.giving.reason)]
    if state.begun:
        return _leaving(mail.key, mail, state, seen, now)
    if state.dressed and state.dressed.sealed:
        return sealing.on_its_way(mail, state, seen, now)
    return _fresh(mail, state, seen, now)


def _just_removed(state: State, now: Now) -> bool:
    """Sent so shortly ago that a client repeats its APPEND; a clock that was put back ends that time (§4)."""
    return state.removed and 0 <= now.wall - state.removed_at < REPEATED_MS


def _left_over(mail: Mail, state: State, seen: Seen) -> list[Action]:
    """Handled already, but here (still, or again under a new UIDVALIDITY): never sent again."""
    if state.given:
        return [GiveBack(mail.key, state.run, mail.uids, state.giving.reason if state.giving else "given-up")]
    return [FileSent(mail.key, state.run, mail.uids), Remove(mail.key, state.run, mail.uids, begun=True)]


def _fresh(mail: Mail, state: State, seen: Seen, now: Now) -> list[Action]:
    """Nothing of it has left yet."""
    if mail.fault:
        return [GiveBack(mail.key, state.run, mail.uids, mail.fault, mail.fault_detail)]
    if mail.unsure:
        return sealing.unsure(mail, state, now)
    keep = _keep(mail, state)
    if not seen.open_:
        return [*keep, Wait(mail.key, seen.retry_at, f"no way out: {seen.closed_why}")]
    if mail.outfit is not None:
        recipients = mail.outfit.copies[0]
        if mail.sealing:
            return [Seal(mail.key, state.run, recipients, first=True)]
        return [Submit(mail.key, state.run, 0, 1, recipients, doubt=seen.careful, first=True)]
    if mail.answer is not None and not isinstance(mail.answer, Trouble):
        return [Stamp(mail.key, state.run, "answer")]
    return [*keep, *_ask(mail, state, seen, now)]


def _ask(mail: Mail, state: State, seen: Seen, now: Now) -> list[Action]:
    """The edge has not answered for this mail."""
    held = hold.Held(max(mail.held.elapsed, state.held), mail.held.since)
    trouble = mail.answer if isinstance(mail.answer, Trouble) else None
    if trouble and (trouble.lasting or (trouble.refusing and held.elapsed >= hold.BELIEVED_MS)):
        return [Stamp(mail.key, state.run, "nothing", trouble.why)]
    patience = hold.patience(held, seen.edge.hold_limit_ms)
    if not patience:
        why = trouble.why if trouble else "the edge could not be asked"
        with_ = "nothing" if trouble and trouble.refusing else "last-good"
        return [Stamp(mail.key, state.run, with_, why)]
    if seen.edge.ready_at <= now.mono:
        return [Ask(mail.key, patience)]
    limit = hold.limit(seen.edge.hold_limit_ms)
    latest = now.mono + max(limit - min(limit // 10, 2_000) - held.elapsed, 0)
    return [
        Wait(mail.key, min(seen.edge.ready_at, latest), trouble.why if trouble else "waiting for the edge")
    ]


def _keep(mail: Mail, state: State) -> list[Action]:
    """The hold clock, when it has moved far enough to be written down."""
    if mail.held.elapsed - state.held < hold.KEEP_MS:
        return []
    why = mail.answer.why if isinstance(mail.answer, Trouble) else ""
    return [Keep(mail.key, state.run, mail.held.elapsed, why)]


def _leaving(key: str, mail: Mail | None, state: State, seen: Seen, now: Now) -> list[Action]:
    """A submission was begun. `mail` is None when the mail has gone from the Outbox since the server took
    it.
    """
    trying = [(n, copy) for n, copy in state.pending if not _given_up(copy)]
    tells = _tells(key, state, bool(trying))
    if mail and trying:
        n, copy = min(trying, key=lambda item: _due(item[1], now))
        return [*tells, *_submit_again(key, n, copy, state, seen, now)]
    if mail and not state.accepted:
        return [GiveBack(key, state.run, mail.uids, *_why_given_back(state))]
    if not state.filed:
        return [*tells, FileSent(key, state.run, mail.uids if mail else ())]
    if mail:
        return [*tells, Remove(key, state.run, mail.uids, begun=state.removing == mail.uids)]
    if not state.removed:
        return [
            *tells,
            Remove(key, state.run, (), begun=True),
        ]  # gone already; only the journal does not know
    return [*tells, *_later_look(key, state, now)]


def _given_up(copy: CopyState) -> bool:
    return copy.attempts >= GIVE_UP_AFTER or copy.doubts >= DOUBTS_AT_MOST


def _why_given_back(state: State) -> tuple[str, str]:
    """Reason and detail for a mail that the server took for nobody."""
    if any(copy.doubt for copy in state.copies):
        return "unsure", next(copy.reply for copy in state.copies if copy.doubt)
    if state.pending:
        return "given-up", state.pending[0][1].reply
    return "refused", _replies(state)


def _due(copy: CopyState, now: Now) -> int:
    """Milliseconds until this copy may be tried; 0 as well when the clock was put back (§4, last line)."""
    if copy.due is None or not copy.due[0] <= now.wall < copy.due[1]:
        return 0
    return copy.due[1] - now.wall


def _submit_again(key: str, n: int, copy: CopyState, state: State, seen: Seen, now: Now) -> list[Action]:
    if not seen.open_:
        return [Wait(key, seen.retry_at, f"no way out: {seen.closed_why}")]
    if due := _due(copy, now):
        return [Wait(key, now.mono + due, f"the mail server asked to wait: {copy.reply}")]
    return [Submit(key, state.run, n, copy.attempts + 1, copy.recipients, doubt=copy.doubt)]


def _tells(key: str, state: State, trying: bool) -> list[Action]:
    """Notes for the author that are due and were not given yet."""
    due = []
    if state.doubted and state.accepted:
        due.append(("twice", ""))
    if state.accepted and not trying and (state.refused or state.pending):
        due.append(("some-refused", _replies(state)))
    waiting = [copy.reply for _, copy in state.pending if copy.attempts >= TELL_AFTER and copy.due]
    if trying and waiting:
        due.append(("waiting", waiting[0]))
    return [Tell(key, state.run, about, detail) for about, detail in due if about not in state.told]


def _replies(state: State) -> str:
    """Who did not get it and what the server said, one line each."""
    missed = dict(state.refused)
    for _, copy in state.pending:
        missed.update(dict.fromkeys(copy.recipients, copy.reply))
    return "\n".join(f"{address}: {reply}" for address, reply in sorted(missed.items()))


def _absent(key: str, state: State, seen: Seen, now: Now) -> list[Action]:
    """What is not done and does not lie in the Outbox any more, or in the inbox."""
    if state.restoring:
        return restoring.absent(key, state)
    if state.given:
        return [Close(key, state.run, "given-back")]
    if state.giving:
        return [GiveBack(key, state.run, (), state.giving.reason)]
    if state.accepted:
        return _leaving(key, None, state, seen, now)
    if any(copy.doubt for copy in state.copies):
        return _taken_back_in_doubt(key, state)
    return [Close(key, state.run, "taken-back")]


def _taken_back_in_doubt(key: str, state: State) -> list[Action]:
    """Its author took it away while it may have been leaving: it is not sent again, and they are told."""
    tell = [] if "unknown" in state.told else [Tell(key, state.run, "unknown")]
    return [*tell, Close(key, state.run, "taken-back")]


def _later_look(key: str, state: State, now: Now) -> list[Action]:
    """Sent is looked at again some time after, then all is done."""
    if state.looks >= len(LOOKS_MS):
        if not _just_removed(state, now):
            return [Close(key, state.run, "sent")]
        end = now.mono + REPEATED_MS - (now.wall - state.removed_at)
        return [Wait(key, end, "sent; kept in case it is put here again")]
    wait = LOOKS_MS[state.looks] - (now.wall - state.removed_at)
    if 0 < wait <= LOOKS_MS[-1]:
        return [Wait(key, now.mono + wait, "sent; looking at Sent once more later")]
    return [FileSent(key, state.run, again=True)]
