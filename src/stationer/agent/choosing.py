"""From the edge's answer to the blocks of each copy: which candidates go in, and for whom
(contract/http.md §1).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stationer.wire.pick import Answer, Candidate, Choice
from stationer.wire.words import SLOTS, Slot, Variant


@dataclass(frozen=True)
class Chosen:
    """One copy: its recipients, what goes in, slot by slot and in order, and its index in the answer; `rest`: somebody
    gets it whom the edge was not told; `marked`: the edge calls it the copy of the rest."""

    recipients: tuple[str, ...]
    candidates: tuple[tuple[Slot, Candidate], ...]
    index: int = 0
    rest: bool = False
    marked: bool = False


def choose(
    answer: Answer, variant: Variant, marks: Collection[str], shown: Sequence[str], bcc: Sequence[str]
) -> tuple[Chosen, ...]:
    """The copies, that of the rest first, though nobody may get it: a sealed mail is stamped as it is.

    Who is in no copy (and Bcc, unknown to the edge) goes with the rest.
    """
    taken: set[str] = set()
    named: list[tuple[bool, tuple[str, ...], Choice]] = []
    for copy in answer.copies:
        people = [shown[n] for n in copy.to if 0 <= n < len(shown) and shown[n] not in taken]
        taken.update(people)
        named.append((copy.rest, tuple(dict.fromkeys(people)), getattr(copy, variant)))
    left = tuple(address for address in dict.fromkeys((*shown, *bcc)) if address not in taken)
    rest = next((n for n, (is_rest, _, _) in enumerate(named) if is_rest), 0)
    copies = [
        Chosen(
            people + (left if n == rest else ()),
            candidates(choice, marks),
            n,
            n == rest and bool(left),
            is_rest,
        )
        for n, (is_rest, people, choice) in enumerate(named)
    ]
    ordered = [copies[rest], *copies[:rest], *copies[rest + 1 :]] if copies else []
    return tuple(copy for copy in ordered if copy.recipients or copy.marked)


def candidates(choice: Choice, marks: Collection[str]) -> tuple[tuple[Slot, Candidate], ...]:
    """Every template, then the first message, of those whose mark does not stand in the quote yet."""
    found: list[tuple[Slot, Candidate]] = []
    for slot in SLOTS:
        fresh = [one for one in getattr(choice, slot) if one.mark not in marks]
        found += [(slot, one) for one in fresh if one.kind == "template"]
        found += [(slot, one) for one in fresh if one.kind == "message"][:1]
    return tuple(found)


def templates(choice: Choice) -> tuple[tuple[Slot, Candidate], ...]:
    """What is kept as the last good stationery: templates, without link tokens."""
    return tuple(
        (slot, Candidate(one.block, one.mark, one.kind))
        for slot in SLOTS
        for one in getattr(choice, slot)
        if one.kind == "template"
    )
