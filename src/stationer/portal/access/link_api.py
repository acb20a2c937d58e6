"""`/api/v1/link-domain`: the company's own link domain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from stationer.portal.access import link_domain
from stationer.portal.access.programs import Asked, Key
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

router = Router(tags=["links"], auth=Key("see-settings", "change-settings"))


class LinkDomain(Asked):
    """The name; empty: none."""

    name: Annotated[str, Field(max_length=253)]


class LinkDomainShown(Schema):
    """The name, the DNS entry to make, since when it is known to lead here, and what is wrong with it (after a
    look)."""

    name: str
    entry: dict[str, str] | None
    proven_at: datetime | None
    wrong: str = ""


def _pen() -> Pen:
    return Pen.objects.get(pk=current_pen_id())


def _shown(pen: Pen, wrong: str = "") -> dict[str, Any]:
    made = vars(link_domain.entry(pen.link_host)) if pen.link_host else None
    return {"name": pen.link_host, "entry": made, "proven_at": pen.link_host_proven_at, "wrong": wrong}


@router.get("/link-domain", response=LinkDomainShown)
def show_link_domain(request: HttpRequest) -> dict[str, Any]:
    """The link domain as it stands; nobody is asked."""
    return _shown(_pen())


@router.put("/link-domain", response=LinkDomainShown)
def choose_link_domain(request: HttpRequest, asked: LinkDomain) -> dict[str, Any]:
    """Choose another, or none. It is in use at the first Publish after it was found to lead here."""
    pen = _pen()
    link_domain.choose(pen, asked.name)
    return _shown(pen)


@router.post("/link-domain/look", response=LinkDomainShown)
def look_at_link_domain(request: HttpRequest) -> dict[str, Any]:
    """Ask DNS and the address itself, now."""
    pen = _pen()
    return _shown(pen, link_domain.look(pen) if pen.link_host else "")
