"""What the API says of company. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from stationer.client.shapes.publishing import DifferenceShown


class CompanyShown(msgspec.Struct, kw_only=True):
    """The company as a file (YAML)."""

    of: Literal["now", "force"]
    text: str


class ArrivalShown(msgspec.Struct, kw_only=True):
    """A company file that was sent: how many changes of each kind and sort, and the share (per cent) that
    goes."""

    id: str
    name: str
    state: Literal["checked", "done", "undone"]
    absent: Literal["keep", "remove"]
    counts: dict[str, dict[str, int]]
    share: int
    lacks: list[str]
    left: list[str]
    created_at: datetime
    applied_at: datetime | None


class CompanyChange(msgspec.Struct, kw_only=True):
    """One change, and which fields differ."""

    what: Literal["added", "changed", "removed", "kept"]
    kind: str
    name: str
    fields: list[DifferenceShown]


class Going(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`sure`: also where more would go than is rarely meant."""

    sure: bool | UnsetType = UNSET
