"""reports(past, deeds): what the edge is to be told of a mail's copies (contract/memory.md §3), as soon as it is sure.

A copy that the server took is told as it left; one that it will never take, as unsent. Nothing else of the mail is
told, and nothing at all of a mail without a pick.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stationer.outbox.state import fold
from stationer.wire.journal import AnyDeed, Carried, Done, Dressed, Entry, Refused, Submitted
from stationer.wire.memory import Report, Used


def reports(past: Iterable[Entry], deeds: Sequence[AnyDeed]) -> list[Report]:
    """What these deeds make sure of. `past` are the entries of the mail before them."""
    state = fold(past)
    dressed = next((deed for deed in deeds if isinstance(deed, Dressed)), state.dressed)
    if dressed is None or not dressed.pick:
        return []
    told: list[Report] = []
    for deed in deeds:
        if isinstance(deed, Submitted):
            told += [_left(dressed.pick, one) for one in dressed.carried[deed.copy : deed.copy + 1]]
        elif isinstance(deed, Refused):
            told += [_unsent(dressed.pick, one) for one in dressed.carried[deed.copy : deed.copy + 1]]
        elif isinstance(deed, Done):
            left = zip(dressed.carried, state.copies, strict=False)
            told += [_unsent(dressed.pick, one) for one, copy in left if not copy.accepted]
    return told


def _left(pick: str, carried: Carried) -> Report:
    if carried.untouched:
        return Report(pick, carried.copy, "untouched", carried.rest)
    return Report(pick, carried.copy, Used(carried.used), carried.rest)


def _unsent(pick: str, carried: Carried) -> Report:
    return Report(pick, carried.copy, "unsent")
