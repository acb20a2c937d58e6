"""`/api/v1/notifications`: what a PEN's notifications say (contract/notice.md §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Field, Router, Schema

from stationer.portal.access.programs import Asked, Key
from stationer.portal.audit.actor import actor
from stationer.portal.notices import drafts
from stationer.portal.notices.models import Wording
from stationer.portal.notices.pens import host_of, wording
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

router = Router(tags=["notifications"], auth=Key("see-settings", "change-settings"))
Texts = dict[str, str]


class Notifications(Asked):
    """What they say; all of it is replaced. `words`: your own by language and name. `notification`, `message`:
    disclaimers by package id and language. `version`: the one that this was written upon; left out: whichever is in
    force."""

    address: Annotated[str, Field(max_length=400)] = ""
    phone: Annotated[str, Field(max_length=60)] = ""
    tag: Annotated[str, Field(max_length=40)] = "[secure]"
    languages: Annotated[list[str], Field(max_length=8)] = ["en"]
    words: dict[str, Texts] = {}
    notification: dict[str, Texts] = {}
    message: dict[str, Texts] = {}
    version: int | None = None


class NotificationsShown(Schema):
    """What they say now, on which host, since when and by whom; version 0 is as they come."""

    host: str
    address: str
    phone: str
    tag: str
    languages: list[str]
    words: dict[str, Texts]
    notification: dict[str, Texts]
    message: dict[str, Texts]
    version: int
    made_at: datetime | None
    made_by: str


def _pen() -> Pen:
    return Pen.objects.get(pk=current_pen_id())


def _shown(pen: Pen) -> dict[str, Any]:
    row, said = drafts.newest(), msgspec.to_builtins(wording())
    return {
        **said,
        "host": host_of(pen),
        "version": row.number if row else 0,
        "made_at": row.made_at if row else None,
        "made_by": row.made_by if row else "",
    }


@router.get("/notifications", response=NotificationsShown)
def show_notifications(request: HttpRequest) -> dict[str, Any]:
    """What notifications say."""
    return _shown(_pen())


@router.put("/notifications", response=NotificationsShown)
def put_notifications(request: HttpRequest, asked: Notifications) -> dict[str, Any]:
    """Say this from now on, as one more version. What is wrong is told by its place, and nothing is kept then."""
    pen, said = _pen(), msgspec.convert(asked.dict(exclude={"version"}), Wording)
    if problems := drafts.faults(pen, said):
        told: dict[str, list[str]] = {}
        for one in problems:
            told.setdefault(one.where.replace("/", "."), []).append(f"{one.what} {one.next}")
        raise ValidationError(told)
    upon = drafts.number() if asked.version is None else asked.version
    drafts.keep(pen, said, upon=upon, by=(actor().via_name or actor().who)[:254])
    return _shown(pen)
