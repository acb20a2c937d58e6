"""Charts as SVG attributes: columns over days, the hours of a week, an interval. No styles, so a strict policy holds.

Across, everything is in per cent of the width, so that text is never stretched; down, in pixels. Numbers are written
with a point, as SVG wants them, and without a language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stationer.portal.statistics.figures.chance import Difference
from stationer.portal.statistics.figures.reading import Sums

#: Height of columns, and the line they stand on, in pixels.
TOP, FLOOR = 18, 96
STEPS = 5


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Column:
    """A day: where it stands, how high its whole is (`y`, `height`), and of that the lower part."""

    x: str
    width: str
    y: str
    height: str
    part_y: str
    part_height: str


@dataclass(frozen=True)
class Columns:
    """Days side by side. `most`: the highest, at `most_x`, its label anchored there."""

    columns: Sequence[Column]
    most: int
    most_x: str
    anchor: str
    first: date
    last: date


def columns(days: Mapping[date, int], part: Mapping[date, int] | None = None) -> Columns | None:
    """None where there is nothing to draw."""
    top = max(days.values(), default=0)
    if not top:
        return None
    step = 100 / len(days)
    made = []
    for n, (day, whole) in enumerate(days.items()):
        high, low = _height(whole, top), _height((part or {}).get(day, 0), top)
        made.append(
            Column(_n(n * step), _n(step * 0.8), _n(FLOOR - high), _n(high), _n(FLOOR - low), _n(low))
        )
    place = next(n for n, whole in enumerate(days.values()) if whole == top)
    middle = (place + 0.4) * step
    anchor = "start" if middle < 15 else "end" if middle > 85 else "middle"
    return Columns(made, top, _n(middle), anchor, next(iter(days)), next(reversed(list(days))))


def _height(value: int, top: int) -> float:
    """In pixels; what is not nothing can be seen."""
    return max(1.5, value / top * (FLOOR - TOP)) if value else 0.0


@dataclass(frozen=True)
class Cell:
    """An hour of the week; `step` 0 to 5 says how much of the busiest it has."""

    x: str
    y: str
    width: str
    step: int


@dataclass(frozen=True)
class Week:
    """Seven rows of 24 hours, Monday first. `best`: the busiest (weekday, hour); `most`: what it has."""

    cells: Sequence[Cell]
    rows: Sequence[tuple[int, str]]
    best: tuple[int, int]
    most: int


ROW = 16


def week(found: Mapping[tuple[int, int], Sums]) -> Week | None:
    """Human clicks by the hour in which they were made; None where there are none."""
    counts = {place: one.human_then for place, one in found.items()}
    top = max(counts.values(), default=0)
    if not top:
        return None
    left, wide = 9.0, 91 / 24
    cells = [
        Cell(
            _n(left + hour * wide),
            str(day * ROW),
            _n(wide * 0.9),
            -(-counts.get((day, hour), 0) * STEPS // top),
        )
        for day in range(7)
        for hour in range(24)
    ]
    best = max(counts, key=lambda place: (counts[place], (-place[0], -place[1])))
    return Week(cells, [(day, str(day * ROW + 11)) for day in range(7)], best, top)


@dataclass(frozen=True)
class Interval:
    """A difference on a line round 0: its ends, what is most likely, in per cent; `scale` at the line's ends."""

    low: str
    middle: str
    high: str
    zero: str
    scale: float


def interval(found: Difference) -> Interval:
    """The line reaches a little further than the interval, and as far on both sides of 0."""
    reach = max(abs(found.low), abs(found.high), 0.01) * 1.1

    def at(value: float) -> str:
        return _n(50 + 50 * max(-1.0, min(1.0, value / reach)))

    return Interval(at(found.low), at(found.most_likely), at(found.high), "50", 100 * reach)
