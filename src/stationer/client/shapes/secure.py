"""What the API says of secure. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType, field


class NewSecureMessage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A mail that is to be kept: who wrote it, the envelope's recipients, its octets and their SHA-256 in
    hex."""

    from_: str = field(name="from")
    recipients: list[str]
    size: int
    sha256: str
    options: Any | UnsetType = UNSET


class SendingOptions(msgspec.Struct, kw_only=True, omit_defaults=True):
    """How readers show who they are (`level`: 1, 2 or 3), and their language (BCP 47) where it is known."""

    level: int | UnsetType = UNSET
    language: str | UnsetType = UNSET


class SecureMessageShown(msgspec.Struct, kw_only=True):
    """A secure message with its parts; while its octets arrive, which pieces are here."""

    id: str
    locator: str
    state: Literal["uploading", "checking", "ready", "refused", "ended"]
    reason: str
    message: str
    from_: MailPerson = field(name="from")
    to: list[MailPerson]
    cc: list[MailPerson]
    blind: list[str]
    subject: str
    sent_at: datetime | None
    size: int
    level: int
    piece: int
    pieces: int
    received: list[int]
    parts: list[MailPart]


class MailPerson(msgspec.Struct, kw_only=True):
    """Somebody as the mail names them."""

    name: str
    address: str


class MailPart(msgspec.Struct, kw_only=True):
    """A part: `path` as RFC 9051 §6.4.5 numbers them, `length` in octets when decoded, `cid` without
    brackets."""

    path: str
    type: str
    name: str
    length: int
    disposition: str
    cid: str


class SecureMessageRow(msgspec.Struct, kw_only=True):
    """A secure message. `reason` and `message` say why it was refused, or waits."""

    id: str
    locator: str
    state: Literal["uploading", "checking", "ready", "refused", "ended"]
    reason: str
    message: str
    from_: MailPerson = field(name="from")
    to: list[MailPerson]
    cc: list[MailPerson]
    blind: list[str]
    subject: str
    sent_at: datetime | None
    size: int
    level: int
