"""From what a zone says now and said before to: nothing, look again, alarm, healed. Time and chance are arguments.

A first sight is no alarm: it takes two confirmations, five minutes apart. It heals by two clean answers. Whoever does
not answer, or refuses to, changes nothing.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

#: Sights until an alarm: the first and two confirmations. Clean answers until it is over.
SIGHTS, CLEANS = 3, 2
AGAIN_MS, HOURLY_MS = 5 * 60_000, 60 * 60_000
#: By so much of an hour a look comes earlier or later, so that not all installations ask at once.
JITTER = 0.1


class Listed(msgspec.Struct, frozen=True):
    """Seen so often, clean so often since; `confirmed`: whether the alarm was raised."""

    sights: int = 0
    cleans: int = 0
    confirmed: bool = False


class Step(NamedTuple):
    """What is known now (None: nothing to remember), and what has happened by it."""

    listed: Listed | None
    happened: Literal["", "alarm", "healed"] = ""

    @property
    def open(self) -> bool:
        """Whether it is undecided, so that one looks again soon."""
        one = self.listed
        return one is not None and (not one.confirmed or one.cleans > 0)


def step(past: Listed | None, verdict: str) -> Step:
    """`verdict` as `zones.read` says it. Of what is not confirmed one clean answer takes all back."""
    if verdict == "listed":
        before = past or Listed()
        sights = before.sights + 1
        if before.confirmed:
            return Step(Listed(sights, 0, True))
        return Step(Listed(sights, 0, sights >= SIGHTS), "alarm" if sights >= SIGHTS else "")
    if verdict != "clean" or past is None:
        return Step(past)
    if not past.confirmed:
        return Step(None)
    cleans = past.cleans + 1
    return Step(None, "healed") if cleans >= CLEANS else Step(Listed(past.sights, cleans, True))


def next_look(now: int, undecided: bool, chance: float) -> int:
    """When to look again, in ms since 1970. `chance` is from 0 up to 1."""
    return now + (AGAIN_MS if undecided else int(HOURLY_MS * (1 - JITTER + 2 * JITTER * chance)))
