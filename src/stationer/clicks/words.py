"""What a reason says, in English. A counter that speaks other languages fills in its own translation."""

from __future__ import annotations

from stationer.clicks.rules import RULES
from stationer.clicks.seen import Reason

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def duration(seconds: int) -> tuple[int, str]:
    """So many of the greatest unit that fits twice, or of seconds: `(90, "second")`, `(2, "minute")`."""
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return seconds // size, unit
    return seconds, "second"


def _filled(name: str, value: str | int) -> str | int:
    if not name.endswith("_s"):
        return value
    count, unit = duration(int(value))
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def sentence(reason: Reason) -> str:
    """The rule's sentence with what it saw. A rule that is no more says its name."""
    rule = RULES.get(reason.rule)
    if rule is None:
        return reason.rule
    return rule.sentence.format_map({name: _filled(name, value) for name, value in reason.saw.items()})
