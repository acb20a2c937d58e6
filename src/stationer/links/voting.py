"""Where a vote leads, and what it says (contract/surveys.md §2): a link of a survey is known by its target."""

from __future__ import annotations

import re
from typing import NamedTuple

from stationer.wire.words import SCALES, Scale

#: Stands in a target where no address of tokens is known: such a block is looked at and never sent (RFC 2606 §2).
NOWHERE = "https://link.invalid/c/"
_VOTE = re.compile(r"https?://[^?#]+/c/vote/([a-z]{1,8})/(0|[1-9]\d?)", re.IGNORECASE)


class Voted(NamedTuple):
    """One answer of a scale."""

    scale: Scale
    value: int


def vote_target(link_base: str, scale: Scale, value: int) -> str:
    """Where the link of this answer leads as long as it has no token: a page of the edge that says so."""
    return f"{link_base or NOWHERE}vote/{scale}/{value}"


def vote_of(target: str) -> Voted | None:
    """Which answer a target stands for; None for every other link."""
    found = _VOTE.fullmatch(target)
    scale = next((one for one in SCALES if found is not None and found[1] == one), None)
    if found is None or scale is None or int(found[2]) not in SCALES[scale]:
        return None
    return Voted(scale, int(found[2]))
