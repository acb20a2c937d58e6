"""Which audit rows: by person, by noun, by day; and all of them, page after page, for an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from stationer.portal.audit.models import Entry
from stationer.portal.audit.words import NOUNS, noun, plainly, who
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope

CHUNK = 500
HEADINGS = (
    "at",
    "who",
    "address",
    "via",
    "via_name",
    "path",
    "what",
    "noun",
    "noun_id",
    "called",
    "count",
    "lines",
)
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


#: Days that a clock can be asked for wherever it stands.
DAYS = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(9998, 12, 31))]


class Filter(forms.Form):
    """What is asked of the list; everything may stay empty."""

    quiet = True

    q = forms.CharField(label=gettext_lazy("Person, key or device"), required=False, max_length=120)
    noun = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", gettext_lazy("everything"))
        nouns = sorted(((key, noun(key)) for key in NOUNS), key=lambda one: one[1].casefold())
        self.fields["noun"].choices = [everything, *nouns]  # type: ignore[attr-defined]

    def rows(self, zone: str) -> QuerySet[Entry]:
        """The rows of the PEN in scope; days are those of the company's clock. A wrong form finds nothing."""
        found: QuerySet[Entry] = Entry.objects.all()
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        if q := asked["q"].strip():
            found = found.filter(Q(who__icontains=q) | Q(address__icontains=q) | Q(via_name__icontains=q))
        if asked["noun"]:
            found = found.filter(noun=asked["noun"])
        if asked["since"]:
            found = found.filter(at__gte=_midnight(asked["since"], zone))
        if asked["until"]:
            found = found.filter(at__lt=_midnight(asked["until"] + timedelta(days=1), zone))
        return found


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def chunks(rows: QuerySet[Entry], pen: Pen) -> Iterator[list[Entry]]:
    """All of these rows, the newest first, some at a time: each time in the PEN's scope, which has long been left."""
    last: Entry | None = None
    while True:
        with pen_scope(pen):
            more = rows if last is None else rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
            found = list(more[:CHUNK])
        if not found:
            return
        yield found
        last = found[-1]


def _cells(row: Entry, zone: str) -> dict[str, Any]:
    """One row by its headings."""
    stamp = row.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    plain = {name: getattr(row, name) for name in HEADINGS if name not in ("at", "lines", "who")}
    return {"at": stamp, "who": who(row), **plain, "lines": plainly(row, zone)}


def as_csv(rows: QuerySet[Entry], pen: Pen) -> Iterator[bytes]:
    """RFC 4180 with a byte order mark, for spreadsheets; what they would take for a formula gets an apostrophe."""
    yield "\ufeff".encode() + _csv([list(HEADINGS)])
    for found in chunks(rows, pen):
        yield _csv([_safe(_cells(row, pen.zone)) for row in found])


def _safe(cells: dict[str, Any]) -> list[str]:
    texts = ["\n".join(cells[name]) if name == "lines" else str(cells[name]) for name in HEADINGS]
    return [f"'{text}" if text.startswith(FORMULA) else text for text in texts]


def _csv(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def as_json_lines(rows: QuerySet[Entry], pen: Pen) -> Iterator[bytes]:
    """One JSON object a line, with the values as they were kept beside the words."""
    for found in chunks(rows, pen):
        yield b"".join(
            msgspec.json.encode({**_cells(row, pen.zone), "values": row.lines}) + b"\n" for row in found
        )
