"""`/api/v1/secure-door`: who from outside may begin a secure message to the PEN's people (contract/people.md §5)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Router, Schema

from stationer.portal.access.programs import Asked, Key, wrong
from stationer.portal.people.listed import MOST, normal_entry
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

router = Router(tags=["people"], auth=Key("see-people", "change-people"))
Access = Literal["open", "controlled", "invitation"]


class DoorChange(Asked):
    """Only what is sent is changed; the list is replaced whole. An entry is an address, or `@domain`."""

    access: Access | None = None
    access_list: Annotated[list[str], Field(max_length=MOST)] | None = None


class DoorShown(Schema):
    """Whom the door lets in: `open` anybody, `controlled` who is on the list, `invitation` who has got a message."""

    access: Access
    access_list: list[str]


def _pen() -> Pen:
    return Pen.objects.get(pk=current_pen_id())


@router.get("/secure-door", response=DoorShown)
def show_door(request: HttpRequest) -> dict[str, Any]:
    """Who from outside may begin a secure message."""
    return shown(_pen())


@router.patch("/secure-door", response=DoorShown)
def change_door(request: HttpRequest, asked: DoorChange) -> dict[str, Any]:
    """Change what is sent; in force at once."""
    with transaction.atomic():
        pen = Pen.objects.select_for_update().get(pk=current_pen_id())
        if asked.access is not None:
            pen.access = asked.access
        if asked.access_list is not None:
            pen.access_list = _entries(asked.access_list)
        pen.save(update_fields=["access", "access_list"])
    return shown(pen)


def shown(pen: Pen) -> dict[str, Any]:
    """The door as the API shows it."""
    return {"access": pen.access, "access_list": pen.access_list}


def _entries(typed: list[str]) -> list[str]:
    found = []
    for number, one in enumerate(typed):
        try:
            found.append(normal_entry(one))
        except ValidationError as error:
            raise wrong(f"access_list.{number}", error.messages[0]) from error
    return list(dict.fromkeys(found))
