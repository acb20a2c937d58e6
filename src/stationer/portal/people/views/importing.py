"""Bringing in people from a file: send it, say what its columns are, look at what it would do, go on; undo."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from stationer.portal.access.presence import needs, presence
from stationer.portal.people import exporting
from stationer.portal.people.importing import files, work
from stationer.portal.people.importing.arriving import take
from stationer.portal.people.importing.files import Manner, Unreadable
from stationer.portal.people.importing.telling import FILES, LINES, told
from stationer.portal.people.models import Import, ImportRow
from stationer.portal.people.named import named
from stationer.portal.people.views.columns import ColumnsForm
from stationer.portal.people.views.differing import differences
from stationer.portal.site.sizes import BESIDE, most_octets

State = Import.State
What = ImportRow.What
SHOWN, PAGE = 10, 50
ORDER = ("wrong", "changed", "new", "gone", "kept", "same")
MOST_PASTED = 2_000_000


class FileForm(forms.Form):
    """A file, or what was copied from a table."""

    quiet = True
    file = forms.FileField(
        label=gettext_lazy("A CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        help_text=gettext_lazy("From Excel: “Save as”, then “CSV UTF-8”. At most 500 MB."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("or paste the rows here"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "is-code"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("file") and not data.get("pasted", "").strip() and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste some rows."))
        return data


@most_octets(files.MOST_BYTES + BESIDE)
@needs("change-people")
def begin(request: HttpRequest) -> HttpResponse:
    """Send a file; and the imports of the last weeks."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = _taken(request, form)
        except Unreadable as fault:
            form.add_error(None, " ".join(told(FILES, fault.note())))
        else:
            if _is_clear(row):
                _check(row)
            return redirect("import", row.outside_id)
    rows = Import.objects.all()[:SHOWN]
    return render(request, "people/import_begin.html", {"form": form, "rows": rows})


def _taken(request: HttpRequest, form: FileForm) -> Import:
    sent, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
    here = presence(request)
    chunks = sent.chunks() if sent else [pasted.replace("\r\n", "\n").encode()]
    name = sent.name if sent else _("pasted rows")
    return take(chunks, name=name or "", by=here.account, by_name=here.member.name)


def _is_clear(row: Import) -> bool:
    """Whether every column says by its heading what it is, so that nobody need be asked; what the file would do is
    shown before anything is done, and from there one can come back to the columns."""
    return row.heading and all(row.columns) and "address" in row.columns


def _check(row: Import) -> None:
    row.state, row.note, row.done = State.CHECKING, {}, 0
    row.save()
    work.at_once(row)


@needs("change-people")
def page(request: HttpRequest, file: str) -> HttpResponse:
    """Where an import is, and its next step."""
    found = named(Import, "import", file)
    if found.is_due:
        return _waiting(request, found)
    if getattr(request, "htmx", False) and request.method == "GET":  # the progress asks, and it is over
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.state in (State.MAPPING, State.FAILED):
        return _columns(request, found)
    return _result(request, found)


def _waiting(request: HttpRequest, row: Import) -> HttpResponse:
    share = min(99, 100 * row.done // max(row.size, 1)) if row.state == State.CHECKING else None
    quick = bool(getattr(request, "htmx", False))
    return render(
        request, "people/import_progress.html" if quick else "people/import_waiting.html",
        {"row": row, "share": share, "late": _late(row)},
    )  # fmt: skip


def _late(row: Import) -> bool:
    """Whether nobody has taken it in hand: the worker does not run, or is busy."""
    return row.lease is None and timezone.now() - row.created_at > timedelta(seconds=30)


def _columns(request: HttpRequest, row: Import) -> HttpResponse:
    """What each column is; checked when it is sent."""
    manner = Manner(row.encoding, row.delimiter, row.heading)
    if request.method == "POST":
        manner = _manner(request.POST, manner)
    wrong = told(FILES, row.note)
    heading: list[str] = []
    samples: list[list[str]] = []
    try:
        heading, samples = files.top(files.path_of(row.pk), manner)
    except Unreadable as fault:
        wrong = told(FILES, fault.note())
    again = "again" in request.POST
    form = ColumnsForm(
        request.POST if request.method == "POST" and not again else None,
        heading=heading,
        samples=samples,
        manner=manner,
        row=row,
        fresh=again or not row.columns or len(row.columns) != len(heading),
    )
    if request.method == "POST" and not again and heading and form.is_valid():
        form.keep(row)
        _check(row)
        return redirect("import", row.outside_id)
    return render(request, "people/import_columns.html", {"row": row, "form": form, "wrong": wrong})


def _manner(sent: Mapping[str, Any], now: Manner) -> Manner:
    encoding, delimiter = sent.get("encoding", ""), sent.get("delimiter", "")
    return Manner(
        encoding if encoding in files.ENCODINGS else now.encoding,
        delimiter if delimiter in files.DELIMITERS else now.delimiter,
        "heading" in sent,
    )


def _result(request: HttpRequest, row: Import) -> HttpResponse:
    """What it would do, or did, line by line."""
    staged = ImportRow.objects.filter(of=row)
    tabs = [what for what in ORDER if row.counts.get(what) and (what, row.state) != ("same", State.DONE)]
    show = request.GET.get("show", "")
    show = show if show in tabs else (tabs[0] if tabs else "")
    counted: Any = Counted(staged.filter(what=show), row.counts.get(show, 0))
    lines: Any = Paginator(counted, PAGE).get_page(request.GET.get("page"))
    rows = list(lines.object_list)
    facts = {
        "row": row,
        "page": lines,
        "lines": [(one, *told(LINES, one.problem)) for one in rows] if show == What.WRONG else [],
        "differing": differences(row, rows) if show == What.CHANGED else [],
        "people": rows if show not in (What.WRONG, What.CHANGED) else [],
        "show": show,
        "tabs": [(what, row.counts[what]) for what in tabs],
        "coming": sum(row.counts.get(what, 0) for what in ("new", "changed", "gone")),
        "undo_until": row.applied_at and row.applied_at + work.KEEP,
        "note": told(FILES, row.note),
    }
    return render(request, "people/import_result.html", facts)


class Counted:
    """Rows whose number is known already: nobody counts a million lines for a page of fifty."""

    def __init__(self, rows: Any, number: int) -> None:
        self.rows, self.number = rows, number

    def count(self) -> int:
        """How many there are."""
        return self.number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, place: slice) -> Sequence[ImportRow]:
        return list(self.rows[place])


@require_POST
@needs("change-people")
def go(request: HttpRequest, file: str) -> HttpResponse:
    """Put it in place; take it back; look at the columns again; or forget it."""
    found = named(Import, "import", file)
    wanted = request.POST.get("do", "")
    if wanted == "forget" and not found.is_due and found.state not in (State.DONE, State.UNDONE):
        work.drop(found)
        notes.success(request, _("The file is forgotten. Nobody was changed."))
        return redirect("import-people")
    steps = {
        ("apply", State.CHECKED): State.APPLYING,
        ("undo", State.DONE): State.UNDOING,
        ("columns", State.CHECKED): State.MAPPING,
    }
    target = steps.get((wanted, State(found.state)))
    if target == State.MAPPING and found.from_directory:
        target = None
    if target:
        if found.from_directory:  # from here on it is somebody's own deed
            here = presence(request)
            Import.objects.filter(pk=found.pk).update(by=here.account, by_name=here.member.name)
        Import.objects.filter(pk=found.pk, state=found.state).update(state=target, note={})
        work.at_once(found)
    return redirect("import", file)


@require_safe
@needs("change-people")
def wrong_lines(request: HttpRequest, file: str) -> HttpResponseBase:
    """What is wrong, as CSV: line, address, what, what to do."""
    found = named(Import, "import", file)
    rows = ImportRow.objects.filter(of=found, what=What.WRONG)
    return _download(_wrong_as_csv(rows.iterator(2000)), "wrong-lines.csv")


def _wrong_as_csv(rows: Iterator[ImportRow]) -> Iterator[str]:
    def line(cells: Sequence[str]) -> str:
        out = io.StringIO()
        csv.writer(out).writerow([exporting.safe(cell) for cell in cells])
        return out.getvalue()

    yield "\ufeff" + line([_("Line"), _("Address"), _("What is wrong"), _("What to do")])
    for row in rows:
        yield line([str(row.line), row.address, *told(LINES, row.problem)])


@require_safe
@needs("see-people")
def export(request: HttpRequest) -> HttpResponseBase:
    """Everyone, as a file that can be brought in again."""
    return _download(exporting.export(), f"people-{timezone.localdate():%Y-%m-%d}.csv")


def _download(pieces: Iterator[str], name: str) -> StreamingHttpResponse:
    """A file, a piece at a time. The scope is open only while the page is made, so it is opened for each piece."""
    from stationer.portal.people.scope import current_pen_id, pen_scope

    pen_id = current_pen_id()

    def scoped() -> Iterator[bytes]:
        while True:
            with pen_scope(pen_id):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece.encode()

    response = StreamingHttpResponse(scoped(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
