"""`/api/v1/changes`, `/publish`, `/publications`: from drafts to stationery in force."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, Page, PagingQuery, page, wrong
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.publishing.changes import changes
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import NothingToPublish, publish

router = Router(tags=["publishing"], auth=Key("see-content", "publish"))


class Publishing(Asked):
    """`about` is one line, for later."""

    about: Annotated[str, Field(max_length=200)] = ""


class PublicationShown(Schema):
    """What was put in force, when, by whom."""

    id: str
    serial: int
    made_at: datetime
    by: str
    about: str
    digest: str
    changed: list[dict[str, Any]]


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


@router.get("/changes", response=list[dict[str, Any]])
def list_changes(request: HttpRequest) -> Any:
    """What Publish would change."""
    return msgspec.to_builtins(changes(_pen()))


@router.post("/publish", response={201: PublicationShown})
def publish_drafts(request: HttpRequest, asked: Publishing) -> Status[dict[str, Any]]:
    """Put the drafts in force, at the edge within 2 s; or 422 with everything to mend."""
    key = device(request)
    try:
        row = publish(_pen(), None, asked.about, by_name=key.name if key else "", anew=False)
    except NothingToPublish:
        raise wrong(
            "publish", "There is nothing to publish: what is in force is what the drafts say."
        ) from None
    return Status(201, shown(row))


@router.get("/publications", response=Page)
def list_publications(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Publications, the first first."""
    return page(Publication.objects.all(), "snapshot", paging, shown)
