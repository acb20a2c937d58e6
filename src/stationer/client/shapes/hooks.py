"""What the API says of hooks. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType, field


class HookShown(msgspec.Struct, kw_only=True):
    """A webhook. `secret` is there in the answer to the request that made it, and in no other."""

    id: str
    name: str
    url: str
    events: list[str]
    on: bool
    reason: str
    failing_since: datetime | None
    secret: str | None = field(default=None)


class NewHook(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A webhook to be."""

    name: str
    url: str
    events: list[str]


class HookChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed."""

    name: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    events: list[str] | UnsetType | None = UNSET
    on: bool | UnsetType | None = UNSET


class DeliveryShown(msgspec.Struct, kw_only=True):
    """An event on its way: its id for the receiver, how far it got, what was answered last."""

    id: str
    event: str
    state: Literal["waiting", "done", "failed"]
    attempts: int
    made_at: datetime
    status: int | None
    ms: int | None
