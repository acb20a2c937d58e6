"""The editor of one source, for a message and for a part of a template: words on the left, the mail on the right.

It saves itself: with JavaScript every change is sent a moment after it is made, without it the Save button does the
same. What is saved is a draft and reaches no mail before Publish. If somebody else changed the draft meanwhile,
nothing is overwritten until the person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.compose import SHAPES
from stationer.portal.access.presence import presence
from stationer.portal.content.models import Asset, Message, Template
from stationer.portal.content.pictures import pictures
from stationer.portal.content.showing import problems, unknown
from stationer.portal.content.standing import of_draft
from stationer.portal.content.writing import SourceForm, reshaped
from stationer.portal.publishing.waiting import differing
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot


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

    @property
    def version(self) -> str:
        """Changes with every save of the row."""
        return self.row.changed_at.isoformat()


def edit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the editor, or save what was sent. htmx gets the few places that change, others a fresh page."""
    if desk.source.shape not in SHAPES:  # written by a newer version
        desk.source = Source(desk.shapes[0][0])
    form = SourceForm(desk.source, request.POST if request.method == "POST" else None, pictures=_choices())
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
    written = form.written()
    shape = request.POST.get("shape", written.shape)
    if not quick and shape != written.shape and shape in dict(desk.shapes):
        written = reshaped(written, shape)
    desk.write(written)
    desk.source = written
    if not quick:
        return redirect(request.get_full_path())
    return render(request, "content/saved.html", _facts(request, desk, form, saved=True))


def _overtaken(request: HttpRequest, desk: Desk) -> bool:
    """Whether somebody else saved the row after this page was loaded, and this person does not insist."""
    seen = request.POST.get("version", "")
    mine = desk.row.changed_by_id == presence(request).account.pk
    return bool(seen) and seen != desk.version and not mine and "insist" not in request.POST


def _choices() -> list[tuple[str, str]]:
    named = {row.url: row.name or row.file_name for row in Asset.objects.all()[:200]}
    return [(name, named.get(picture.url, name)) for name, picture in pictures().items()]


def _facts(request: HttpRequest, desk: Desk, form: SourceForm, **more: Any) -> dict[str, Any]:
    now = timezone.localtime()
    return desk.facts | {
        "form": form,
        "standing": of_draft((desk.kind, desk.row.outside_id) in differing(request), desk.live),
        "row": desk.row,
        "version": desk.version,
        "shapes": desk.shapes,
        "shape": desk.source.shape,
        "found": problems(desk.source, desk.kind, desk.slot),
        "noted": unknown(desk.source),
        "preview_url": desk.preview_url,
        "preview_query": f"&at={now:%H%M%S%f}" if request.method == "POST" else "",
        "as_whom": presence(request).member.name,
        "saved_at": desk.row.changed_at,
        "picture_field": any(one.kind == "picture" for one in form.shape.fields),
        "other_name": str(desk.row.changed_by or _("Somebody")),
        **more,
    }
