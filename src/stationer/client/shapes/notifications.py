"""What the API says of notifications. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType


class NotificationsShown(msgspec.Struct, kw_only=True):
    """What they say now, on which host, since when and by whom; version 0 is as they come."""

    host: str
    address: str
    phone: str
    tag: str
    languages: list[str]
    words: dict[str, dict[str, str]]
    notification: dict[str, dict[str, str]]
    message: dict[str, dict[str, str]]
    version: int
    made_at: datetime | None
    made_by: str


class Notifications(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What they say; all of it is replaced. `words`: your own by language and name. `notification`,
    `message`: disclaimers by package id and language. `version`: the one that this was written upon; left
    out: whichever is in force."""

    address: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    languages: list[str] | UnsetType = UNSET
    words: dict[str, dict[str, str]] | UnsetType = UNSET
    notification: dict[str, dict[str, str]] | UnsetType = UNSET
    message: dict[str, dict[str, str]] | UnsetType = UNSET
    version: int | UnsetType | None = UNSET
