"""The pages of what notifications said before: all versions, one of them as its readers saw it, and back to it."""

from __future__ import annotations

import msgspec
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stationer.portal.access.presence import needs, presence
from stationer.portal.notices import drafts
from stationer.portal.notices.models import Wording, WordingVersion
from stationer.portal.notices.overtaking import differences
from stationer.portal.notices.showing import envelope
from stationer.portal.people.models import Package

#: How many versions one page shows.
SHOWN = 50


@needs("see-settings", change="change-settings")
def versions(request: HttpRequest) -> HttpResponse:
    """The newest first; one of them can be in force again."""
    if request.method == "POST":
        text = request.POST.get("number", "")
        _again(request, _row(int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1))
        return redirect("notices-versions")
    rows = list(WordingVersion.objects.all()[:SHOWN])
    return render(request, "notices/versions.html", {"rows": rows, "count": WordingVersion.objects.count()})


def _row(number: int) -> WordingVersion:
    row = WordingVersion.objects.filter(number=number).first()
    if row is None:
        raise Http404("no such version")
    return row


def _again(request: HttpRequest, row: WordingVersion) -> None:
    """Say what this version said, as one more."""
    here = presence(request)
    said = msgspec.convert(row.said, Wording)
    by = str(here.member.address)
    try:
        drafts.keep(here.pen, said, upon=drafts.number(), by=by, restored=row.number)
    except ValidationError as error:
        notes.error(request, " ".join(error.messages))
    else:
        notes.success(request, _("Version {number} is in force again.").format(number=row.number))


@require_safe
@needs("see-settings")
def version(request: HttpRequest, wording: int) -> HttpResponse:
    """One version, by its number: the real notification as it was then, and what it changed."""
    row, here = _row(wording), presence(request)
    said, before = msgspec.convert(row.said, Wording), drafts.said_in(wording - 1) or Wording()
    facts = {
        "row": row,
        "next": WordingVersion.objects.filter(number=wording + 1).first(),
        "changes": [line for _place, line in differences(before, said, Package.objects.all())],
        "envelope": envelope(here.pen, said, here.member),
        "preview_query": f"version={wording}&package={here.member.package.outside_id}",
    }
    return render(request, "notices/version.html", facts)
