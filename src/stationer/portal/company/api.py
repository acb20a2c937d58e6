"""`/api/v1/company`: the company as a file, for programs: written out, sent, looked at, put in place, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from stationer.pick.company import CompanyErrors
from stationer.portal.access.devices import rights_of
from stationer.portal.access.presence import device
from stationer.portal.access.programs import NO_CURSOR, Asked, Key, Page, PagingQuery, found, page, wrong
from stationer.portal.access.rights import Right
from stationer.portal.company import deed
from stationer.portal.company.looking import MOST_OCTETS, look, text_of
from stationer.portal.company.models import Arrival
from stationer.portal.company.writing import as_it_is, in_force, note_read
from stationer.portal.publishing.api import DifferenceShown
from stationer.portal.site.refusals import answer
from stationer.portal.site.sizes import BESIDE, most_octets


class Whole(Key):
    """A key that also sees all that stands in a company file."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        asks = super().authenticate(request, token)
        if asks is not None and not rights_of(asks) >= deed.SEES:
            raise Http404("sees only a part of it")
        return asks


router = Router(tags=["company"], auth=Whole("see-settings", "change-settings"))


class CompanyShown(Schema):
    """The company as a file (YAML)."""

    of: Literal["now", "force"]
    text: str


class ArrivalShown(Schema):
    """A company file that was sent: how many changes of each kind and sort, and the share (per cent) that goes."""

    id: str
    name: str
    state: Literal["checked", "done", "undone"]
    absent: Literal["keep", "remove"]
    counts: dict[str, dict[str, int]]
    share: int
    lacks: list[str]
    left: list[str]
    created_at: datetime
    applied_at: datetime | None


class Arrivals(Page):
    """Files that were sent."""

    items: list[ArrivalShown]


class CompanyChange(Schema):
    """One change, and which fields differ."""

    what: Literal["added", "changed", "removed", "kept"]
    kind: str
    name: str
    fields: list[DifferenceShown]


class CompanyChanges(Page):
    """What a file would change, or has changed."""

    items: list[CompanyChange]


class Going(Asked):
    """`sure`: also where more would go than is rarely meant."""

    sure: bool = False


def _rights(request: HttpRequest) -> frozenset[Right]:
    asks = device(request)
    return rights_of(asks) if asks else frozenset()


def shown(row: Arrival, rights: frozenset[Right]) -> dict[str, Any]:
    """An arrival as the API shows it."""
    names = ("name", "state", "absent", "counts", "share", "left", "created_at", "applied_at")
    said = {name: getattr(row, name) for name in names}
    return said | {"id": row.outside_id, "state": str(row.state), "lacks": deed.lacking(row, rights)}


@router.get("/company", response=CompanyShown)
def get_company(request: HttpRequest, of: Literal["now", "force"] = "now") -> dict[str, Any]:
    """The company as a file: as it is written `now`, or with templates, campaigns, lists and settings as they are in
    `force`. 404 for that while nothing is published."""
    text = in_force() if of == "force" else as_it_is()
    if text is None:
        raise Http404("nothing is published yet")
    note_read(of)
    return {"of": of, "text": text}


@router.post("/company", response={201: ArrivalShown})
@most_octets(MOST_OCTETS + BESIDE)
def look_at_company(
    request: HttpRequest, file: File[UploadedFile], absent: Form[Literal["keep", "remove"]] = "keep"
) -> Status[dict[str, Any]]:
    """Send a company file (multipart/form-data) and learn what it would change; nothing is changed. `absent`: what
    becomes of what the file does not name."""
    asks = device(request)
    try:
        text = text_of(file.read(MOST_OCTETS + 1))
        row = look(text, name=file.name or "company.yaml", absent=absent, by_name=asks.name if asks else "")
    except CompanyErrors as error:
        raise ValidationError({"file": [problem.sentence() for problem in error.problems]}) from error
    return Status(201, shown(row, _rights(request)))


@router.get("/company/files", response=Arrivals)
def list_company_files(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """The files of the last 30 days."""
    rights = _rights(request)
    rows = Arrival.objects.defer("text", "changes", "before", "after", "ids")
    return page(rows, "arrival", paging, lambda row: shown(row, rights))


@router.get("/company/files/{arrival_id}", response=ArrivalShown)
def get_company_file(request: HttpRequest, arrival_id: str) -> dict[str, Any]:
    """One file."""
    return shown(found(Arrival.objects.all(), "arrival", arrival_id), _rights(request))


@router.get("/company/files/{arrival_id}/changes", response=CompanyChanges)
def list_company_changes(request: HttpRequest, arrival_id: str, paging: PagingQuery) -> dict[str, Any]:
    """What it would change, or has changed, in the order in which its page tells it."""
    told, begin = found(Arrival.objects.all(), "arrival", arrival_id).told(), _begin(paging.cursor)
    some = [
        {"what": one.what, "kind": one.kind, "name": one.name, "fields": msgspec.to_builtins(one.fields)}
        for one in told[begin : begin + paging.limit]
    ]
    end = begin + paging.limit
    return {"items": some, "next": str(end) if end < len(told) else None}


def _begin(cursor: str) -> int:
    """The place of a page's first change: what a file changes never moves."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise wrong("cursor", NO_CURSOR)
    return int(cursor or 0)


@router.post("/company/files/{arrival_id}/apply", response=ArrivalShown)
def apply_company_file(request: HttpRequest, arrival_id: str, asked: Going) -> Any:
    """Put it in place: all that was shown, or nothing. 409 where something was changed since; ask for it anew."""
    row, rights = found(Arrival.objects.all(), "arrival", arrival_id), _rights(request)
    return _done(row, rights, lambda: deed.apply(row, rights, sure=asked.sure))


@router.post("/company/files/{arrival_id}/undo", response=ArrivalShown)
def undo_company_file(request: HttpRequest, arrival_id: str) -> Any:
    """Take it back, but for what was changed since (`left`)."""
    row, rights = found(Arrival.objects.all(), "arrival", arrival_id), _rights(request)
    return _done(row, rights, lambda: deed.undo(row, rights))


def _done(row: Arrival, rights: frozenset[Right], do: Any) -> dict[str, Any] | HttpResponse:
    try:
        do()
    except deed.Refused as refused:
        if refused.moved:
            return answer("conflict", str(refused))
        raise wrong("state", str(refused)) from refused
    row.refresh_from_db()
    return shown(row, rights)


@router.delete("/company/files/{arrival_id}", response={204: None})
def remove_company_file(request: HttpRequest, arrival_id: str) -> Status[None]:
    """Forget it. One that was put in place stays so, and can no longer be taken back."""
    found(Arrival.objects.all(), "arrival", arrival_id).delete()
    return Status(204, None)
