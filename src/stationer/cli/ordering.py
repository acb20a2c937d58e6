"""A pick as an order for `stationer stamp --order`: what an agent would put in, made from a snapshot alone."""

from __future__ import annotations

import base64
from typing import Any

from stationer import pick, stamp
from stationer.compose import fill
from stationer.wire.content import Block
from stationer.wire.pick import Answer
from stationer.wire.words import Variant


def order_of(
    snapshot: pick.Snapshot, roll: pick.RollIndex, answer: Answer, variant: Variant
) -> list[dict[str, Any]]:
    """The entries of the copy that the rest gets, with plain link targets; pictures that the snapshot has go along."""
    from stationer.agent.choosing import candidates
    from stationer.agent.illustrating import blocks_of

    rest = next(copy for copy in answer.copies if copy.rest)
    chosen = candidates(getattr(rest, variant), ())
    known: dict[str, Block] = {}
    for _, one in chosen:
        if found := pick.block(snapshot, roll, one.block):
            known[one.block] = fill(*found, name=one.block)
    octets = {digest: picture.data for digest, picture in snapshot.compiled.pictures.items()}
    return [_entry(block) for block in blocks_of(chosen, known, octets)]


def _entry(block: stamp.Block) -> dict[str, Any]:
    said: dict[str, Any] = {"slot": block.slot, "html": block.html, "text": block.text, "mark": block.mark}
    if block.pictures:
        said["pictures"] = [
            {"name": one.name, "type": one.type, "data": base64.b64encode(one.data).decode()}
            for one in block.pictures
        ]
    return said
