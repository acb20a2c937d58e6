"""`/api/v1/pictures`: what sources call by name. In force after Publish."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from stationer.portal.access import programs
from stationer.portal.access.programs import Page, PagingQuery, found, page, wrong
from stationer.portal.content import taking
from stationer.portal.content.models import Asset
from stationer.portal.content.pictures import keep_picture
from stationer.portal.site.sizes import BESIDE, most_octets

router = Router(tags=["content"], auth=programs.Key("see-content", "change-content"))


class PictureShown(Schema):
    """A picture; `url` is its public address."""

    id: str
    name: str
    url: str
    type: str
    width: int
    height: int
    alt: str


class Pictures(Page):
    """A page of pictures."""

    items: list[PictureShown]


def shown_picture(row: Asset) -> dict[str, Any]:
    """A picture as the API shows it."""
    names = ("name", "url", "type", "width", "height", "alt")
    return {"id": row.outside_id, **{name: getattr(row, name) for name in names}}


@router.get("/pictures", response=Pictures)
def list_pictures(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Pictures."""
    return page(Asset.objects.all(), "asset", paging, shown_picture)


@router.post("/pictures", response={201: PictureShown})
@most_octets(taking.MOST_SENT + BESIDE)
def add_picture(
    request: HttpRequest,
    picture: File[UploadedFile],
    name: Form[str],
    alt: Form[str] = "",
    place: Form[str] = "",
) -> Status[dict[str, Any]]:
    """Take in a PNG, JPEG or GIF under a name (multipart/form-data). The picture of that name before is replaced.

    With a `place` (`wide`, `half`, `logo`, `portrait`) it is turned, scaled and written anew as the pages do it;
    without one it is kept as it is, when it is no more than 2 MB.
    """
    if not name.strip():
        raise wrong("name", "A picture needs a name, by which sources call it.")
    if place and place not in taking.PLACES:
        raise wrong("place", f"There is no place “{place}”. Places are {', '.join(taking.PLACES)}.")
    data = picture.read()
    data = taking.take(data, taking.PLACES[place]) if place else data
    return Status(201, shown_picture(keep_picture(data, name=name.strip(), alt=alt)))


@router.get("/pictures/{picture_id}", response=PictureShown)
def get_picture(request: HttpRequest, picture_id: str) -> dict[str, Any]:
    """One picture."""
    return shown_picture(found(Asset.objects.all(), "asset", picture_id))


@router.delete("/pictures/{picture_id}", response={204: None})
def remove_picture(request: HttpRequest, picture_id: str) -> Status[None]:
    """No longer to be used; its address goes on to work, since mails already carry it."""
    found(Asset.objects.all(), "asset", picture_id).delete()
    return Status(204, None)
