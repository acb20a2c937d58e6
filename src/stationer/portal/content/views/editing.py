"""The editor of one source, for a message and for a part of a template: words on the left, the mail on the right.
A block form's buttons save what is typed and then do their deed (up, down, copy, drop, add), with or without script.

It saves itself: with JavaScript every change is sent a moment after it is made, without it the Save button does the
same. What is saved is a draft and reaches no mail before Publish. If somebody else changed the draft meanwhile,
nothing is overwritten until the person says so (`content.overtaking`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.compose import MOST_HTML, SHAPES, generated, length
from stationer.compose.lint import Linted
from stationer.portal.access.presence import presence
from stationer.portal.content.details import details
from stationer.portal.content.linting import Album, linted, mended_by, worth_telling
from stationer.portal.content.models import Asset, Message, Template
from stationer.portal.content.overtaking import facts as said_of
from stationer.portal.content.overtaking import held, overtaken, save, version, wrote
from stationer.portal.content.pictures import pictures
from stationer.portal.content.showing import listing, placed, pressed, unknown
from stationer.portal.content.standing import of_draft
from stationer.portal.content.views.gallery import begun, designs, on_wall
from stationer.portal.content.writing import SourceForm, reshaped
from stationer.portal.publishing.waiting import differing, rows
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot

#: From which share of a block's length on it is said how long it is.
NEAR = 0.7


Row = Template | Message
Answer = Callable[[], HttpResponse]


@dataclass
class Desk:
    """What lies on the desk: the row, the source in it, and how to put it back: `put` changes the row's `columns`."""

    row: Row
    source: Source
    kind: Kind
    slot: Slot
    shapes: Sequence[tuple[str, str]]
    #: which piece of the row it is, and what that says now
    piece: str
    says: Callable[[], object]
    put: Callable[[Source], None]
    columns: tuple[str, ...]
    preview_url: str
    page: str
    facts: dict[str, Any] = field(default_factory=dict)
    live: bool = True
    #: nothing is written yet: the gallery comes first
    empty: bool = False
    crumbs: Sequence[tuple[str, str]] = ()
    title: str = ""

    @property
    def version(self) -> str:
        """Changes with what the piece says."""
        return version(self.says())

    def overtaken(self, request: HttpRequest) -> bool:
        """Whether somebody else changed the piece after the page was loaded, and this person does not insist."""
        return overtaken(request, self.row, self.piece, self.version)

    def write(self, request: HttpRequest, source: Source) -> None:
        """Write the piece and nothing else. The row is held."""
        self.put(source)
        self.source = source
        save(self.row, presence(request).account, *self.columns)
        wrote(request, self.row, self.piece, self.version)


def edit(request: HttpRequest, row: Row, laid: Callable[[Any], Desk]) -> HttpResponse:
    """Show the editor, or save what was sent. htmx gets the few places that change, others a fresh page.

    `laid` lays the row on a desk; what is saved is compared and written while the row is held.
    """
    if request.method != "POST":
        return _look(request, laid(row))
    with held(row) as now:
        desk = laid(now)
        answer = _begin(request, desk) if "begin" in request.POST else _save(request, desk)
    return answer()


def _look(request: HttpRequest, desk: Desk) -> HttpResponse:
    if desk.empty or "choose" in request.GET:
        return render(request, "content/choose.html", _gallery(request, desk))
    _known(desk)
    form = SourceForm(desk.source, pictures=_choices(), opened=_opened(request))
    return render(request, desk.page, _facts(request, desk, form))


def _known(desk: Desk) -> None:
    if desk.source.shape not in SHAPES:  # written by a newer version
        desk.source = Source(desk.shapes[0][0])


def _save(request: HttpRequest, desk: Desk) -> Answer:
    """Save what was sent, unless it is wrong or would overwrite somebody else's."""
    _known(desk)
    form = SourceForm(desk.source, request.POST, pictures=_choices(), opened=_opened(request))
    quick = bool(getattr(request, "htmx", False))
    refused = desk.overtaken(request)
    if refused or not form.is_valid():
        quickly = "content/overtaken.html" if refused else "content/saved.html"
        page = quickly if quick else desk.page
        return lambda: render(request, page, _facts(request, desk, form, refused))
    if "do" in request.POST:
        return _do(request, desk, form, quick)
    written = form.written()
    shape = request.POST.get("shape", written.shape)
    if not quick and shape != written.shape and shape in dict(desk.shapes):
        written = reshaped(written, shape)
    desk.write(request, written)
    if not quick:
        return partial(redirect, request.get_full_path())
    return lambda: render(request, "content/saved.html", _facts(request, desk, form, saved=True))


def _gallery(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    slots = [desk.slot] if desk.kind == "template" else []
    back = desk.crumbs[-1][1] if desk.empty else request.path
    words = {"choose_title": desk.title, "crumbs": desk.crumbs, "back": back, "replaces": not desk.empty}
    return desk.facts | on_wall(desk.kind, slots) | words | {"version": desk.version}


def _begin(request: HttpRequest, desk: Desk) -> Answer:
    """What was chosen in the gallery takes the place of what is written."""
    name = request.POST.get("shape", "")
    if name not in dict(designs(desk.kind, [desk.slot] if desk.kind == "template" else [])):
        return partial(redirect, f"{request.path}?choose=1")
    if desk.overtaken(request):
        notes.error(request, _("Somebody changed this after you opened the gallery. Look at it first."))
    else:
        desk.write(request, begun(name, presence(request).pen))
    return partial(redirect, request.path)


def _do(request: HttpRequest, desk: Desk, form: SourceForm, quick: bool) -> Answer:
    """Save what was typed, do what the button says, and come back to the element it was about."""
    said, written = request.POST["do"], form.written()
    place = form.elements.do(said) if form.elements is not None else None
    if form.elements is not None and place is not None:
        written = msgspec.structs.replace(written, elements=form.elements.listed() or msgspec.UNSET)
    elif said.startswith("mend "):
        written, place = mended_by(written, said.removeprefix("mend "), _linted(request, desk, written))
    elif said == "twin own":
        written = msgspec.structs.replace(written, text=generated(written, pictures()))
    elif said == "twin follow":
        written = msgspec.structs.replace(written, text="")
    desk.write(request, written)
    if not quick:
        at = f"?at={place}#element-{place}" if place is not None else "#found" if "mend" in said else "#twin"
        return partial(redirect, request.path + at)
    if form.elements is None or place is None or said.startswith("mend "):
        form = SourceForm(written, None, pictures=_choices())
    return lambda: render(request, "content/done.html", _facts(request, desk, form, saved=True))


def _linted(request: HttpRequest, desk: Desk, source: Source) -> Linted:
    return linted(source, desk.kind, desk.slot, Album(rows(request).pictures))


def _opened(request: HttpRequest) -> int | None:
    """Which element stands open, by its place (`?at=3`)."""
    at = request.GET.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 4 else None


def _choices() -> list[tuple[str, str]]:
    return [(name, name) for name in Asset.objects.values_list("name", flat=True)]


def _facts(
    request: HttpRequest, desk: Desk, form: SourceForm, refused: bool = False, saved: bool = False
) -> dict[str, Any]:
    now = timezone.localtime()
    album = rows(request).pictures
    found = pressed(desk.source, desk.kind, desk.slot, presence(request).pen, album)
    long = length(found.content) if found.content else 0
    said = said_of(request, desk.row, desk.version, refused)
    return (
        desk.facts
        | said
        | {
            "form": form,
            "saved": saved,
            "standing": of_draft((desk.kind, desk.row.outside_id) in differing(request), desk.live),
            "row": desk.row,
            "row_text": desk.source.text.strip(),
            "shapes": desk.shapes,
            "shape": desk.source.shape,
            "found": placed(found.problems, form),
            "listing": listing(desk.source, found.problems),
            "length": long,
            "longest": MOST_HTML,
            "near": long > NEAR * MOST_HTML,
            "noted": placed(unknown(desk.source), form),
            "linted": _linted(request, desk, desk.source),
            "worth": worth_telling(_linted(request, desk, desk.source), form),
            "twin": generated(desk.source, pictures(album)),
            "details": details(presence(request).member),
            "preview_url": desk.preview_url,
            "preview_query": f"&at={now:%H%M%S%f}" if request.method == "POST" else "",
            "as_whom": presence(request).member.name,
            "picture_field": desk.source.shape in ("form", "mjml")
            or any(one.kind == "picture" for one in form.shape.fields),
        }
    )
