"""`/api/v1/links`: links that are made by a program, and how often each was followed."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access import devices
from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, Page, PagingQuery, found, page
from stationer.portal.people.members import find_member
from stationer.portal.people.valid import normal_address
from stationer.portal.statistics.linking.making import MOST, make, written
from stationer.portal.statistics.models import Link
from stationer.wire import ids

router = Router(tags=["visitors"], auth=Key("see-visitors"))


class NewLinks(Asked):
    """Where to, what it is called, for whom (nobody: one link for everyone), and whose it is."""

    target: Annotated[str, Field(min_length=1, max_length=2_000)]
    name: Annotated[str, Field(max_length=160)] = ""
    people: Annotated[list[str], Field(max_length=MOST)] = []
    owner: str = ""


class LinkShown(Schema):
    """A link: what to paste is `url`."""

    id: str
    url: str
    target: str
    name: str
    address: str
    owner: str | None
    created_at: str
    people: int
    requests: int


class Links(Page):
    """A page of links."""

    items: list[LinkShown]


def shown(row: Link) -> dict[str, Any]:
    """A link as the API shows it."""
    stamp = row.created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": row.outside_id,
        "url": written(row.pen, row),
        "target": row.target,
        "name": row.name,
        "address": row.address,
        "owner": ids.outside("member", row.owner_id) if row.owner_id else None,
        "created_at": stamp,
        "people": getattr(row, "people", 0),
        "requests": getattr(row, "requests", 0),
    }


def _rows() -> QuerySet[Link]:
    people = Count("hits", filter=Q(hits__human=True))
    return Link.objects.select_related("pen").annotate(people=people, requests=Count("hits"))


@router.get("/links", response=Links)
def list_links(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Links, the oldest first."""
    return page(_rows(), "link", paging, shown)


@router.post("/links", response={201: list[LinkShown]})
def add_links(request: HttpRequest, asked: NewLinks) -> Status[list[dict[str, Any]]]:
    """One link for each of `people`, or one for nobody in particular."""
    owner = find_member(asked.owner) if asked.owner else None
    people = list(dict.fromkeys(normal_address(one) for one in asked.people))
    rows = make(asked.target, asked.name, owner, people)
    return Status(201, [shown(row) for row in _rows().filter(pk__in=[one.pk for one in rows]).order_by("pk")])


@router.get("/links/{link_id}", response=LinkShown)
def get_link(request: HttpRequest, link_id: str) -> dict[str, Any]:
    """One link."""
    return shown(found(_rows(), "link", link_id))


@router.delete("/links/{link_id}", response={204: None})
def remove_link(request: HttpRequest, link_id: str) -> Status[None]:
    """It leads nowhere from then on, and its hits are forgotten. The key needs `change-settings` as well: as on the
    page, nobody else removes other people's links."""
    key = device(request)
    if key is None or "change-settings" not in devices.rights_of(key):
        raise Http404("not with this key")
    found(Link.objects.all(), "link", link_id).delete()
    return Status(204, None)
