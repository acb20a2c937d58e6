"""`/api/v1/people/{id}/delegates`: who reads a member's letters (contract/people.md §6)."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Router, Schema

from stationer.portal.access import devices
from stationer.portal.access.assigning import beyond
from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, found, wrong
from stationer.portal.people import delegates
from stationer.portal.people.models import Delegation, Member

router = Router(tags=["people"], auth=Key("see-people", "change-people"))


class Delegate(Asked):
    """Somebody who reads for the member: an address or alias of a member; `earlier`: also what came before."""

    address: str
    earlier: bool = False


class Delegates(Asked):
    """All of them: who is not named reads no more."""

    delegates: Annotated[list[Delegate], Field(max_length=delegates.MOST)]


class DelegateShown(Schema):
    """Somebody who reads for the member."""

    id: str
    address: str
    earlier: bool
    made_by: str


class DelegatesShown(Schema):
    """Who reads for the member, and for whom the member reads."""

    delegates: list[DelegateShown]
    reads_for: list[str]


def shown(row: Member) -> dict[str, Any]:
    """Both sides, as the API shows them."""
    return {
        "delegates": [_one(one) for one in delegates.of(row)],
        "reads_for": [one.mailbox.address for one in delegates.read_by(row)],
    }


def _one(row: Delegation) -> dict[str, Any]:
    told = row.delegate
    return {
        "id": told.outside_id,
        "address": told.address,
        "earlier": row.earlier,
        "made_by": row.made_by,
    }


@router.get("/people/{member_id}/delegates", response=DelegatesShown)
def list_delegates(request: HttpRequest, member_id: str) -> dict[str, Any]:
    """Who reads for a member."""
    return shown(found(Member.objects.all(), "member", member_id))


@router.put("/people/{member_id}/delegates", response=DelegatesShown)
def put_delegates(request: HttpRequest, member_id: str, asked: Delegates) -> dict[str, Any]:
    """These read for the member, and nobody else; the mailbox is told by mail of each new one. `earlier` of somebody
    who reads already is only ever given; to take it back, leave them out first."""
    row, key = found(Member.objects.all(), "member", member_id), device(request)
    if key is not None and beyond(devices.rights_of(key), row):
        raise wrong("member", "They may do more than this key: another one has to do it.")
    with transaction.atomic():
        kept = set()
        for number, one in enumerate(asked.delegates):
            try:
                kept.add(delegates.let(row, one.address, earlier=one.earlier).delegate_id)
            except ValidationError as error:
                raise wrong(f"delegates.{number}.address", error.message_dict["address"][0]) from error
        for gone in delegates.of(row):
            if gone.delegate_id not in kept:
                delegates.stop(gone)
    return shown(row)
