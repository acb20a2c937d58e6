"""What the memory of a mail's recipients says of campaigns (contract/memory.md §2), and what of an answer is to be
remembered (§4). Asked for campaigns that want it alone: where none does, nothing here is called.
"""

from __future__ import annotations

from typing import NamedTuple

from stationer.pick.counting import Allowance, Count, Refusal
from stationer.pick.index import Snapshot
from stationer.pick.known import Recipient
from stationer.pick.memory import Lookup
from stationer.pick.people import RollIndex
from stationer.pick.snapshot import Showing
from stationer.pick.walk import recipients_of
from stationer.wire.memory import Asked, AskedCopy
from stationer.wire.pick import Answer, Candidate, Copy, Question
from stationer.wire.words import SLOTS, VARIANTS


class Recalled(NamedTuple):
    """What recipients' memory says of one campaign: why it is passed over, by how many of them; or which message of
    its sequence is next (from 1; 0: it is none)."""

    why: Refusal = ""
    people: int = 0
    step: int = 0


class Recall:
    """The memory of those who get one copy, at `now` (Unix ms)."""

    def __init__(
        self, snapshot: Snapshot, lookup: Lookup, recipients: tuple[Recipient, ...], now: int
    ) -> None:
        self._snapshot, self._lookup, self._now = snapshot, lookup, now
        self._keys = tuple(recipient.key for recipient in recipients)
        self._found: dict[int, Recalled] = {}

    def shows(self, campaign: int, message: Showing) -> bool:
        """Whether this message of the campaign (its number) may be shown to all of them."""
        if not self._snapshot.remembering >> campaign & 1:
            return True
        said = self.of(campaign)
        if said.why:
            return False
        return not said.step or self._snapshot.compiled.campaigns[campaign].messages[said.step - 1] is message

    def of(self, campaign: int) -> Recalled:
        """What is remembered about a campaign that asks."""
        found = self._found.get(campaign)
        if found is None:
            found = self._found[campaign] = self._ask(campaign)
        return found

    def all_of(self, eligible: int) -> tuple[tuple[int, str, int], ...]:
        """What is remembered about each of these campaigns (a mask) that asks, in brief."""
        said, asking = [], eligible & self._snapshot.remembering
        while asking:
            lowest = asking & -asking
            recalled = self.of(lowest.bit_length() - 1)
            said.append((lowest, recalled.why, recalled.step))
            asking ^= lowest
        return tuple(said)

    def _ask(self, campaign: int) -> Recalled:
        offer = self._snapshot.compiled.campaigns[campaign]
        allowance = self._snapshot.allowances[campaign]
        counts = [self._lookup(key, offer.id) for key in self._keys]
        refusals = [why for count in counts if (why := allowance.refusal(count, self._now))]
        if refusals:
            return Recalled(refusals[0], refusals.count(refusals[0]))
        return _next(allowance, counts) if allowance.steps else Recalled()


def _next(allowance: Allowance, counts: list[Count]) -> Recalled:
    """The lowest step that any recipient still needs: nobody skips one."""
    seen = min((count.step for count in counts), default=0)
    return Recalled("sequence", len(counts)) if seen >= allowance.steps else Recalled(step=seen + 1)


def asked(snapshot: Snapshot, roll: RollIndex, question: Question, answer: Answer, at: int) -> Asked | None:
    """What is to be written down of an answer that was given at `at` (Unix ms); None when it names no campaign that
    asks for memory."""
    marks = snapshot.remembered
    offered = [
        {one.mark: marks[one.mark] for line in _lines(copy) for one in line if one.mark in marks}
        for copy in answer.copies
    ]
    if not any(offered):
        return None
    written = [*question.to, *question.cc]
    found = recipients_of(snapshot, roll, written)
    copies = []
    for copy, named in zip(answer.copies, offered, strict=True):
        keys = dict.fromkeys(found[n].key for n in copy.to if found[n].address)
        copies.append(AskedCopy(b"".join(keys), tuple(named.values())))
    return Asked(answer.pick, at, tuple(copies))


def _lines(copy: Copy) -> list[list[Candidate]]:
    choices = (getattr(copy, variant) for variant in VARIANTS)
    return [getattr(choice, slot) for choice in choices for slot in SLOTS]
