"""Blocks of the edge become blocks of the stamp: with their pictures inside, or linked (contract/content.md §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from stationer import stamp
from stationer.compose import complete
from stationer.stamp.pictures import MOST_BYTES, MOST_PICTURES
from stationer.wire.content import Block
from stationer.wire.pick import Candidate
from stationer.wire.words import Slot

Chosen = Sequence[tuple[Slot, Candidate]]


def blocks_of(
    candidates: Chosen, known: Mapping[str, Block], octets: Mapping[str, bytes]
) -> tuple[stamp.Block, ...]:
    """Candidates with their links filled in. A block that is not known is left out.

    One whose pictures are all in `octets` (by digest) brings them along as long as the stamp takes them; any other
    is linked. Raises ValueError for what stamp does not take.
    """
    carried: dict[str, int] = {}
    found = []
    for slot, one in candidates:
        if one.block not in known:
            continue
        block = known[one.block]
        own = {picture.digest: len(octets.get(picture.digest, b"")) for picture in block.pictures}
        if own and all(own.values()) and _fits(carried | own):
            carried |= own
            found.append(_embedded(slot, one, block, octets))
        else:
            found.append(stamp.Block(slot, *complete(block, one.links), mark=one.mark))
    return tuple(found)


def _fits(carried: Mapping[str, int]) -> bool:
    return len(carried) <= MOST_PICTURES and sum(carried.values()) <= MOST_BYTES


def _embedded(slot: Slot, one: Candidate, block: Block, octets: Mapping[str, bytes]) -> stamp.Block:
    html, text = complete(block, one.links, embed=True)
    try:
        pictures = tuple(stamp.Picture(p.name, p.type, octets[p.digest]) for p in block.pictures)
        return stamp.Block(slot, html, text, one.mark, pictures)
    except ValueError:  # `cid:` of something else in what a person's attributes say
        return stamp.Block(slot, *complete(block, one.links), mark=one.mark)


def linked(candidates: Chosen, known: Mapping[str, Block]) -> tuple[stamp.Block, ...]:
    """The same without any picture inside; nothing when no block has one, so that it would be no other."""
    if not any(known[one.block].pictures for _, one in candidates if one.block in known):
        return ()
    return blocks_of(candidates, known, {})


def digests(blocks: Collection[Block]) -> list[str]:
    """The pictures that these blocks call, sorted."""
    return sorted({picture.digest for block in blocks for picture in block.pictures})
