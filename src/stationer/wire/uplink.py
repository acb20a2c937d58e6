"""What an edge tells the portal: whom a pick was addressed to, what became of it, who clicked (uplink.md §2)."""

from __future__ import annotations

from typing import Literal

import msgspec


class Offer(msgspec.Struct, frozen=True, array_like=True):
    """A candidate of a copy: its mark; the campaign and the message, or no campaign and the template; the content's
    first 6 bytes."""

    mark: str
    campaign: str
    of: str
    content: bytes


class AddressedCopy(msgspec.Struct, frozen=True, array_like=True):
    """One copy of an answer: how many recipients the edge was told, their addresses (or `@domain`), whether unnamed
    ones (Bcc) may go with it, and its candidates."""

    count: int
    addresses: tuple[str, ...]
    rest: bool
    offers: tuple[Offer, ...]


class Addressed(msgspec.Struct, frozen=True, array_like=True, tag="addressed"):
    """A pick: when (Unix ms), by which member. `held`: campaigns that the holdout kept back from it."""

    pen: str
    pick: str
    at: int
    sender: str
    copies: tuple[AddressedCopy, ...]
    held: tuple[str, ...] = ()


class Reported(msgspec.Struct, frozen=True, array_like=True, tag="reported"):
    """What became of a copy, as its client told at `at` (Unix ms). `rest` false: nobody got it whom the edge was not
    told."""

    pen: str
    pick: str
    copy: int
    at: int
    outcome: Literal["used", "untouched", "unsent"]
    used: tuple[str, ...] = ()
    rest: bool = True


class Clicked(msgspec.Struct, frozen=True, array_like=True, tag="clicked"):
    """A token was asked for at `at` (Unix ms), and its tag was right. `hints` by name of the header, lower case.
    `visit`: the 12 bytes by which its web site was told of it (contract/visits.md §1), or none."""

    pen: str
    token: bytes
    at: int
    method: str
    address: str
    agent: str
    hints: dict[str, str] = {}
    visit: bytes = b""


class Remembered(msgspec.Struct, frozen=True, array_like=True, tag="remembered"):
    """A record of the memory (`wire.memory.Record`), encoded as its journal has it."""

    pen: str
    record: bytes


class Lost(msgspec.Struct, frozen=True, array_like=True, tag="lost"):
    """Clicks that were answered and not written, until `at` (Unix ms)."""

    pen: str
    at: int
    clicks: int


Told = Addressed | Reported | Clicked | Remembered | Lost
