"""What the API says of alerts. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class RuleShown(msgspec.Struct, kw_only=True):
    """A rule of alerts."""

    id: str
    about: Literal["any", "campaigns", "links", "surveys"]
    campaigns: list[str]
    answer: Literal["any", "low", "comment"]
    most: int
    whom: Literal["sender", "owner", "address"]
    address: str
    pace: Literal["at-once", "digest", "never"]
    least: int


class NewRule(msgspec.Struct, kw_only=True, omit_defaults=True):
    """When somebody clicks a link of these, tell that person, so soon, when it is at least so sure (0 to
    100). Of `about` surveys `answer` says which answers; a low one is at most `most` of 5 stars, or as
    low."""

    about: Literal["any", "campaigns", "links", "surveys"] | UnsetType = UNSET
    campaigns: list[str] | UnsetType = UNSET
    answer: Literal["any", "low", "comment"] | UnsetType = UNSET
    most: int | UnsetType = UNSET
    whom: Literal["sender", "owner", "address"] | UnsetType = UNSET
    address: str | UnsetType = UNSET
    pace: Literal["at-once", "digest", "never"] | UnsetType = UNSET
    least: int | UnsetType = UNSET


class RuleChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed."""

    about: Literal["any", "campaigns", "links", "surveys"] | UnsetType | None = UNSET
    campaigns: list[str] | UnsetType | None = UNSET
    answer: Literal["any", "low", "comment"] | UnsetType | None = UNSET
    most: int | UnsetType | None = UNSET
    whom: Literal["sender", "owner", "address"] | UnsetType | None = UNSET
    address: str | UnsetType | None = UNSET
    pace: Literal["at-once", "digest", "never"] | UnsetType | None = UNSET
    least: int | UnsetType | None = UNSET


class AlertShown(msgspec.Struct, kw_only=True):
    """An alert: to whom, how soon, how far it got, when its reader clicked first and last."""

    id: str
    to: str
    pace: Literal["at-once", "digest", "never"]
    state: Literal["waiting", "done", "dropped", "failed"]
    first_at: datetime
    last_at: datetime
    done_at: datetime | None
