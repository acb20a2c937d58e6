"""records → counts: what each recipient has been sent of each campaign, folded in any order (contract/memory.md §4).

A count exists when both halves are known: what was asked (who, and which campaigns stood in line) and what was sent
(which marks were used). Whichever comes first waits for the other.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import NamedTuple

from stationer.wire.memory import Asked, AskedCopy, Record, Sent, Stopped

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
#: Days that a count tells apart: a week's, this one included.
DAYS = 7
#: Halves that wait for their other half; of more the oldest are forgotten.
MOST_WAITING = 100_000
#: (pick, copy) whose outcome is known and counts no more.
MOST_KNOWN = 1_000_000
WIDTH = 8


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


class Terms(NamedTuple):
    """What a campaign asks of a recipient's memory (contract/memory.md §2). 0 is no limit."""

    day: int = 0
    week: int = 0
    ever: int = 0
    cool_down_ms: int = 0
    steps: int = 0
    stop_after_click: bool = False

    def refusal(self, count: Count, now: int) -> str:
        """Why this recipient is not to see the campaign at `now` (Unix ms); empty when they may."""
        today = now // DAY_MS
        if self.stop_after_click and count.stopped:
            return "stopped"
        if self.steps and count.step >= self.steps:
            return "seen-all"
        if self.cool_down_ms and count.ever and now < count.last + self.cool_down_ms:
            return "cool-down"
        if (
            (self.ever and count.ever >= self.ever)
            or (self.day and count.on(today) >= self.day)
            or (self.week and count.week(today) >= self.week)
        ):
            return "cap"
        return ""


def recipient_key(mark_key: bytes, address: str) -> bytes:
    """The 8 bytes that stand for a canonical address."""
    held = address.encode("utf-8", "surrogatepass")
    return blake2b(held, digest_size=WIDTH, key=mark_key[:64], person=b"stationer-memory").digest()


def one_more(count: Count, at: int, step: int) -> Count:
    """The count with a mail at `at` (Unix ms) that showed message `step` of a sequence; in any order of time."""
    day = at // DAY_MS
    newest = max(count.day, day) if count.ever else day
    recent = [count.on(newest - back) for back in range(DAYS)]
    if newest - day < DAYS:
        recent[newest - day] += 1
    return Count(
        count.ever + 1, max(count.last, at), max(count.step, step), count.stopped, newest, tuple(recent)
    )


class Memory:
    """All counts of one PEN. One writer at a time; `count` may be asked from any thread."""

    def __init__(self) -> None:
        self.counts: dict[tuple[bytes, str], Count] = {}
        self._asked: OrderedDict[str, tuple[AskedCopy, ...]] = OrderedDict()
        self._early: OrderedDict[str, list[Sent]] = OrderedDict()
        self._known: OrderedDict[tuple[str, int], None] = OrderedDict()

    def count(self, recipient: bytes, campaign: str) -> Count:
        """What this recipient (key) was sent of this campaign."""
        return self.counts.get((recipient, campaign), NOTHING)

    def fold(self, record: Record) -> None:
        """Learn one record. The same one again changes nothing."""
        if isinstance(record, Asked):
            self._learn_asked(record)
        elif isinstance(record, Sent):
            self._learn_sent(record)
        else:
            self._stop(record)

    def _learn_asked(self, asked: Asked) -> None:
        if asked.pick in self._asked:
            return
        self._asked[asked.pick] = asked.copies
        for sent in self._early.pop(asked.pick, ()):
            self._learn_sent(sent)
        while len(self._asked) > MOST_WAITING:
            self._asked.popitem(last=False)

    def _learn_sent(self, sent: Sent) -> None:
        if (sent.pick, sent.copy) in self._known:
            return
        copies = self._asked.get(sent.pick)
        if copies is None:
            self._early.setdefault(sent.pick, []).append(sent)
            while len(self._early) > MOST_WAITING:
                self._early.popitem(last=False)
            return
        self._known[sent.pick, sent.copy] = None
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        if 0 <= sent.copy < len(copies):
            self._add(copies[sent.copy], sent)

    def _add(self, copy: AskedCopy, sent: Sent) -> None:
        """A campaign counts once for a mail, however many of its messages stand in it."""
        used = frozenset(sent.used)
        shown = {offered.campaign: offered.step for offered in copy.offered if offered.mark in used}
        for start in range(0, len(copy.recipients), WIDTH):
            recipient = copy.recipients[start : start + WIDTH]
            for campaign, step in shown.items():
                key = recipient, campaign
                self.counts[key] = one_more(self.counts.get(key, NOTHING), sent.at, step)

    def _stop(self, stopped: Stopped) -> None:
        key = stopped.recipient, stopped.campaign
        self.counts[key] = self.counts.get(key, NOTHING)._replace(stopped=True)
