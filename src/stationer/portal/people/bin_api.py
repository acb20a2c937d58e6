"""`/api/v1/bin`, `/people-bin`: what was deleted in the last thirty days, and the way back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from stationer.portal.access.programs import Key, Page, PagingQuery, found, page, wrong
from stationer.portal.content import binning
from stationer.portal.content.models import Binned
from stationer.portal.people import discarding

router = Router(tags=["bin"])
content, people = Key("see-content", "change-content"), Key("see-people", "change-people")


class BinnedShown(Schema):
    """Something that was deleted, and until when it can be brought back."""

    id: str
    kind: Literal["template", "campaign", "message", "group", "list"]
    name: str
    binned_at: datetime
    until: datetime


class Bin(Page):
    """A page of what lies in a bin."""

    items: list[BinnedShown]


class Restored(Schema):
    """What is there again. `id` is empty for a list, which has a name."""

    kind: Literal["template", "campaign", "message", "group", "list"]
    id: str
    name: str
    people_gone: int = 0


def _shown(row: Binned) -> dict[str, Any]:
    names = ("kind", "name", "binned_at")
    return {name: getattr(row, name) for name in names} | {"id": row.outside_id, "until": binning.until(row)}


def _content() -> Any:
    since = timezone.now() - binning.KEPT
    return Binned.objects.filter(kind__in=("template", "campaign", "message"), binned_at__gte=since)


@router.get("/bin", auth=content, response=Bin)
def list_bin(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Templates, campaigns and messages that were deleted."""
    return page(_content(), "binned", paging, _shown)


@router.post("/bin/{binned_id}/restore", auth=content, response=Restored)
def restore_binned(request: HttpRequest, binned_id: str) -> dict[str, Any]:
    """Bring it back as it was, under its id; a campaign with its messages. In mail at the next Publish."""
    kept = found(_content(), "binned", binned_id)
    try:
        row: Any = binning.bring_back(kept, None)
    except binning.CannotReturn as error:
        raise wrong("binned_id", str(error)) from error
    return {"kind": kept.kind, "id": row.outside_id, "name": row.name}


@router.get("/people-bin", auth=people, response=Bin)
def list_people_bin(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Groups and lists that were deleted."""
    return page(discarding.kept(), "binned", paging, _shown)


@router.post("/people-bin/{binned_id}/restore", auth=people, response=Restored)
def restore_binned_people(request: HttpRequest, binned_id: str) -> dict[str, Any]:
    """Bring it back with who was in it; `people_gone` have left meanwhile."""
    kept = found(discarding.kept(), "binned", binned_id)
    try:
        row, gone = discarding.bring_back(kept)
    except binning.CannotReturn as error:
        raise wrong("binned_id", str(error)) from error
    return {
        "kind": kept.kind,
        "id": getattr(row, "outside_id", ""),
        "name": row.name,
        "people_gone": gone,
    }
