"""What the API says of surveys. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class SurveyShown(msgspec.Struct, kw_only=True):
    """What a message or template (`id`) asks in a scale, and what came of it. `counts` by answer."""

    id: str
    campaign: str | None
    scale: Literal["stars", "faces", "nps"]
    question: str
    mails: int
    votes: int
    counts: dict[str, int]
    of_100_mails: Between | None
    mean: Between | None
    nps: Between | None


class Between(msgspec.Struct, kw_only=True):
    """A number and between what it surely lies, 95 in 100; None where there is too little to say."""

    value: float
    low: float | None
    high: float | None


class VoteShown(msgspec.Struct, kw_only=True):
    """An answer to a survey."""

    id: str
    mail: str | None
    visitor: Reader
    campaign: str | None
    of: str | None
    scale: Literal["stars", "faces", "nps"]
    value: int
    comment: str
    at: datetime
    commented_at: datetime | None


class Reader(msgspec.Struct, kw_only=True):
    """Who answered: by address where the mail had that one recipient (contract/hooks.md §3)."""

    address: str | None
    recipients: int
    unnamed: bool
    domains: list[str]
