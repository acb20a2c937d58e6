"""One recipient and one campaign: what was sent, and whether that allows another mail (contract/memory.md §2).

A count packs to 33 bytes, big-endian: ever (4) · last, Unix ms (8) · step (2) · stopped (1) · day (4) · the mails of
that day and of the six before it (2 each). A row is a recipient's key (8) and its count.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import Literal, NamedTuple

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
#: Days that a count tells apart: a week's, this one included.
DAYS = 7
#: Bytes of a recipient's key, and of a row.
KEY = 8
_COUNT = struct.Struct(">IQHBI7H")
ROW = KEY + _COUNT.size

#: Why a recipient is not to see a campaign; empty when they may.
Refusal = Literal["", "stopped", "sequence", "cool-down", "cap-ever", "cap-week", "cap-day"]


class Count(NamedTuple):
    """What one recipient was sent of one campaign. `day` is the day of the newest mail (days since 1970, UTC);
    `recent` its count and those of the six days before it, newest first; `last` is Unix ms.
    """

    ever: int = 0
    last: int = 0
    step: int = 0
    stopped: bool = False
    day: int = 0
    recent: tuple[int, ...] = ()

    def on(self, day: int) -> int:
        """Mails on that day."""
        back = self.day - day
        return self.recent[back] if 0 <= back < len(self.recent) else 0

    def week(self, day: int) -> int:
        """Mails on that day and the six before it."""
        return sum(map(self.on, range(day - DAYS + 1, day + 1)))


NOTHING = Count()


class Allowance(NamedTuple):
    """What a campaign asks of a recipient's memory (contract/memory.md §2). 0 is no limit."""

    day: int = 0
    week: int = 0
    ever: int = 0
    cool_down_ms: int = 0
    steps: int = 0
    stop_after_click: bool = False

    def refusal(self, count: Count, now: int) -> Refusal:
        """Why this recipient is not to see the campaign at `now` (Unix ms). A sequence is asked about elsewhere:
        it goes by all recipients of a mail."""
        if self.stop_after_click and count.stopped:
            return "stopped"
        if not count.ever:
            return ""
        today = now // DAY_MS
        if self.cool_down_ms and now < count.last + self.cool_down_ms:
            return "cool-down"
        if self.ever and count.ever >= self.ever:
            return "cap-ever"
        if self.week and count.week(today) >= self.week:
            return "cap-week"
        return "cap-day" if self.day and count.on(today) >= self.day else ""


def recipient_key(mark_key: bytes, address: str) -> bytes:
    """The 8 bytes that stand for a canonical address."""
    held = address.encode("utf-8", "surrogatepass")
    return blake2b(held, digest_size=KEY, key=mark_key[:64], person=b"stationer-memory").digest()


def one_more(count: Count, at: int, step: int) -> Count:
    """The count with a mail at `at` (Unix ms) that showed message `step` of a sequence; in any order of time."""
    day = max(at, 0) // DAY_MS
    return both(count, Count(1, max(at, 0), step, False, day, (1,)))


def both(one: Count, other: Count) -> Count:
    """What both count together; each mail is in one of them."""
    day = max(one.day, other.day)
    return Count(
        one.ever + other.ever,
        max(one.last, other.last),
        max(one.step, other.step),
        one.stopped or other.stopped,
        day,
        tuple(one.on(day - back) + other.on(day - back) for back in range(DAYS)),
    )


def packed(count: Count) -> bytes:
    """33 bytes; what is over a field's room stands at its greatest."""
    recent = [min(count.on(count.day - back), 0xFFFF) for back in range(DAYS)]
    return _COUNT.pack(
        min(count.ever, 0xFFFF_FFFF),
        count.last,
        min(count.step, 0xFFFF),
        count.stopped,
        min(count.day, 0xFFFF_FFFF),
        *recent,
    )


def unpacked(data: bytes) -> Count:
    """The count that `packed` packed."""
    ever, last, step, stopped, day, *recent = _COUNT.unpack(data)
    return Count(ever, last, step, bool(stopped), day, tuple(recent))
