"""A PEN, mails and their notifications, for the tests of this room."""

from __future__ import annotations

from typing import Any

import msgspec
from contract.notice_vectors import AT, PEN, PLAIN, WAY, key

from stationer import notice
from stationer.mime import read
from stationer.mime.coding import decoded

__all__ = ["AT", "PEN", "PLAIN", "WAY", "key", "mail", "pen", "refusal", "sent", "twins"]


def pen(**changes: Any) -> notice.Pen:
    """The PEN of the vectors with these fields changed."""
    return msgspec.structs.replace(PEN, **changes)


def mail(*fields: str, body: str = "Hello\r\n") -> bytes:
    """A mail of these fields."""
    return ("".join(f"{field}\r\n" for field in fields) + "\r\n" + body).encode("utf-8", "surrogateescape")


def sent(given: bytes = PLAIN, by: notice.Pen = PEN, **more: Any) -> bytes:
    """The notification of a mail that has one."""
    answer = notice.compose(given, by, "msg_1", AT, **more)
    assert isinstance(answer, notice.Notification), answer
    return answer.mail


def refusal(given: bytes, by: notice.Pen = PEN) -> str:
    """Why a notification is not proven; empty when it is."""
    answer = notice.read(given, by)
    return answer.reason if isinstance(answer, notice.NotProven) else ""


def twins(notification: bytes) -> tuple[str, str]:
    """Its text and its HTML, decoded."""
    parts = {part.type: part for part in read(notification).parts}
    text, page = (
        (decoded(parts[kind].encoded, parts[kind].encoding) or b"").decode().replace("\r\n", "\n")
        for kind in ("text/plain", "text/html")
    )
    return text, page
