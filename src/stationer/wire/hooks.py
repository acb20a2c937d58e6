"""What a webhook is told: the body of each event (contract/hooks.md §3). A receiver may be told more some day."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from stationer.wire.words import Scale


class Visitor(msgspec.Struct, frozen=True):
    """Who clicked. `address` is there when the mail had that one recipient; else how many the edge was told, at which
    domains, and whether `unnamed` ones (Bcc) may have had it too."""

    address: str | None
    recipients: int
    unnamed: bool
    domains: tuple[str, ...]


class Named(msgspec.Struct, frozen=True):
    """A campaign or a message: its id, and what it is called now."""

    id: str
    name: str


class Followed(msgspec.Struct, frozen=True):
    """A link: its words as they were read, and where it led."""

    words: str
    url: str


class FollowedOften(msgspec.Struct, frozen=True):
    """A link, how often it was followed, and when last."""

    words: str
    url: str
    times: int
    at: datetime


class Visit(msgspec.Struct, frozen=True):
    """A person clicked a link. `score`: how sure that is, 0 to 100; `test`: it is an example."""

    hit: str
    visitor: Visitor
    link: Followed
    at: datetime
    score: int
    mail: str | None = None
    campaign: Named | None = None
    message: Named | None = None
    test: bool = False


class Telling(msgspec.Struct, frozen=True):
    """Somebody (`told`) was told by mail what one reader did with one mail; of an answer to a survey, which `vote`."""

    alert: str
    told: str
    pace: Literal["at-once", "digest"]
    visitor: Visitor
    links: tuple[FollowedOften, ...]
    at: datetime
    score: int
    campaign: Named | None = None
    vote: str | None = None
    test: bool = False


class Answer(msgspec.Struct, frozen=True):
    """A person answered a survey, changed the answer, or wrote something (contract/surveys.md §4). `value` of `scale`;
    `at`: when it was answered last."""

    vote: str
    visitor: Visitor
    scale: Scale
    value: int
    question: str
    comment: str
    at: datetime
    mail: str | None = None
    campaign: Named | None = None
    message: Named | None = None
    test: bool = False


class CodeByPhone(msgspec.Struct, frozen=True):
    """A code that a gateway brings to a telephone: `to` in E.164, `text` to send as it is; `code` and `reference` for
    whoever speaks them. After `expires_at` it is good for nothing. `test`: somebody tries the gateway."""

    to: str
    text: str
    code: str
    reference: str
    language: str
    expires_at: datetime
    test: bool = False


class Visited(msgspec.Struct, frozen=True, tag_field="type", tag="visit.human"):
    """The body of `visit.human`; `timestamp` is when the event was made."""

    timestamp: datetime
    data: Visit


class Alerted(msgspec.Struct, frozen=True, tag_field="type", tag="alert"):
    """The body of `alert`."""

    timestamp: datetime
    data: Telling


class Answered(msgspec.Struct, frozen=True, tag_field="type", tag="survey.vote"):
    """The body of `survey.vote`; `timestamp` is when the event was made."""

    timestamp: datetime
    data: Answer


class Phoned(msgspec.Struct, frozen=True, tag_field="type", tag="phone.code"):
    """The body of a call of a gateway (contract/hooks.md §5)."""

    timestamp: datetime
    data: CodeByPhone


Event = Visited | Alerted | Answered
