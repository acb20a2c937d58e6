"""`/api/v1/imports`: people from a CSV file, for programs. Sent, looked at, put in place; also taken back.

A file is looked at as soon as it is sent, and put in place when the program says so. A large one is the worker's: a
program asks again until `state` is none of checking, applying, undoing.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from stationer.portal.access.presence import device
from stationer.portal.access.programs import NO_CURSOR, Key, Page, PagingQuery, found, page, wrong
from stationer.portal.people.importing import columns, work
from stationer.portal.people.importing.arriving import take
from stationer.portal.people.importing.files import MOST_BYTES, Unreadable
from stationer.portal.people.importing.telling import FILES, LINES, told
from stationer.portal.people.models import Import, ImportRow
from stationer.portal.people.valid import check_attributes
from stationer.portal.site.sizes import BESIDE, most_octets

router = Router(tags=["people"], auth=Key("see-people", "change-people"))
State = Import.State
FIXED = ("", *columns.OURS)


class ImportShown(Schema):
    """An import: where it is, what each column was taken for, how many lines are what, and why it stopped."""

    id: str
    name: str
    state: str
    columns: list[str]
    counts: dict[str, int]
    note: str
    created_at: datetime
    applied_at: datetime | None


class Imports(Page):
    """A page of imports."""

    items: list[ImportShown]


class WrongLine(Schema):
    """A line that is left out."""

    line: int
    address: str
    what: str
    next: str


def shown(row: Import) -> dict[str, Any]:
    """An import as the API shows it."""
    names = ("name", "columns", "counts", "created_at", "applied_at")
    said = {name: getattr(row, name) for name in names}
    return said | {
        "id": row.outside_id,
        "state": str(row.state),
        "note": " ".join(told(FILES, row.note)).strip(),
    }


def shown_line(row: ImportRow) -> dict[str, Any]:
    """A wrong line as the API shows it."""
    what, advice = told(LINES, row.problem)
    return {"line": row.line, "address": row.address, "what": what, "next": advice}


@router.get("/imports", response=Imports)
def list_imports(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """The imports of the last 30 days."""
    return page(Import.objects.all(), "import", paging, shown)


@router.post("/imports", response={201: ImportShown})
@most_octets(MOST_BYTES + BESIDE)
def add_import(
    request: HttpRequest,
    file: File[UploadedFile],
    columns: Form[str] = "",
    empty: Form[Literal["keep", "clear"]] = "keep",
    groups: Form[Literal["add", "exact"]] = "add",
    gone: Form[Literal["keep", "remove"]] = "keep",
) -> Status[dict[str, Any]]:
    """Send a CSV file (multipart/form-data). `columns` is a JSON list of targets, one a column: `address`, `aliases`,
    `groups`, `package`, `a:NAME`, or nothing to leave it out; without it they are guessed from the headings."""
    asks = device(request)
    try:
        row = take(file.chunks(), name=file.name or "file.csv", by_name=asks.name if asks else "")
    except Unreadable as fault:
        raise wrong("file", " ".join(told(FILES, fault.note()))) from fault
    try:
        row.columns = _targets(columns, row.columns)
    except BaseException:
        work.drop(row)
        raise
    row.empty, row.groups, row.gone, row.state = empty, groups, gone, State.CHECKING
    row.save()
    work.at_once(row)
    row.refresh_from_db()
    return Status(201, shown(row))


def _targets(said: str, guessed: list[str]) -> list[str]:
    """What the columns are. Raises ValidationError."""
    try:
        targets = json.loads(said) if said else guessed
    except ValueError:
        targets = None
    if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
        raise wrong("columns", "Send a JSON list of texts, one for each column.")
    for target in targets:
        if target.startswith("a:"):
            check_attributes({target[2:]: ""})
        elif target not in FIXED:
            raise wrong(
                "columns", f"“{target}” is no target: write address, aliases, groups, package or a:NAME."
            )
    if len(targets) != len(guessed):
        raise wrong("columns", f"The file has {len(guessed)} columns, the list {len(targets)}.")
    if targets.count("address") != 1 or len([t for t in targets if t]) != len({t for t in targets if t}):
        raise wrong("columns", "Exactly one column must be the address, and no two may be the same.")
    return targets


@router.get("/imports/{import_id}", response=ImportShown)
def get_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """One import."""
    return shown(found(Import.objects.all(), "import", import_id))


class WrongLines(Page):
    """A page of lines that are left out."""

    items: list[WrongLine]


@router.get("/imports/{import_id}/wrong", response=WrongLines)
def list_wrong_lines(request: HttpRequest, import_id: str, paging: PagingQuery) -> dict[str, Any]:
    """The lines that are left out, in the order of the file."""
    row = found(Import.objects.all(), "import", import_id)
    lines = ImportRow.objects.filter(of=row, what=ImportRow.What.WRONG).order_by("line")
    if paging.cursor:
        if not (paging.cursor.isascii() and paging.cursor.isdigit() and len(paging.cursor) < 10):
            raise wrong("cursor", NO_CURSOR)
        lines = lines.filter(line__gt=int(paging.cursor))
    some = list(lines[: paging.limit + 1])
    more, some = len(some) > paging.limit, some[: paging.limit]
    return {"items": [shown_line(one) for one in some], "next": str(some[-1].line) if more else None}


@router.post("/imports/{import_id}/apply", response=ImportShown)
def apply_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """Put it in place, without the wrong lines: everything or nothing."""
    if found(Import.objects.all(), "import", import_id).from_directory:
        raise wrong("state", "A person agrees to what a directory says, on a page.")
    return _go(
        import_id, State.CHECKED, State.APPLYING, "Only an import that is checked can be put in place."
    )


@router.post("/imports/{import_id}/undo", response=ImportShown)
def undo_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """Take it back."""
    return _go(import_id, State.DONE, State.UNDOING, "Only an import that is done can be taken back.")


def _go(import_id: str, wanted: str, target: str, otherwise: str) -> dict[str, Any]:
    row = found(Import.objects.all(), "import", import_id)
    if not Import.objects.filter(pk=row.pk, state=wanted).update(state=target, note={}):
        raise wrong("state", otherwise)
    work.at_once(row)
    row.refresh_from_db()
    return shown(row)


@router.delete("/imports/{import_id}", response={204: None})
def remove_import(request: HttpRequest, import_id: str) -> Status[None]:
    """Forget it. One that was put in place stays so, and can no longer be taken back."""
    row = found(Import.objects.all(), "import", import_id)
    if row.is_due:
        raise wrong("state", "It is under way: ask again when it is not.")
    work.drop(row)
    return Status(204, None)
