"""What the API says of secure messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from stationer.portal.access.programs import Asked, Page, Paging
from stationer.portal.vault import enclosing, opening, storing
from stationer.portal.vault.asking import Asker
from stationer.portal.vault.models import PIECE, Grant, SecureMessage

State = SecureMessage.State
Address = Annotated[str, StringConstraints(min_length=3, max_length=320)]


class SendingOptions(Asked):
    """How readers show who they are (`level`: 1, 2 or 3), and their language (BCP 47) where it is known."""

    level: Annotated[int, Field(ge=1, le=3)] = 1
    language: Annotated[str, StringConstraints(pattern=r"^$|^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")] = ""


class NewSecureMessage(Asked):
    """A mail that is to be kept: who wrote it, the envelope's recipients, its octets and their SHA-256 in hex."""

    author: Annotated[Address, Field(alias="from")]
    recipients: Annotated[list[Address], Field(min_length=1, max_length=10_000)]
    size: Annotated[int, Field(ge=1, le=50_000_000_000)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    options: SendingOptions = SendingOptions()


class MailPerson(Schema):
    """Somebody as the mail names them."""

    name: str
    address: str


class MailPart(Schema):
    """A part: `path` as RFC 9051 §6.4.5 numbers them, `length` in octets when decoded, `cid` without brackets."""

    path: str
    type: str
    name: str
    length: int
    disposition: str
    cid: str


class SecureMessageRow(Schema):
    """A secure message. `reason` and `message` say why it was refused, or waits."""

    id: str
    locator: str
    state: Literal["uploading", "checking", "ready", "refused", "ended"]
    reason: str
    message: str
    author: Annotated[MailPerson, Field(alias="from")]
    to: list[MailPerson]
    cc: list[MailPerson]
    blind: list[str]
    subject: str
    sent_at: datetime | None
    size: int
    level: int


class SecureMessageShown(SecureMessageRow):
    """A secure message with its parts; while its octets arrive, which pieces are here."""

    piece: int
    pieces: int
    received: list[int]
    parts: list[MailPart]


class SecureMessages(Page):
    """A page of secure messages, the newest first."""

    items: list[SecureMessageRow]


class Wanted(Paging):
    """Which: words of the subject (`q`), somebody who wrote or got it (`with`), those that came `in` or went `out`."""

    q: Annotated[str, StringConstraints(max_length=200)] = ""
    person: Annotated[str, Field(alias="with", max_length=320)] = ""
    box: Literal["", "in", "out"] = ""


class PiecesHere(Schema):
    """Numbers of the pieces that are here."""

    received: list[int]


def row_shown(message: SecureMessage, asker: Asker, blind: Sequence[str]) -> dict[str, Any]:
    """As a list has it."""
    return {
        "id": message.outside_id,
        "locator": message.locator,
        "state": message.state,
        "reason": message.reason,
        "message": message.sentence,
        "from": {"name": message.author_name, "address": message.author},
        "to": [{"name": name, "address": address} for name, address in message.to],
        "cc": [{"name": name, "address": address} for name, address in message.cc],
        "blind": [one for one in blind if asker.is_author(message) or one in asker.readings],
        "subject": message.subject,
        "sent_at": message.sent_at,
        "size": message.size,
        "level": message.level,
    }


def rows_shown(messages: Sequence[SecureMessage], asker: Asker) -> list[dict[str, Any]]:
    """The rows of a page."""
    blind: dict[Any, list[str]] = {}
    of_these = Grant.objects.filter(message__in=messages, kind=Grant.Kind.BLIND, withdrawn_at=None)
    for message, address in of_these.order_by("id").values_list("message_id", "address"):
        blind.setdefault(message, []).append(address)
    return [row_shown(one, asker, blind.get(one.pk, ())) for one in messages]


def shown(message: SecureMessage, asker: Asker) -> dict[str, Any]:
    """All of it."""
    is_open = message.state == State.READY and asker.is_enough(message)  # names of files are content
    own = opening.content(message).index.leaves if is_open else ()
    parts = [*own, *(one.entry for one in enclosing.enclosed(message))] if is_open else []
    return rows_shown([message], asker)[0] | {
        "piece": PIECE,
        "pieces": message.pieces,
        "received": storing.received(message) if message.state == State.UPLOADING else [],
        "parts": [
            {
                "path": one.path,
                "type": one.type,
                "name": one.name,
                "length": one.length,
                "disposition": one.disposition,
                "cid": one.cid,
            }
            for one in parts
        ],
    }
