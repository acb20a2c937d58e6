"""Tokens of an answer's links: which contents have them, and the answer with them in (contract/links.md §2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from stationer.links import Asked, sign
from stationer.links.signing import MOST_COPIES
from stationer.pick.index import Snapshot
from stationer.pick.numbering import PLACE
from stationer.wire.pick import Candidate, Choice
from stationer.wire.words import SLOTS


class Form(NamedTuple):
    """Choices with `PLACE` for each token, what is signed for them, and which token stands in which place."""

    choices: Sequence[Choice]
    asked: tuple[Asked, ...]
    order: tuple[int, ...]


def formed(snapshot: Snapshot, choices: Sequence[Choice]) -> Form | None:
    """The choices of a copy, ready for tokens; None where no link of theirs is tracked."""
    first: dict[str, int] = {}
    asked: list[Asked] = []
    order: list[int] = []
    signed = 0
    for one in candidates(choices):
        digest = one.block.partition(".")[0]
        if (known := snapshot.numbered.get(digest)) is None:
            continue
        count = known.places.count(PLACE)
        if digest not in first:
            first[digest] = signed
            asked.append(known.asked)
            signed += count
        order.extend(range(first[digest], first[digest] + count))
    if not asked:
        return None
    return Form([_with(snapshot, choice) for choice in choices], tuple(asked), tuple(order))


def tokens(snapshot: Snapshot, form: Form, pick: bytes, copy: int) -> Iterable[bytes]:
    """The tokens of a copy in the order in which they stand in its form."""
    return map(sign(snapshot.signer, pick, copy, form.asked).__getitem__, form.order)


def signed(snapshot: Snapshot, choices: Sequence[Choice], pick: bytes | None, copy: int) -> Sequence[Choice]:
    """The choices with tokens; as they are without a pick that a token could name, or beyond the last copy."""
    form = formed(snapshot, choices) if pick is not None and copy < MOST_COPIES else None
    if form is None or pick is None:
        return choices
    ready = iter([token.decode("ascii") for token in tokens(snapshot, form, pick, copy)])
    return [_filled(choice, ready) for choice in form.choices]


def _filled(choice: Choice, ready: Iterator[str]) -> Choice:
    slots = {
        slot: [
            msgspec.structs.replace(one, links=[next(ready) if link else "" for link in one.links])
            for one in getattr(choice, slot)
        ]
        for slot in SLOTS
    }
    return Choice(**slots)


def candidates(choices: Iterable[Choice]) -> Iterable[Candidate]:
    """All candidates in the order in which they are encoded."""
    return (one for choice in choices for slot in SLOTS for one in getattr(choice, slot))


def _with(snapshot: Snapshot, choice: Choice) -> Choice:
    return Choice(**{slot: [_placed(snapshot, one) for one in getattr(choice, slot)] for slot in SLOTS})


def _placed(snapshot: Snapshot, one: Candidate) -> Candidate:
    known = snapshot.numbered.get(one.block.partition(".")[0])
    return one if known is None else Candidate(one.block, one.mark, one.kind, list(known.places))
