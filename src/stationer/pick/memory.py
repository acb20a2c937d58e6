"""records → counts: what each recipient has been sent of each campaign, folded in any order (contract/memory.md §4).

A count exists when both halves are known: what was asked (who, and which campaigns stood in line) and what was sent
(which marks were used). Whichever comes first waits for the other. The mail's moment is that of the asking.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container, Iterator, Mapping
from typing import Protocol

from stationer.pick.counting import KEY, NOTHING, ROW, Count, both, one_more, packed, unpacked
from stationer.wire.memory import Asked, AskedCopy, Fold, Record, Sent, State, Stopped

#: Halves that wait for their other half, of each kind; of more the oldest are forgotten.
MOST_WAITING = 100_000
#: (pick, copy) whose outcome is known and counts no more.
MOST_KNOWN = 1_000_000
#: A client reports for seven days; so long, and a day more, a pick waits for its outcome (ms).
PATIENCE_MS = 8 * 86_400_000
#: An outcome waits for its pick, which another worker knew before it was answered (ms).
EARLY_MS = 3_600_000
#: A campaign that is no longer in force may come back: its counts are kept for so long after the last mail (ms).
RETIRED_MS = 400 * 86_400_000

Rows = dict[bytes, bytes]


class Lookup(Protocol):
    """What pick asks of a memory."""

    def __call__(self, recipient: bytes, campaign: str) -> Count:
        """What this recipient (key) was sent of this campaign."""


def nobody(recipient: bytes, campaign: str) -> Count:
    """The memory of whoever counts nothing: the same for every recipient."""
    return NOTHING


class Memory:
    """All counts of one PEN. One writer at a time; `count` may be asked from any thread."""

    def __init__(self) -> None:
        self._counts: dict[str, Rows] = {}
        self._told: dict[str, Rows] = {}
        self._asked: OrderedDict[str, tuple[int, dict[int, AskedCopy]]] = OrderedDict()
        self._early: OrderedDict[tuple[str, int], Sent] = OrderedDict()
        self._known: OrderedDict[tuple[str, int], int] = OrderedDict()
        self.dropped = 0

    def count(self, recipient: bytes, campaign: str) -> Count:
        """What this recipient (key) was sent of this campaign."""
        own = self._counts.get(campaign, {}).get(recipient)
        told = self._told.get(campaign, {}).get(recipient) if self._told else None
        if own is None or told is None:
            held = own or told
            return unpacked(held) if held else NOTHING
        return both(unpacked(own), unpacked(told))

    def size(self) -> int:
        """(recipient, campaign) that have a count."""
        return sum(map(len, list(self._counts.values())))

    def waiting(self) -> int:
        """Picks whose outcome is not known yet."""
        return len(self._asked)

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
        open_ = {n: copy for n, copy in enumerate(asked.copies) if (asked.pick, n) not in self._known}
        for number in [n for n in open_ if (asked.pick, n) in self._early]:
            self._add(asked.at, open_.pop(number), self._early.pop((asked.pick, number)))
        if open_:
            self._asked[asked.pick] = asked.at, open_
        self._shorten()

    def _learn_sent(self, sent: Sent) -> None:
        if (sent.pick, sent.copy) in self._known:
            return
        at, open_ = self._asked.get(sent.pick, (0, None))
        if open_ is None:
            self._early.setdefault((sent.pick, sent.copy), sent)
        elif (copy := open_.pop(sent.copy, None)) is not None:
            self._add(at, copy, sent)
            if not open_:
                del self._asked[sent.pick]
        self._shorten()

    def _shorten(self) -> None:
        for held, most in (
            (self._asked, MOST_WAITING),
            (self._early, MOST_WAITING),
            (self._known, MOST_KNOWN),
        ):
            while len(held) > most:
                held.popitem(last=False)
                self.dropped += 1

    def _add(self, at: int, copy: AskedCopy, sent: Sent) -> None:
        """A campaign counts once for a mail, however many of its messages stand in it."""
        self._known[sent.pick, sent.copy] = at
        used = frozenset(sent.used)
        shown = {offered.campaign: offered.step for offered in copy.offered if offered.mark in used}
        for campaign, step in shown.items():
            rows = self._counts.setdefault(campaign, {})
            for recipient in _keys(copy.recipients):
                rows[recipient] = packed(one_more(_count(rows, recipient), at, step))

    def _stop(self, stopped: Stopped) -> None:
        rows = self._counts.setdefault(stopped.campaign, {})
        count = _count(rows, stopped.recipient)
        rows[stopped.recipient] = packed(count._replace(stopped=True))

    def forget(self, now: int, campaigns: Container[str]) -> None:
        """Give up halves that have waited too long at `now` (Unix ms), reports that nobody repeats any more, and old
        counts of what is none of the `campaigns` in force."""
        for pick in [pick for pick, (at, _) in self._asked.items() if at < now - PATIENCE_MS]:
            del self._asked[pick]
        for key in [key for key, sent in self._early.items() if sent.at < now - EARLY_MS]:
            del self._early[key]
        for key in [key for key, at in self._known.items() if at < now - PATIENCE_MS]:
            del self._known[key]
        for campaign in [campaign for campaign in self._counts if campaign not in campaigns]:
            rows = self._counts[campaign]
            dated = {key: _dated(row, now) for key, row in rows.items()}
            kept = {key: row for key, row in dated.items() if unpacked(row).last >= now - RETIRED_MS}
            self._counts = {**self._counts, campaign: kept} if kept else _without(self._counts, campaign)

    def told(self, state: State, edge: str) -> None:
        """Take what the portal tells in the place of what it told before; what `edge` itself counted is here."""
        told: dict[str, Rows] = {}
        for name, counts in state.counts.items():
            for campaign, data in counts.items() if name != edge else ():
                _join(told.setdefault(campaign, {}), data)
        for campaign, recipients in state.stops.items():
            rows = told.setdefault(campaign, {})
            for recipient in _keys(recipients):
                rows[recipient] = packed(_count(rows, recipient)._replace(stopped=True))
        self._told = told

    def kept(self) -> Fold:
        """All of it but what the portal told, to be written down."""
        return Fold(
            counts={campaign: _data(rows) for campaign, rows in self._counts.items()},
            asked=tuple(_asked(pick, *held) for pick, held in self._asked.items()),
            early=tuple(self._early.values()),
            known=tuple((pick, copy, at) for (pick, copy), at in self._known.items()),
        )

    def resume(self, fold: Fold) -> None:
        """What was written down, in a memory that knows nothing yet."""
        self._counts = {campaign: dict(_rows(data)) for campaign, data in fold.counts.items()}
        self._known = OrderedDict(((pick, copy), at) for pick, copy, at in fold.known)
        for asked in fold.asked:
            self.fold(asked)
        for sent in fold.early:
            self.fold(sent)


def _dated(row: bytes, now: int) -> bytes:
    """A stop of somebody who was sent nothing has no moment: its time begins when its campaign is missed."""
    count = unpacked(row)
    return packed(count._replace(last=now)) if count.stopped and not count.last else row


def _without(counts: Mapping[str, Rows], campaign: str) -> dict[str, Rows]:
    return {name: rows for name, rows in counts.items() if name != campaign}


def _keys(data: bytes) -> Iterator[bytes]:
    return (data[start : start + KEY] for start in range(0, len(data) - KEY + 1, KEY))


def _rows(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for start in range(0, len(data) - ROW + 1, ROW):
        yield data[start : start + KEY], data[start + KEY : start + ROW]


def _data(rows: Mapping[bytes, bytes]) -> bytes:
    return b"".join(key + count for key, count in rows.items())


def _join(rows: Rows, data: bytes) -> None:
    for recipient, count in _rows(data):
        rows[recipient] = packed(both(_count(rows, recipient), unpacked(count)))


def _count(rows: Mapping[bytes, bytes], recipient: bytes) -> Count:
    held = rows.get(recipient)
    return unpacked(held) if held is not None else NOTHING


def _asked(pick: str, at: int, open_: Mapping[int, AskedCopy]) -> Asked:
    """The record again; copies that are known already have nobody in them."""
    nobody = AskedCopy(b"", ())
    return Asked(pick, at, tuple(open_.get(n, nobody) for n in range(max(open_) + 1)))
