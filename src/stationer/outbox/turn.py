"""One turn: look, plan, act, until there is nothing to do but wait.

The same for reality and for simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from stationer.outbox.actions import Wait
from stationer.outbox.operations import Operation
from stationer.outbox.plan import plan
from stationer.outbox.seen import Now, Seen
from stationer.outbox.state import fold
from stationer.outbox.steps import drive, perform
from stationer.wire.journal import Entry

#: A mail needs about six plans; more than this means that what was done does not show in what is seen.
ROUNDS_AT_MOST = 60


class SetbackError(Exception):
    """One operation for one mail failed for good for now; the others go on. The message is for the user."""


class World(Protocol):
    """What a turn needs: the agent's own mailbox and servers, or a simulated world."""

    def look(self, key: str | None = None) -> Seen:
        """The mailbox, the way out and the edge as they are now; with `key` only that mail, without asking
        again.
        """
        ...

    def past(self, key: str | None = None) -> Sequence[Entry]:
        """The journal of all mails that are not done and of those in the Outbox; with `key` of that mail."""
        ...

    def clock(self) -> Now:
        """Both clocks."""
        ...

    def do(self, operation: Operation) -> object:
        """Do one operation and return its result (see outbox/operations.py). May raise SetbackError."""
        ...

    def resting(self, key: str) -> Wait | None:
        """Whether this mail had a setback and is to be left alone for a while."""
        ...

    def set_back(self, key: str, why: str) -> Wait:
        """Leave this mail alone for a while."""
        ...


def turn(world: World) -> tuple[Wait, ...]:
    """Do all that can be done now; what is left are the waits, possibly none.

    Errors of the world pass through.
    """
    waits: list[Wait] = []
    first = plan(world.look(), world.past(), world.clock())
    for key in dict.fromkeys(action.key for action in first):
        if wait := world.resting(key):
            waits.append(wait)
            continue
        try:
            waits += _see_through(world, key)
        except SetbackError as error:
            waits.append(world.set_back(key, str(error)))
    return tuple(waits)


def _see_through(world: World, key: str) -> list[Wait]:
    """One mail as far as it goes, so that mails leave one by one and in order."""
    for _ in range(ROUNDS_AT_MOST):
        seen, past = world.look(key), world.past(key)
        actions = plan(seen, past, world.clock())
        waits = [action for action in actions if isinstance(action, Wait)]
        if len(waits) == len(actions):
            return waits
        for action in actions:
            drive(perform(action, fold(past), seen, world.clock()), world.do)
    raise RuntimeError(f"no progress with {key} after {ROUNDS_AT_MOST} plans: {actions}")
