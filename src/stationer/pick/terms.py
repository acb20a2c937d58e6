"""settle: a partner's terms and a PEN's own become the settings in force (contract/pick.md §8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from stationer.wire.definition import Inherited, Management, Terms
from stationer.wire.problem import Problem
from stationer.wire.words import TRACKING


def _both(upper: tuple[Any, ...], lower: tuple[Any, ...]) -> tuple[Any, ...]:
    return lower + tuple(one for one in upper if one not in lower)


def _in_both(upper: tuple[Any, ...], lower: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in upper if one in lower)


def _lower(_upper: Any, lower: Any) -> Any:
    return lower


def _narrower(upper: Any, lower: Any) -> Any:
    return max(upper, lower, key=TRACKING.index)


#: What comes out where a partner and a PEN both say something, by setting: never wider than the partner's.
MEETING: dict[str, Callable[[Any, Any], Any]] = {
    "hold_limit_ms": _lower,
    "most_messages": min,
    "slots": _in_both,
    "blackout": _both,
    "quiet_groups": _both,
    "mixed": _lower,
    "most_copies": min,
    "replay": min,
    "pictures": _lower,
    "tracking": _narrower,
    "decoy": _lower,
}


#: What is kept of people: a lock is only ever towards less, so the law of a PEN's country and its owner's word hold.
ONLY_LESS = frozenset({"tracking", "replay"})
_DEFAULTS = Management()


def settle(inherited: Inherited, own: Terms) -> Management:
    """The settings in force. A lock on what the partner does not set locks nothing; on ONLY_LESS it widens nothing."""
    said: dict[str, Any] = {}
    for name, meet in MEETING.items():
        upper, lower = getattr(inherited.management, name), getattr(own, name)
        locked = upper is not None and name in inherited.locks and name not in ONLY_LESS
        if lower is None or locked:
            lower = upper
        met = lower if upper is None or lower is None else meet(upper, lower)
        if met is not None and met != getattr(_DEFAULTS, name):  # so that equal settings are the same bytes
            said[name] = met
    return Management(**said)


def hand_on(upper: Inherited, lower: Inherited) -> Inherited:
    """What a partner below hands down, within what it is handed itself; a lock on what neither sets is left out."""
    said: dict[str, Any] = {}
    for name, meet in MEETING.items():
        above, below = getattr(upper.management, name), getattr(lower.management, name)
        if above is None or below is None:
            met = below if above is None else above
        else:
            met = above if name in upper.locks and name not in ONLY_LESS else meet(above, below)
        if met is not None:
            said[name] = met
    locks = tuple(name for name in MEETING if name in said and name in upper.locks + lower.locks)
    return Inherited(Terms(**said), locks)


def check_terms(inherited: Inherited, own: Terms) -> Iterator[Problem]:
    """What is wrong between the two levels; `where` as in a company file."""
    for number, name in enumerate(inherited.locks):
        where = f"partner/locks/{number}"
        if name not in MEETING:
            near = get_close_matches(name, MEETING, 1)
            advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(MEETING)}."
            yield Problem(where, f"There is no setting {name!r}.", advice)
        elif getattr(inherited.management, name) is None:
            advice = f"Add {name} to the partner's management, or take the lock away."
            yield Problem(where, f"The partner locks {name} and does not set it.", advice)
        elif _differs(name, getattr(inherited.management, name), getattr(own, name)):
            advice = "Take it away here, or the lock there."
            yield Problem(f"management/{name}", "The partner has locked it.", advice)


def _differs(name: str, upper: Any, lower: Any) -> bool:
    """Whether a PEN says something else of what is locked; less than a lock on ONLY_LESS is none."""
    if lower is None or (name in ONLY_LESS and MEETING[name](upper, lower) == lower):
        return False
    return bool(lower != upper)
