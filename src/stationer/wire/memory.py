"""What an edge writes down of each recipient: asked, sent, stopped (contract/memory.md §4)."""

from __future__ import annotations

from typing import Annotated, Literal

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
    """A copy left with these marks in it; with none it left as written, or did not leave. `at` (Unix ms): when that
    was reported."""

    pick: str
    copy: int
    at: int
    used: tuple[str, ...] = ()


class Stopped(msgspec.Struct, frozen=True, array_like=True, tag="stopped"):
    """A recipient (key, 8 bytes) has clicked a link of a campaign that stops after a click."""

    recipient: bytes
    campaign: str


Record = Asked | Sent | Stopped


#: As ids and marks are written: nothing that a database or a log could stumble over.
Pick = Annotated[str, msgspec.Meta(max_length=40, pattern="^[A-Za-z0-9_.-]*$")]
Mark = Annotated[str, msgspec.Meta(max_length=64, pattern="^[A-Za-z0-9_.-]*$")]


class Used(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marks that a copy left with."""

    used: Annotated[tuple[Mark, ...], msgspec.Meta(max_length=64)]


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What became of a copy: one entry of `POST /v1/sent`. `rest` false: nobody got it whom the edge was not told, so
    there was no Bcc. Nothing else of a mail is told (law 3)."""

    pick: Pick
    copy: Annotated[int, msgspec.Meta(ge=0, le=1_000)]
    outcome: Used | Literal["untouched", "unsent"]
    rest: bool = True


class State(msgspec.Struct, frozen=True):
    """The payload of state.stn: what an edge is told of recipients. By campaign: `stops` has the keys of those who
    clicked, 8 bytes each; `counts`, by the name of the edge that counted, rows as `pick.counting` packs them.
    `links`, by id (12 bytes), where links lead that senders made (contract/links.md §3). `visits`: the domains of web
    sites that are told of clicks (contract/visits.md §1)."""

    pen: str
    stops: dict[str, bytes] = {}
    counts: dict[str, dict[str, bytes]] = {}
    links: dict[bytes, str] = {}
    visits: tuple[str, ...] = ()


class Checkpoint(msgspec.Struct, frozen=True):
    """What a worker knew when it wrote it down: how far it had read each segment, and its `Fold`, packed."""

    read: dict[str, int]
    fold: bytes


class Fold(msgspec.Struct, frozen=True):
    """All that a memory holds. `counts` by campaign: rows (`pick.counting`). `known` are (pick, copy, time) that
    count no more; the others are halves that wait for their other half."""

    counts: dict[str, bytes]
    asked: tuple[Asked, ...] = ()
    early: tuple[Sent, ...] = ()
    known: tuple[tuple[str, int, int], ...] = ()
