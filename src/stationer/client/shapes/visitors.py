"""What the API says of visitors. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType


class HitShown(msgspec.Struct, kw_only=True):
    """A link that was followed: in which mail, to whom that went, and what is thought of it (`human`,
    `score`)."""

    id: str
    at: datetime
    recipients: list[str]
    of: int
    unnamed: bool
    pick: str | None
    copy: int | None
    campaign: str | None
    message: str | None
    template: str | None
    link: str | None
    target: str
    decoy: bool
    score: int | None
    human: bool | None
    corrected: bool
    reasons: list[Said]
    method: str
    address: str
    agent: str
    visits: list[Looked]


class Said(msgspec.Struct, kw_only=True):
    """A rule that spoke, what it saw, and that as a sentence."""

    rule: str
    says: str


class Looked(msgspec.Struct, kw_only=True):
    """A page of the company's own site that was looked at afterwards, and for how long."""

    page: str
    seconds: int | None


class LinkShown(msgspec.Struct, kw_only=True):
    """A link: what to paste is `url`."""

    id: str
    url: str
    target: str
    name: str
    address: str
    owner: str | None
    created_at: str
    people: int
    requests: int


class NewLinks(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Where to, what it is called, for whom (nobody: one link for everyone), and whose it is."""

    target: str
    name: str | UnsetType = UNSET
    people: list[str] | UnsetType = UNSET
    owner: str | UnsetType = UNSET
