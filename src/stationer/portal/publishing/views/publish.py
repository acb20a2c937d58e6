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
from stationer.portal.publishing import undoing
from stationer.portal.publishing.changes import changes
from stationer.portal.publishing.defining import NotReady, Trouble, troubles
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import Moved, NothingToPublish, publish, seen
from stationer.portal.publishing.telling import PAGES, page_of, told
from stationer.portal.publishing.waiting import rows
from stationer.wire import ids

PAGE = 10


def _where(trouble: Trouble) -> str:
    """The page on which a trouble can be mended."""
    if trouble.id is not None and trouble.kind in PAGES:
        return page_of(trouble.kind, ids.outside(trouble.kind, trouble.id))
    return reverse("lists" if trouble.kind == "list" else "settings")


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
    return render(
        request,
        "publishing/publish.html",
        _facts(request, wrong) | {"moved": status == 409},
        status=status,
    )


def _facts(request: HttpRequest, wrong: list[Trouble]) -> dict[str, Any]:
    published = Publication.objects.defer("drafts", "changed").order_by("-serial")
    page = Paginator(published, PAGE).get_page(request.GET.get("page"))
    pen = presence(request).pen
    found = [told(change, pen.zone) for change in changes(pen, rows(request))]
    known = names([*(change.by for change in found), *(row.by_name for row in page)])
    last = published.first()
    before = undoing.undoable(last)
    agents = Device.objects.filter(revoked_at=None).exclude(kind=Device.Kind.API)
    return {
        "changes": [replace(change, by=known.get(change.by.lower(), change.by)) for change in found],
        "seen": seen(pen, rows(request), last),
        "troubles": [(trouble, _where(trouble)) for trouble in wrong],
        "asks_twice": asked_for(request),
        "last": last,
        "before": before,
        "undo_until": undoing.undo_until(last) if last and before else None,
        "page": page,
        "devices": agents.count(),
        "names": known,
        "drafts": [row for row in rows(request).campaigns if row.state == Campaign.State.DRAFT][:20],
    }
