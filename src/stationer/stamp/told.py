"""Where a quote begins in one body part, by what its twin tells: the first quoted line, and what stands around it.

A greeting is both the author's and that of the mail they answer: of several such lines that one begins the quote behind
which the quoted mail goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stationer.stamp.lines import plain

#: So many lines behind the first quoted one are compared, and of a line so many characters.
FOLLOWING = 3
COMPARED = 60
#: A line that is only the beginning of another (it is wrapped) has so many characters at least.
LEAST_WRAPPED = 20
#: Of more lines that say the same no more are compared.
MOST_ALIKE = 100


class Told(NamedTuple):
    """What a part tells its twin: the first quoted line, those that follow it, the author's last line above it."""

    first: str
    following: tuple[str, ...] = ()
    own: str = ""


def told_by(texts: Sequence[str], first: int) -> Told:
    """What a part tells whose lines these are, and whose quote begins at `first`."""
    following = [text for text in texts[first + 1 : first + 1 + 3 * FOLLOWING] if text.strip()]
    own = next((text for text in reversed(texts[:first]) if text.strip()), "")
    return Told(texts[first].strip(), tuple(following[:FOLLOWING]), own)


def where_told(texts: Sequence[str], told: Told) -> int | None:
    """The index of the line at which the quote begins; None when no line does that."""
    alike = [at for at, text in enumerate(texts) if says(text, told.first)][:MOST_ALIKE]
    if not alike:
        return None
    best = max(alike, key=lambda at: (goes_on(texts, at, told), is_below(texts, at, told)))
    own_is_below = bool(told.own) and any(says(text, told.own) for text in texts[best + 1 :])
    return None if own_is_below and not goes_on(texts, best, told) else best


def says(text: str, wanted: str) -> bool:
    """Whether a line says what its twin does; either may be wrapped."""
    held, whole = plain(text).lstrip("> "), plain(wanted).lstrip("> ")
    return bool(whole) and (
        held.startswith(whole[:COMPARED]) or (len(held) >= LEAST_WRAPPED and whole.startswith(held))
    )


def goes_on(texts: Sequence[str], at: int, told: Told) -> int:
    """How many of the lines that follow are those the twin has there."""
    near = [text for text in texts[at + 1 : at + 1 + 3 * FOLLOWING] if text.strip()]
    return sum(any(says(text, wanted) for text in near) for wanted in told.following)


def is_below(texts: Sequence[str], at: int, told: Told) -> bool:
    """Whether the author's last line stands right above."""
    above = next((text for text in reversed(texts[:at]) if text.strip()), "")
    return bool(told.own) and says(above, told.own)
