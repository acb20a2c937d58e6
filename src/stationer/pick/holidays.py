"""Days on which a schedule does not hold: dates, spans of dates, calendars of them (contract/pick.md §4)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches

from stationer.wire.problem import Problem

Span = tuple[int, int]  # first and last day, counted from 1 January 1970

_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?")
_EPOCH = date(1970, 1, 1).toordinal()
_ADVICE = "Write YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD with the earlier day first."


def span(text: str) -> Span | None:
    """The days of `YYYY-MM-DD` or `YYYY-MM-DD..YYYY-MM-DD`; None where it is neither, or runs backwards."""
    match = _DATES.fullmatch(text.strip())
    if match is None:
        return None
    try:
        first, last = (
            date.fromisoformat(day).toordinal() - _EPOCH for day in (match[1], match[2] or match[1])
        )
    except ValueError:
        return None
    return (first, last) if first <= last else None


def looks_like_days(text: str) -> bool:
    """Whether somebody meant a date or a span, right or wrong, and no calendar's name."""
    return bool(re.match(r"\s*\d", text)) or ".." in text


def check(calendars: Mapping[str, Iterable[str]]) -> Iterator[Problem]:
    """What is wrong with the calendars themselves."""
    for name, entries in calendars.items():
        if not name.strip() or looks_like_days(name):
            what = f"{name!r} could be taken for a date."
            yield Problem(f"calendars/{name}", what, "Give the calendar a name that begins with a letter.")
        for number, entry in enumerate(entries):
            if span(entry) is None:
                yield Problem(f"calendars/{name}/{number}", f"{entry!r} is not a date.", _ADVICE)


def read(
    not_on: Iterable[str], calendars: Mapping[str, Iterable[str]], where: str, problems: list[Problem]
) -> tuple[Span, ...]:
    """The days, sorted and apart; adds to `problems` what is neither days nor a calendar."""
    found: list[Span] = []
    for number, entry in enumerate(not_on):
        days = span(entry)
        if days is not None:
            found.append(days)
        elif looks_like_days(entry):
            problems.append(Problem(f"{where}/{number}", f"{entry!r} is not a date.", _ADVICE))
        elif entry in calendars:
            found += [days for days in map(span, calendars[entry]) if days]
        else:
            near = get_close_matches(entry, calendars, 1)
            advice = f"Did you mean {near[0]!r}?" if near else "Add the calendar, or write a date."
            problems.append(Problem(f"{where}/{number}", f"There is no calendar {entry!r}.", advice))
    return _apart(found)


def _apart(spans: list[Span]) -> tuple[Span, ...]:
    """Sorted; what overlaps or touches is one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def is_off(off: tuple[Span, ...], day: int) -> bool:
    """Whether this day (since 1970) lies in one of the spans."""
    at = bisect_right(off, (day, 1 << 62))
    return at > 0 and day <= off[at - 1][1]
