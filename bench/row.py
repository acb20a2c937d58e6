"""One line of the bench: what, ours, what it is held against, their ratio, the target, whether it is met.

Rooms register rows by a module in this folder with `rows() -> Iterator[Row]`. Time is CPU time where the work
is CPU; whatever is compared takes turns in the same rounds, and medians count.
"""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable, Mapping

import msgspec

_TARGET = re.compile(r"(≥|≤) ([0-9.]+)")


class Row(msgspec.Struct, frozen=True):
    """`ok` is None when there is no peer or no target; the words in `against` say why."""

    what: str
    ours: str
    against: str
    ratio: float | None
    target: str
    ok: bool | None


def row(what: str, ours: str, against: str, ratio: float | None, target: str) -> Row:
    """A row; whether it is ok follows from its ratio and its target, as in "≥ 0.50"."""
    found = _TARGET.match(target)
    ok = None
    if found and ratio is not None:
        ok = ratio >= float(found[2]) if found[1] == "≥" else ratio <= float(found[2])
    return Row(what, ours, against, None if ratio is None else round(ratio, 3), target, ok)


def missing(what: str, reason: str, target: str) -> Row:
    """A row whose peer, or whose room, is not here: said, never left out."""
    return Row(what, "not measured", reason, None, target, None)


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """CPU seconds of one call of `work`, over `times` calls, without the collector in between."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time_ns()
        for _ in range(times):
            work()
        return (time.process_time_ns() - began) / times / 1e9
    finally:
        gc.enable()


def in_turns(works: Mapping[str, Callable[[], float]], rounds: int = 7) -> dict[str, float]:
    """Each measured once a round, in turns; the median of each."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, measure in works.items():
            seen[name].append(measure())
    return {name: statistics.median(values) for name, values in seen.items()}


def span(seconds: float) -> str:
    """`0.0000213` → `21.3 µs`."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
