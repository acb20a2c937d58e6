"""What the memory of a mail's recipients says of campaigns (contract/memory.md §2), and what of an answer is to be
remembered (§4). Asked for campaigns that want it alone: where none does, nothing here is called.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, get_args

from stationer.pick.counting import NOTHING, Refusal
from stationer.pick.index import Snapshot
from stationer.pick.known import Recipient
from stationer.pick.memory import Lookup
from stationer.pick.people import RollIndex
from stationer.pick.snapshot import Showing
from stationer.pick.walk import recipients_of
from stationer.wire.memory import Asked, AskedCopy
from stationer.wire.pick import Answer, Candidate, Copy, Question
from stationer.wire.words import SLOTS, VARIANTS

#: What a memory says of a campaign that it passes over, in the place of the step that is next.
PASSED_OVER = -1
#: The refusals in the order in which the first is told (contract/pick.md §7).
_ORDER: tuple[Refusal, ...] = get_args(Refusal)


class Reason(NamedTuple):
    """Why recipients' memory passes a campaign over, and how many of them have this reason."""

    why: Refusal
    people: int


class Recall:
    """The memory of those who get one copy, at `now` (Unix ms)."""

    def __init__(
        self, snapshot: Snapshot, lookup: Lookup, recipients: tuple[Recipient, ...], now: int
    ) -> None:
        self._snapshot, self._lookup, self._now = snapshot, lookup, now
        self._keys = tuple(recipient.key for recipient in recipients)
        self._found: dict[int, int] = {}

    def shows(self, campaign: int, message: Showing) -> bool:
        """Whether this message of the campaign (its number) may be shown to all of them."""
        if not self._snapshot.remembering >> campaign & 1:
            return True
        step = self.step(campaign)
        if step == PASSED_OVER:
            return False
        return not step or self._snapshot.compiled.campaigns[campaign].messages[step - 1] is message

    def step(self, campaign: int) -> int:
        """Of a campaign that asks: which message of its sequence is next (from 1; 0: it is none), or PASSED_OVER."""
        found = self._found.get(campaign)
        if found is None:
            found = self._found[campaign] = self._ask(campaign)
        return found

    def said(self) -> Iterable[tuple[int, int]]:
        """The campaigns that were asked about, in that order, with the answers."""
        return self._found.items()

    def _ask(self, campaign: int) -> int:
        """The lowest step that any recipient still needs: nobody skips one. The first refusal is enough."""
        offer, allowance = self._snapshot.compiled.campaigns[campaign], self._snapshot.allowances[campaign]
        seen = allowance.steps if self._keys else 0
        for key in self._keys:
            count = self._lookup(key, offer.id)
            if count is not NOTHING and allowance.refusal(count, self._now):
                return PASSED_OVER
            seen = min(seen, count.step)
        if not allowance.steps:
            return 0
        return PASSED_OVER if seen >= allowance.steps else seen + 1

    def reason(self, campaign: int) -> Reason | None:
        """Why a campaign that asks is passed over: the first reason in order that any of them has; None: it is not."""
        if self.step(campaign) != PASSED_OVER:
            return None
        offer, allowance = self._snapshot.compiled.campaigns[campaign], self._snapshot.allowances[campaign]
        counts = [self._lookup(key, offer.id) for key in self._keys]
        refusals: list[Refusal] = [allowance.refusal(count, self._now) for count in counts]
        if allowance.steps and all(count.step >= allowance.steps for count in counts):
            refusals = [why if why == "stopped" else "sequence" for why in refusals]
        first: Refusal = min((why for why in refusals if why), key=_ORDER.index)
        return Reason(first, refusals.count(first))


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
