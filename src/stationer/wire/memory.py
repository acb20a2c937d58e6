"""What an edge writes down of each recipient: asked, sent, stopped (contract/memory.md §4)."""

from __future__ import annotations

import msgspec


class Offered(msgspec.Struct, frozen=True, array_like=True):
    """A candidate whose campaign has a memory: its mark, its campaign, and which message of the sequence it is.

    `step` counts from 1; 0 where the campaign is no sequence.
    """

    mark: str
    campaign: str
    step: int = 0


class AskedCopy(msgspec.Struct, frozen=True, array_like=True):
    """One copy of the answer: the recipient keys, 8 bytes each, and what stood in line for them."""

    recipients: bytes
    offered: tuple[Offered, ...]


class Asked(msgspec.Struct, frozen=True, array_like=True, tag="asked"):
    """A pick that named a campaign with a memory, and when (Unix ms). `copies` has one entry for each copy."""

    pick: str
    at: int
    copies: tuple[AskedCopy, ...]


class Sent(msgspec.Struct, frozen=True, array_like=True, tag="sent"):
    """A copy left with these marks in it; with none it left as written, or did not leave."""

    pick: str
    copy: int
    at: int
    used: tuple[str, ...] = ()


class Stopped(msgspec.Struct, frozen=True, array_like=True, tag="stopped"):
    """A recipient (key, 8 bytes) has clicked a link of a campaign that stops after a click."""

    recipient: bytes
    campaign: str


Record = Asked | Sent | Stopped
