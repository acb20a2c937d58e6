"""Which links of a content have tokens (contract/links.md §1), and which one is the decoy (§6)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stationer.links.signing import DECOY
from stationer.wire.content import Target

#: Addresses by which somebody says no: nobody is followed there.
LEFT_ALONE = re.compile(r"unsubscribe|opt-?out|abmeld|abbestell", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)


def decoy_of(link_base: str) -> str:
    """Where the link leads that nobody sees: a page of the edge that says so."""
    return f"{link_base}decoy"


def tracked(targets: Sequence[Target], link_base: str) -> tuple[tuple[int, int], ...]:
    """The links that have tokens: their number in the content, and as a token names it. None where no address of
    tokens is known (`link_base`)."""
    if not link_base:
        return ()
    last = len(targets) - 1
    decoy = [(last, DECOY)] if targets and targets[last] == decoy_of(link_base) else []
    plain = [(n, n) for n, target in enumerate(targets[:DECOY]) if (n, DECOY) not in decoy and _is(target)]
    return (*plain, *decoy) if plain else ()


def _is(target: Target) -> bool:
    return isinstance(target, str) and bool(_WEB.match(target)) and not LEFT_ALONE.search(target)
