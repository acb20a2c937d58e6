"""`/api/v1/changes`, `/publish`, `/publications`: from drafts to stationery in force."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, Page, PagingQuery, page, paged, wrong
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.publishing.changes import Change, changes, made
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import Moved, NothingToPublish, publish
from stationer.portal.site.refusals import answer
from stationer.wire import ids

router = Router(tags=["publishing"], auth=Key("see-content", "publish"))


class Publishing(Asked):
    """`about` is one line, for later."""

    about: Annotated[str, Field(max_length=200)] = ""


class DifferenceShown(Schema):
    """What of it differs: by the field's name, before and after."""

    field: str
    before: Any
    after: Any


class ChangeShown(Schema):
    """What Publish would add, change or remove; `id` is of a row that is there."""

    kind: str
    id: str | None
    name: str
    what: Literal["added", "changed", "removed"]
    fields: list[DifferenceShown]
    by: str
    at: datetime | None


class Changes(Page):
    """A page of changes."""

    items: list[ChangeShown]


class Changed(Schema):
    """What a publication added, changed or removed."""

    kind: str
    name: str
    what: Literal["added", "changed", "removed"]


class PublicationShown(Schema):
    """What was put in force, when, by whom."""

    id: str
    serial: int
    made_at: datetime
    by: str
    about: str
    digest: str
    changed: list[Changed]


class Publications(Page):
    """A page of publications."""

    items: list[PublicationShown]


def shown(row: Publication) -> dict[str, Any]:
    """A publication as the API shows it."""
    return {
        "id": row.outside_id,
        "serial": row.serial,
        "made_at": row.made_at,
        "by": row.by_name,
        "about": row.about,
        "digest": row.digest,
        "changed": [{"kind": c["kind"], "name": c["name"], "what": c["what"]} for c in row.changed],
    }


def _pen() -> Pen:
    return Pen.objects.get(pk=current_pen_id())


#: What a change's id is of, where it is one.
OF = {"template": "template", "campaign": "campaign", "message": "message", "picture": "asset"}


def shown_change(one: Change) -> dict[str, Any]:
    """A change as the API shows it."""
    said: dict[str, Any] = msgspec.to_builtins(one)
    row = ids.outside(OF[one.kind], one.id) if one.id is not None and one.kind in OF else None
    return said | {"id": row, "at": one.at}


@router.get("/changes", response=Changes)
def list_changes(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """What Publish would change."""
    some, following = paged(changes(_pen()), lambda one: f"{one.kind} {one.id or one.name}", paging)
    return {"items": [shown_change(one) for one in some], "next": following}


@router.post("/publish", response={201: PublicationShown})
def publish_drafts(request: HttpRequest, asked: Publishing) -> Any:
    """Put the drafts in force, at the edge within 2 s; or 422 with everything to mend."""
    key = device(request)
    try:
        row = publish(_pen(), None, asked.about, by_name=key.name if key else "", anew=False)
    except NothingToPublish:
        raise wrong(
            "publish", "There is nothing to publish: what is in force is what the drafts say."
        ) from None
    except Moved:
        return answer(
            "conflict", "Others are writing here just now. Nothing was published; try again in a moment."
        )
    return Status(201, shown(row))


@router.get("/publications", response=Publications)
def list_publications(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Publications, the first first."""
    return page(made().defer("drafts"), "snapshot", paging, shown)
