"""`/api/v1/key`, `/keys`: what a key may do, and keys that may do less."""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access import devices
from stationer.portal.access.models import Device
from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, wrong
from stationer.portal.access.rights import RIGHTS, Right, closed

router = Router(tags=["devices"])


class AnyKey(Key):
    """An API key, whatever it may do."""

    def __init__(self) -> None:
        super().__init__("see-names")

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        found = device(request)
        return found if found is not None and found.kind == Device.Kind.API else None


class KeyShown(Schema):
    """An API key: what it may do, and for which company. `token` is there when it is made, and never again."""

    id: str
    name: str
    rights: list[Right]
    pen: str
    pen_name: str
    token: str | None = None


class NewKey(Asked):
    """A key to be, and what it may do: nothing that the asking key may not."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    rights: Annotated[list[Right], Field(min_length=1)]


def _shown(row: Device, token: str | None = None) -> dict[str, Any]:
    may = devices.rights_of(row)
    return {
        "id": row.outside_id,
        "name": row.name,
        "rights": [right for right in RIGHTS if right in may],
        "pen": row.pen.outside_id,
        "pen_name": row.pen.name,
        "token": token,
    }


@router.get("/key", auth=AnyKey(), response=KeyShown)
def show_key(request: HttpRequest) -> dict[str, Any]:
    """What the asking key may do."""
    return _shown(cast(Device, device(request)))


@router.post("/keys", auth=Key("manage-roles"), response={201: KeyShown})
def add_key(request: HttpRequest, asked: NewKey) -> Status[dict[str, Any]]:
    """Make another key. Its token is in the answer, this once; DELETE `/devices/{id}` ends it."""
    beyond = closed(asked.rights) - devices.rights_of(cast(Device, device(request)))
    if beyond:
        raise wrong(
            "rights", f"This key has not got {', '.join(sorted(beyond))} itself, and gives nothing away."
        )
    return Status(201, _shown(*devices.make_api_key(asked.name, tuple(asked.rights))))
