"""The arithmetic of figures (contract/figures.md §2): one mail after the other is added, sums and people come out.

Pure: what it counts was read by `rolling.telling`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stationer.portal.statistics.rolling import sketch
from stationer.portal.statistics.rolling.telling import Told

#: A campaign (None: the PEN, or a template's parts) and its message or template (None: the whole).
Key = tuple[str | None, str | None]
WHOLE: Key = (None, None)
#: Of an hour: mails, clicked, raw, human, held, raw then, human then. Of a part of a day: the first four.
MAILS, CLICKED, RAW, HUMAN, HELD, RAW_THEN, HUMAN_THEN = range(7)
Sums = list[int]
#: A kind of part (a member, a domain, a list), its key.
Part = tuple[str, str]
#: Addresses that are remembered.
REMEMBERED = 200_000


class Hour:
    """The sums of an hour."""

    def __init__(self) -> None:
        self.sums: dict[Key, Sums] = defaultdict(lambda: [0] * 7)

    def add(self, mail: Told) -> dict[Key, Sums]:
        """Count a mail. Returns what it alone came to, by key; nothing where it does not count and has nothing."""
        found = _of(mail)
        for key, (mails, clicked, raw, human, held) in found.items():
            sums = self.sums[key]
            sums[0] += mails
            sums[4] += held
            if raw:
                sums[1] += clicked
                sums[2] += raw
                sums[3] += human
        return found

    def then(self, rows: Iterable[tuple[str | None, int, int]]) -> None:
        """Count hits of this hour, by campaign and without one."""
        for campaign, raw, human in rows:
            for key in {WHOLE, (campaign, None)}:
                self.sums[key][RAW_THEN] += raw
                self.sums[key][HUMAN_THEN] += human


def _of(mail: Told) -> dict[Key, Sums]:
    found: dict[Key, Sums] = {}
    if mail.used or mail.hits:
        found[WHOLE] = [1, 0, 0, 0, 0]
    for _, campaign, of, human in mail.hits:
        for key in {WHOLE, (campaign, None), (campaign, of)}:
            _click(found, key, human)
    for _, campaign, of, used, held in mail.shown:
        if held:
            if WHOLE in found:
                _sums(found, (campaign, None))[HELD] = 1
        elif used or (used is None and (campaign, of) in found):
            _sums(found, (campaign, of))[MAILS] = 1
            if campaign is not None:
                _sums(found, (campaign, None))[MAILS] = 1
    return found


def _sums(found: dict[Key, Sums], key: Key) -> Sums:
    sums = found.get(key)
    if sums is None:
        sums = found[key] = [0, 0, 0, 0, 0]
    return sums


def _click(found: dict[Key, Sums], key: Key, human: int | None) -> None:
    sums = _sums(found, key)
    sums[RAW] += 1
    if human:
        sums[HUMAN] += 1
        sums[CLICKED] = 1


class _Person(NamedTuple):
    """An address: its value in sketches (none where a domain alone is known), and the parts a mail to it is in."""

    value: int | None
    parts: tuple[tuple[str, str], ...]


class People:
    """What is known of addresses: made once for each of them, remembered from day to day."""

    def __init__(self, key: bytes, lists: Mapping[str, Iterable[str]]) -> None:
        """`key`: under which people are hashed; `lists`: the keys of an address's lists."""
        self._key, self._lists = key, lists
        self._known: dict[str, _Person] = {}

    def __getitem__(self, address: str) -> _Person:
        found = self._known.get(address)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[address] = self._made(address)
        return found

    def _made(self, address: str) -> _Person:
        domain = address[address.find("@") + 1 :].lower()
        parts = (("domain", domain), *(("list", one) for one in self._lists.get(address, ())))
        return _Person(None if address.startswith("@") else sketch.value(self._key, address), parts)


class Day:
    """The parts of a day, and its people."""

    def __init__(self, people: People) -> None:
        self.parts: dict[Part, dict[str | None, Sums]] = defaultdict(lambda: defaultdict(lambda: [0] * 4))
        self.people: dict[Key, dict[str, sketch.Smallest]] = defaultdict(lambda: defaultdict(sketch.Smallest))
        self._person = people

    def add(self, mail: Told, found: Mapping[Key, Sums]) -> None:
        """Count a mail of which this is what it came to."""
        if not found:
            return
        to = [self._person[address] for _, address in mail.to]
        parts: Iterable[Part] = to[0].parts if len(to) == 1 else {part for one in to for part in one.parts}
        for part in (("member", mail.sender or ""), *parts):
            sums_of = self.parts[part]
            for (campaign, of), (mails, clicked, raw, human, _) in found.items():
                if of is None and (mails or raw):
                    sums = sums_of[campaign]
                    sums[0] += mails
                    if raw:
                        sums[1] += clicked
                        sums[2] += raw
                        sums[3] += human
        values = [one.value for one in to if one.value is not None]
        if values:
            self._meet(mail, found, values)

    def _meet(self, mail: Told, found: Mapping[Key, Sums], values: Iterable[int]) -> None:
        sure = mail.alone + (mail.alone and any(human for *_, human in mail.hits))
        for key, sums in found.items():
            whats = _said(key, sums, sure)
            if whats:
                people = self.people[key]
                for what in whats:
                    one = people[what]
                    for value in values:
                        if value < one.bound:
                            one.add(value)


def _said(key: Key, sums: Sums, sure: int) -> tuple[str, ...]:
    """In which sketches the people of a mail are, of a key with these sums. A template has none of its own."""
    if key == WHOLE:
        return ("reached",)
    if key[0] is None:
        return ()
    said = _SEEN[sure] if sums[MAILS] else ()
    return said + _HELD[sure] if sums[HELD] else said


#: By how much is known of a mail: to whom it went alone (1), and that they clicked (2).
_SEEN = (("reached",), ("reached", "seen"), ("reached", "seen", "seen-clicked"))
_HELD = ((), ("held",), ("held", "held-clicked"))
