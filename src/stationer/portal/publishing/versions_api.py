"""`/api/v1/publications/{id}`, `/undo`: one version, and the way back to it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Status

from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, found, wrong
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.publishing import undoing
from stationer.portal.publishing.api import PublicationShown, shown
from stationer.portal.publishing.changes import last_publication, made
from stationer.portal.publishing.models import Publication

router = Router(tags=["publishing"], auth=Key("see-content", "publish"))


class Restoring(Asked):
    """With `drafts`, the drafts are taken back to that version as well."""

    drafts: bool = False


class Undoing(Asked):
    """The serial of the version that is in force now: another one in force, and nothing is undone."""

    serial: Annotated[int, Field(ge=1, le=2**31)]


@router.get("/publications/{publication_id}", response=PublicationShown)
def get_publication(request: HttpRequest, publication_id: str) -> dict[str, Any]:
    """One version and what it changed."""
    return shown(found(made().defer("drafts"), "snapshot", publication_id))


@router.post("/publications/{publication_id}/restore", response={201: PublicationShown})
def restore_publication(
    request: HttpRequest, publication_id: str, asked: Restoring
) -> Status[dict[str, Any]]:
    """Put this version in force again, as a new one, at the edge within 2 s."""
    return _back(request, found(made(), "snapshot", publication_id), drafts=asked.drafts)


@router.post("/undo", response={201: PublicationShown})
def undo_publication(request: HttpRequest, asked: Undoing) -> Status[dict[str, Any]]:
    """Put the version before the last in force again, for 30 days after a Publish."""
    last = last_publication()
    before = undoing.undoable(last)
    if last is None or before is None or last.serial != asked.serial:
        raise wrong(
            "serial", "Nothing was undone: another version is in force by now, or it is too long ago."
        )
    return _back(request, found(made(), "snapshot", before.outside_id), over=last.serial)


def _back(
    request: HttpRequest, wanted: Publication, *, drafts: bool = False, over: int | None = None
) -> Status[dict[str, Any]]:
    key, pen = device(request), Pen.objects.get(pk=current_pen_id())
    try:
        row = undoing.put_back(
            pen, wanted, None, with_drafts=drafts, over=over, by_name=key.name if key else ""
        )
    except undoing.CannotReturn as error:
        raise wrong("publication_id" if over is None else "serial", str(error)) from error
    return Status(201, shown(row))
