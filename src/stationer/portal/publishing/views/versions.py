"""What was published before: the list, one version and what it changed, compare, undo, put in force again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stationer.portal.access.factor import proven_twice_then
from stationer.portal.access.presence import needs, presence
from stationer.portal.people.named import named, names
from stationer.portal.publishing import undoing
from stationer.portal.publishing.changes import Change, between, last_publication, made
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.telling import told

PAGE = 25
#: How many versions can be chosen to compare with.
COMPARED = 50


@require_GET
@needs("see-content")
def listing(request: HttpRequest) -> HttpResponse:
    """Who published what, and when: the last first, searched by what it was about."""
    rows = made().defer("drafts").order_by("-serial")
    total, q = rows.count(), request.GET.get("q", "").strip()
    if q:
        rows = rows.filter(about__icontains=q)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.gist = ", ".join(dict.fromkeys(one["name"] for one in row.changed[:4]))  # type: ignore[attr-defined]
        row.more = max(0, len(row.changed) - 4)  # type: ignore[attr-defined]
    facts = {
        "page": page,
        "total": total,
        "many": total > PAGE,
        "q": q,
        "search_words": _("Search {count} versions").format(count=total),
        "names": names(row.by_name for row in page),
        "last": last_publication(),
    }
    return render(request, "publishing/versions.html", facts)


@require_GET
@needs("see-content")
def page(request: HttpRequest, publication: str) -> HttpResponse:
    """One version: what it changed, or (`?against=`) how it differs from another."""
    row, last = named(Publication, "snapshot", publication), last_publication()
    asked = request.GET.get("against", "")
    against = named(Publication, "snapshot", asked) if asked else None
    own = msgspec.convert(row.changed, list[Change])
    found = between(against.drafts, row.drafts, {}) if against else own
    pen = presence(request).pen
    changed = Paginator(found, PAGE).get_page(request.GET.get("page"))
    told_of = [replace(told(change, pen.zone), url="") for change in changed]
    known = names([row.by_name, *(change.by for change in told_of)])
    facts: dict[str, Any] = {
        "row": row,
        "in_force": last is not None and last.pk == row.pk,
        "against": against,
        "changes": [replace(one, by=known.get(one.by.lower(), one.by)) for one in told_of],
        "page": changed,
        "by": known.get(row.by_name.lower(), row.by_name),
        "others": made().exclude(pk=row.pk).defer("drafts", "changed")[:COMPARED],
    }
    return render(request, "publishing/version.html", facts)


@require_POST
@needs("publish")
@proven_twice_then("versions")
def restore(request: HttpRequest, publication: str) -> HttpResponse:
    """Put it in force again; with `drafts`, take the drafts back to it as well."""
    row = named(Publication, "snapshot", publication)
    if not made().filter(pk=row.pk).exists():
        raise Http404("the version of an end is nobody's to choose")
    return _put_back(request, row, "drafts" in request.POST)


@require_POST
@needs("publish")
@proven_twice_then("publish")
def undo(request: HttpRequest) -> HttpResponse:
    """Undo the version that the person saw: pressed twice, or after somebody else published, it does nothing."""
    last = last_publication()
    before = undoing.undoable(last)
    if last is None or before is None or request.POST.get("version") != str(last.serial):
        notes.error(
            request, _("Nothing was undone: another version is in force by now, or it is too long ago.")
        )
        return redirect("publish")
    return _put_back(request, before, False, over=last.serial)


def _put_back(
    request: HttpRequest, wanted: Publication, with_drafts: bool, over: int | None = None
) -> HttpResponse:
    here = presence(request)
    try:
        row = undoing.put_back(here.pen, wanted, here.account, with_drafts=with_drafts, over=over)
    except undoing.CannotReturn as error:
        notes.error(request, str(error))
        return redirect("version", wanted.outside_id) if over is None else redirect("publish")
    sentence = _("Version {old} is in force again, as version {number}, within two seconds.")
    notes.success(request, sentence.format(old=wanted.serial, number=row.serial))
    return redirect("publish")
