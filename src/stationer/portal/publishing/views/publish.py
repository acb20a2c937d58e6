"""The Publish page: what would change, what must be mended first, the button, Undo, and what was published before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stationer.portal.access.factor import asked_for, proven_twice
from stationer.portal.access.models import Device
from stationer.portal.access.presence import needs, presence
from stationer.portal.content.models import Campaign
from stationer.portal.people.named import names
from stationer.portal.publishing import looking, undoing, waiting
from stationer.portal.publishing.changes import between, made
from stationer.portal.publishing.counting import counted
from stationer.portal.publishing.defining import NotReady, Trouble, troubles
from stationer.portal.publishing.looking import Look
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import Moved, NothingToPublish, publish, seen
from stationer.portal.publishing.telling import PAGES, page_of, told
from stationer.portal.publishing.waiting import rows
from stationer.wire import ids

#: How many changes a page tells; how many earlier versions and drafts stand beside them.
PAGE, EARLIER, BEHIND = 25, 10, 20


def _where(trouble: Trouble) -> str:
    """The page on which a trouble can be mended."""
    if trouble.id is not None and trouble.kind in PAGES:
        return page_of(trouble.kind, ids.outside(trouble.kind, trouble.id))
    return reverse("lists" if trouble.kind == "list" else "settings")


def _page_of(look: Look) -> str:
    """The page on which a finding can be mended."""
    if look.piece:
        return reverse("template-part", args=[look.key, look.piece]) + "#found"
    return page_of(look.kind, look.key) + "#found"


@needs("see-content", change="publish")
@proven_twice
def page(request: HttpRequest) -> HttpResponse:
    """Show, or publish. What cannot be published is said on this page, and nothing has changed."""
    here = presence(request)
    wrong: list[Trouble] = []
    status = 200
    if request.method == "POST":
        about, expected = request.POST.get("about", "").strip(), request.POST.get("seen", "")
        try:
            row = publish(here.pen, here.account, about, expected=expected, anew=False)
        except NotReady as error:
            wrong, status = error.troubles, 422
        except Moved:
            wrong, status = troubles(here.pen, rows(request)), 409
        except NothingToPublish:
            notes.info(request, _("There is nothing to publish: what is in force is what the drafts say."))
            return redirect("publish")
        else:
            notes.success(
                request, _("Version {number} is in force within two seconds.").format(number=row.serial)
            )
            return redirect("publish")
    else:
        wrong = troubles(here.pen, rows(request))
    facts = _facts(request) | {"troubles": [(trouble, _where(trouble)) for trouble in wrong]}
    facts["moved"] = status == 409 or request.GET.get("seen", facts["seen"]) != facts["seen"]
    return render(request, "publishing/publish.html", facts, status=status)


def _facts(request: HttpRequest) -> dict[str, Any]:
    versions = made().defer("drafts", "changed").order_by("-serial")[:EARLIER]
    last, said = waiting.last(request), waiting.said(request)
    before, agents = (
        undoing.undoable(last),
        Device.objects.filter(revoked_at=None).exclude(kind=Device.Kind.API),
    )
    drafts = [row for row in rows(request).campaigns if row.state == Campaign.State.DRAFT]
    return _changes(request, last, seen(last, said)) | {
        "asks_twice": asked_for(request),
        "last": last,
        "before": before,
        "undo_until": undoing.undo_until(last) if last and before else None,
        "versions": versions,
        "by_names": names(row.by_name for row in versions),
        "devices": agents.count(),
        "drafts": drafts[:BEHIND],
        "more_drafts": len(drafts[BEHIND:]),
    }


def _changes(request: HttpRequest, last: Publication | None, fingerprint: str) -> dict[str, Any]:
    """A page of what would change, told; and where there are more, how many of which sort in all. What stands on
    the other pages belongs to what was seen: each page knows the fingerprint that the one before it had."""
    found = between(last.drafts if last else {}, waiting.said(request), rows(request).by_outside_id())
    looks = [(look, _page_of(look)) for look in looking.looks(presence(request).pen, rows(request), found)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = [told(change, presence(request).pen.zone) for change in page]
    known = names(change.by for change in shown)
    query = request.GET.copy()
    query["seen"] = fingerprint
    return {
        "waiting": len(found),
        "seen": fingerprint,
        "page": page,
        "beside_page": query,
        "changes": [replace(change, by=known.get(change.by.lower(), change.by)) for change in shown],
        "looks": looks[: looking.MOST_SHOWN],
        "more_looks": len(looks[looking.MOST_SHOWN :]),
        "looks_in_all": len(looks),
        "in_all": counted(found) if page.has_other_pages() else [],
    }
