"""The editor of one source, for a message and for a part of a template: words on the left, the mail on the right.
A block form's buttons save what is typed and then do their deed (up, down, copy, drop, add), with or without script.

It saves itself: with JavaScript every change is sent a moment after it is made, without it the Save button does the
same. What is saved is a draft and reaches no mail before Publish. If somebody else changed the draft meanwhile,
nothing is overwritten until the person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.compose import MOST_HTML, SHAPES, generated, length
from stationer.portal.access.presence import presence
from stationer.portal.content.details import details
from stationer.portal.content.models import Asset, Message, Template
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


@dataclass
class Desk:
    """What lies on the desk: the row, the source in it, and how to write it back."""

    row: Template | Message
    source: Source
    kind: Kind
    slot: Slot
    shapes: Sequence[tuple[str, str]]
    write: Callable[[Source], None]
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
        """Changes with every save of the row."""
        return self.row.changed_at.isoformat()


def edit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the editor, or save what was sent. htmx gets the few places that change, others a fresh page."""
    if request.method == "POST" and "begin" in request.POST:
        return _begin(request, desk)
    if request.method != "POST" and (desk.empty or "choose" in request.GET):
        return render(request, "content/choose.html", _gallery(request, desk))
    if desk.source.shape not in SHAPES:  # written by a newer version
        desk.source = Source(desk.shapes[0][0])
    data = request.POST if request.method == "POST" else None
    form = SourceForm(desk.source, data, pictures=_choices(), opened=_opened(request))
    quick = bool(getattr(request, "htmx", False))
    if request.method != "POST":
        return render(request, desk.page, _facts(request, desk, form))
    if _overtaken(request, desk):
        return render(
            request,
            "content/overtaken.html" if quick else desk.page,
            _facts(request, desk, form, overtaken=True),
        )
    if not form.is_valid():
        return render(request, "content/saved.html" if quick else desk.page, _facts(request, desk, form))
    if "do" in request.POST:
        return _do(request, desk, form, quick)
    written = form.written()
    shape = request.POST.get("shape", written.shape)
    if not quick and shape != written.shape and shape in dict(desk.shapes):
        written = reshaped(written, shape)
    desk.write(written)
    desk.source = written
    if not quick:
        return redirect(request.get_full_path())
    return render(request, "content/saved.html", _facts(request, desk, form, saved=True))


def _gallery(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    slots = [desk.slot] if desk.kind == "template" else []
    back = desk.crumbs[-1][1] if desk.empty else request.path
    words = {"choose_title": desk.title, "crumbs": desk.crumbs, "back": back, "replaces": not desk.empty}
    return desk.facts | on_wall(desk.kind, slots) | words | {"version": desk.version}


def _begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was chosen in the gallery takes the place of what is written."""
    name = request.POST.get("shape", "")
    if name not in dict(designs(desk.kind, [desk.slot] if desk.kind == "template" else [])):
        return redirect(f"{request.path}?choose=1")
    if _overtaken(request, desk):
        return redirect(request.path)  # what somebody else wrote meanwhile is looked at first
    desk.write(begun(name, presence(request).pen))
    return redirect(request.path)


def _do(request: HttpRequest, desk: Desk, form: SourceForm, quick: bool) -> HttpResponse:
    """Save what was typed, do what the button says, and come back to the element it was about."""
    said, written = request.POST["do"], form.written()
    place = form.elements.do(said) if form.elements is not None else None
    if form.elements is not None and place is not None:
        written = msgspec.structs.replace(written, elements=form.elements.listed() or msgspec.UNSET)
    elif said == "twin own":
        written = msgspec.structs.replace(written, text=generated(written, pictures()))
    elif said == "twin follow":
        written = msgspec.structs.replace(written, text="")
    desk.write(written)
    desk.source = written
    if not quick:
        at = f"?at={place}#element-{place}" if place is not None else "#twin"
        return redirect(request.path + at)
    if form.elements is None or place is None:
        form = SourceForm(written, None, pictures=_choices())
    return render(request, "content/done.html", _facts(request, desk, form, saved=True))


def _opened(request: HttpRequest) -> int | None:
    """Which element stands open, by its place (`?at=3`)."""
    at = request.GET.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 4 else None


def _overtaken(request: HttpRequest, desk: Desk) -> bool:
    """Whether somebody else saved the row after this page was loaded, and this person does not insist."""
    seen = request.POST.get("version", "")
    mine = desk.row.changed_by_id == presence(request).account.pk
    return bool(seen) and seen != desk.version and not mine and "insist" not in request.POST


def _choices() -> list[tuple[str, str]]:
    return [(name, name) for name in Asset.objects.values_list("name", flat=True)]


def _facts(request: HttpRequest, desk: Desk, form: SourceForm, **more: Any) -> dict[str, Any]:
    now = timezone.localtime()
    album = rows(request).pictures
    found = pressed(desk.source, desk.kind, desk.slot, presence(request).pen, album)
    long = length(found.content) if found.content else 0
    return desk.facts | {
        "form": form,
        "standing": of_draft((desk.kind, desk.row.outside_id) in differing(request), desk.live),
        "row": desk.row,
        "row_text": desk.source.text.strip(),
        "version": desk.version,
        "shapes": desk.shapes,
        "shape": desk.source.shape,
        "found": placed(found.problems, form),
        "listing": listing(desk.source, found.problems),
        "length": long,
        "longest": MOST_HTML,
        "near": long > NEAR * MOST_HTML,
        "noted": placed(unknown(desk.source), form),
        "twin": generated(desk.source, pictures(album)),
        "details": details(presence(request).member),
        "preview_url": desk.preview_url,
        "preview_query": f"&at={now:%H%M%S%f}" if request.method == "POST" else "",
        "as_whom": presence(request).member.name,
        "saved_at": desk.row.changed_at,
        "picture_field": desk.source.shape in ("form", "mjml")
        or any(one.kind == "picture" for one in form.shape.fields),
        "other_name": str(desk.row.changed_by or _("Somebody")),
        **more,
    }
