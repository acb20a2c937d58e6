"""`/api/v1/audit`: who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from stationer.portal.access.programs import Key, Page, Paging, page
from stationer.portal.audit.models import Entry

router = Router(tags=["audit"], auth=Key("see-audit"))


class Line(Schema):
    """A field before and after."""

    about: str
    before: Any = None
    after: Any = None


class EntryShown(Schema):
    """What was done to what, when, by whom (`via` a page, a key, a device, the portal itself), by names of then."""

    id: str
    at: datetime
    who: str
    address: str
    via: str
    via_name: str
    path: str
    what: str
    noun: str
    noun_id: str
    called: str
    count: int
    lines: list[Line]


class Entries(Page):
    """A page of what was done."""

    items: list[EntryShown]


class EntriesAsked(Paging):
    """Which page; of one noun, by one person or key, from one moment to before another."""

    noun: str = ""
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None


def _shown(row: Entry) -> dict[str, Any]:
    names = [name for name in EntryShown.model_fields if name != "id"]
    return {"id": row.outside_id} | {name: getattr(row, name) for name in names}


@router.get("/audit", response=Entries)
def list_audit(request: HttpRequest, asked: Annotated[EntriesAsked, Query()]) -> dict[str, Any]:
    """Who did what, the oldest first."""
    rows = Entry.objects.all()
    if asked.noun:
        rows = rows.filter(noun=asked.noun)
    if asked.by:
        rows = rows.filter(address=asked.by) | rows.filter(via_name=asked.by)
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    return page(rows, "entry", asked, _shown)
