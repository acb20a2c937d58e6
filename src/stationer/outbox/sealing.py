"""What to do next with a mail that leaves sealed or not at all (contract/journal.md §10).

Law 2: nothing here leads to a submission before the notification is in the spool; in doubt the mail stays, and its
author is told.
"""

from __future__ import annotations

from stationer.outbox.actions import Action, GiveBack, Seal, Submit, Tell, Wait
from stationer.outbox.seen import Mail, Now, Seen
from stationer.outbox.state import State

#: Tries before the author is told that a mail waits for the PEN, and before it is given back (about ten minutes, five
#: days).
TELL_AFTER, GIVE_UP_AFTER = 8, 720
#: How often to look whether the PEN is known by now, and after how long the author is told that a mail waits for that.
LOOK_MS, UNSURE_MS = 2_000, 600_000
#: How often to look whether content that is on its way has come to its end.
GOING_MS = 1_000
#: How long to wait after the n-th try; the last one for all further ones.
BACKOFF_MS = tuple(s * 1_000 for s in (2, 5, 10, 30, 60, 120, 300, 600))


def backoff(tries: int) -> int:
    """Milliseconds until the try after `tries` (from 1)."""
    return BACKOFF_MS[min(tries, len(BACKOFF_MS)) - 1]


def on_its_way(mail: Mail, state: State, seen: Seen, now: Now) -> list[Action]:
    """It is in the journal and no submission was begun: sealed, or to be sealed."""
    assert state.dressed is not None
    recipients = state.dressed.copies[0]
    if mail.going:
        return [Wait(mail.key, now.mono + GOING_MS, mail.going)]
    if state.seal_refused:
        return [GiveBack(mail.key, state.run, mail.uids, "seal-refused", state.seal_reply)]
    if not state.sealed and state.seal_tries >= GIVE_UP_AFTER:
        return [GiveBack(mail.key, state.run, mail.uids, "seal-given-up", state.seal_reply)]
    if not seen.open_:
        return [Wait(mail.key, seen.retry_at, f"no way out: {seen.closed_why}")]
    if state.sealed:
        return [Submit(mail.key, state.run, 0, 1, recipients, doubt=seen.careful)]
    return [*_tell(mail, state), _seal(mail, state, recipients, seen, now)]


def unsure(mail: Mail, state: State, now: Now) -> list[Action]:
    """It may ask to be sealed, and what asks for it is not known: it waits, and its author is told after some time."""
    wait = Wait(mail.key, now.mono + LOOK_MS, mail.unsure)
    if mail.held.elapsed < UNSURE_MS or "seal-waits" in state.told:
        return [wait]
    return [Tell(mail.key, state.run, "seal-waits", mail.unsure), wait]


def _tell(mail: Mail, state: State) -> list[Action]:
    """A note, once, when it has waited for some time."""
    if state.seal_tries < TELL_AFTER or "seal-waits" in state.told:
        return []
    return [Tell(mail.key, state.run, "seal-waits", state.seal_reply)]


def _seal(mail: Mail, state: State, recipients: tuple[str, ...], seen: Seen, now: Now) -> Action:
    """Now, or when the PEN may be asked again; at once when the clock was put back."""
    set_at, until = state.seal_due or (0, 0)
    left = until - now.wall if set_at <= now.wall else 0
    ready = max(now.mono + left, seen.portal.ready_at)
    if ready > now.mono:
        why = state.seal_reply if left > 0 else seen.portal.why
        return Wait(mail.key, ready, f"held until it can be sealed: {why}")
    return Seal(mail.key, state.run, recipients)
