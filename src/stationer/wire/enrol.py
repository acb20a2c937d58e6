"""POST /api/v1/devices: what a device learns when it is enrolled (contract/http.md §4)."""

from __future__ import annotations

import msgspec


class Enrolling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The request: a name that a person will recognise, and what kind of program it is."""

    name: str
    kind: str = "agent"


class Enrolled(msgspec.Struct, frozen=True):
    """The answer. `token` is shown once; `address` is the member's canonical address."""

    device: str
    token: str
    pen: str
    pen_name: str
    member: str
    address: str
    edge: str
    hold_limit_ms: int
