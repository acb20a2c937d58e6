"""A company file is looked at: read, compared with what is there, and kept as an arrival; nothing else changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from django.utils.translation import gettext as _

from stationer.blobs.folder import Absent
from stationer.pick.company import CompanyErrors, CompanyFile, read
from stationer.portal.company.models import Arrival, packed
from stationer.portal.content.comparing import Change
from stationer.portal.content.importing import bring_in
from stationer.portal.content.manner import Manner
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.content.pictures import blobs
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.wire.problem import Problem

#: A file of so many octets is taken: a company of 10,000 people and 1,000 campaigns has 3 MB.
MOST_OCTETS = 10_000_000
#: More of the people, or of what is written, does not go without being asked for once more. Per cent.
MOST_GONE = 20
WRITTEN = ("template", "campaign", "message")
#: Sorted by what somebody would look for first.
WHATS: tuple[Literal["removed", "changed", "added", "kept"], ...] = ("removed", "changed", "added", "kept")
KINDS = ("person", "group", "package", "list", "template", "campaign", "message", "picture", "settings")


def text_of(data: bytes) -> str:
    """A file's octets as text. Raises CompanyErrors."""
    if len(data) > MOST_OCTETS:
        what = _("The file has {size} MB; a company file may have {most}.").format(
            size=-(-len(data) // 1_000_000), most=MOST_OCTETS // 1_000_000
        )
        raise CompanyErrors(
            (Problem("the file", what, _("Bring people in as CSV, and the rest as a file.")),)
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CompanyErrors(
            (Problem("the file", _("This is not UTF-8."), _("Save it as UTF-8."), line),)
        ) from error


def look(text: str, *, name: str, absent: str, by: Any = None, by_name: str = "") -> Arrival:
    """The file as an arrival, kept. Raises CompanyErrors; then nothing is."""
    row = Arrival(name=name[:200], absent=absent, text=packed(text), by=by, by_name=by_name)
    compared(row)
    row.save()
    return row


def compared(row: Arrival) -> None:
    """What the arrival would change now, written into it. Raises CompanyErrors."""
    changes = bring(row, dry_run=True)
    note(row, changes)


def bring(row: Arrival, **more: Any) -> list[Change]:
    """The file into the PEN in scope, or only compared with it. Raises CompanyErrors, and what `show` raises."""
    pen = Pen.objects.get(pk=current_pen_id())
    manner = Manner(remove=row.absent == "remove", by=row.by, lock=not more.get("dry_run", False))
    company = read(row.file_text)
    here(company)
    return bring_in(company, pen=pen, pictures=pictures(company), lists={}, manner=manner, **more)[1]


def here(company: CompanyFile) -> None:
    """Whether the file needs nothing that stands beside it. Raises CompanyErrors."""
    found = [
        company.placed(
            Problem(
                f"lists/{name}",
                _("This list stands in a file of its own, which was not sent."),
                _("Write its addresses here."),
            )
        )
        for name, entry in company.lists.items()
        if entry.file
    ]
    if found:
        raise CompanyErrors(tuple(found))


def pictures(company: CompanyFile) -> dict[str, bytes]:
    """The octets of pictures that are called otherwise than here, by where they are served. Raises CompanyErrors for
    those that are served nowhere here."""
    rows = {row.name: row for row in Asset.objects.all()}
    served = {_digest(row.url): row for row in rows.values()}
    found, problems = {}, []
    for name, entry in company.pictures.items():
        digest = _digest(entry.url)
        if name in rows and (rows[name].digest == digest or not entry.url):
            continue
        try:
            found[name] = blobs().get(f"pictures/{served[digest].file_name}")
        except (KeyError, Absent):
            what = _("There is no picture of this address here.")
            advice = _("Bring it in on the page “Pictures” under this name, and take `url` away.")
            problems.append(company.placed(Problem(f"pictures/{name}", what, advice)))
    if problems:
        raise CompanyErrors(tuple(problems))
    return found


def _digest(url: str) -> str:
    """What a picture is called in its public address."""
    return urlsplit(url).path.rpartition("/")[2].partition(".")[0]


def note(row: Arrival, changes: Sequence[Change]) -> None:
    """Write into the arrival what it changes."""
    changes = sorted(changes, key=_order)
    row.changes = packed([(one.what, one.kind, one.name, one.fields, one.zone) for one in changes])
    row.digest, row.counts = digest_of(changes), counted(changes)
    row.share = _share(row.counts)


def _order(change: Change) -> tuple[int, int, str]:
    """What goes stands before what changes, and that before what is new."""
    return KINDS.index(change.kind), WHATS.index(change.what), change.name.casefold()


def digest_of(changes: Sequence[Change]) -> str:
    """Names these changes, whatever their order."""
    said = [
        msgspec.json.encode((one.what, one.kind, one.name, one.fields), order="deterministic")
        for one in changes
    ]
    return sha256(b"\n".join(sorted(said))).hexdigest()


def counted(changes: Sequence[Change]) -> dict[str, dict[str, int]]:
    """Kind → what → how many, in the order of the page."""
    found = Counter((one.kind, one.what) for one in changes)
    return {
        kind: {what: found[kind, what] for what in WHATS if found[kind, what]}
        for kind in KINDS
        if any(of == kind for of, _what in found)
    }


def _share(counts: Mapping[str, Mapping[str, int]]) -> int:
    """The larger share that goes, of people and of what is written; in per cent, rounded up."""
    people = counts.get("person", {}).get("removed", 0)
    texts = sum(counts.get(kind, {}).get("removed", 0) for kind in WRITTEN)
    there = sum(model._default_manager.count() for model in (Template, Campaign, Message)) if texts else 0
    of_people = -(-100 * people // max(1, Member.objects.count())) if people else 0
    return max(of_people, -(-100 * texts // max(1, there)))
