"""settle: a partner's terms and a PEN's own become the settings in force (contract/pick.md §8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from stationer.wire.definition import Inherited, Management, Terms
from stationer.wire.problem import Problem


def _both(upper: tuple[Any, ...], lower: tuple[Any, ...]) -> tuple[Any, ...]:
    return lower + tuple(one for one in upper if one not in lower)


def _in_both(upper: tuple[Any, ...], lower: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in upper if one in lower)


def _lower(_upper: Any, lower: Any) -> Any:
    return lower


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
}


_DEFAULTS = Management()


def settle(inherited: Inherited, own: Terms) -> Management:
    """The settings in force. A lock on what the partner does not set locks nothing."""
    said: dict[str, Any] = {}
    for name, meet in MEETING.items():
        upper, lower = getattr(inherited.management, name), getattr(own, name)
        if lower is None or (upper is not None and name in inherited.locks):
            lower = upper
        met = lower if upper is None or lower is None else meet(upper, lower)
        if met is not None and met != getattr(_DEFAULTS, name):  # so that equal settings are the same bytes
            said[name] = met
    return Management(**said)


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
        elif getattr(own, name) not in (None, getattr(inherited.management, name)):
            advice = "Take it away here, or the lock there."
            yield Problem(f"management/{name}", "The partner has locked it.", advice)
