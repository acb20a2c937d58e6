"""The bin: what was deleted in the last thirty days, and the button that brings it back."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Literal

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning
from stationer.portal.content.models import Binned, Message
from stationer.portal.people.named import named, names

PAGE = 25
ICONS = {"template": "template", "campaign": "campaign", "message": "mail", "group": "people", "list": "mail"}
ROUTES = {"content": "bring-back", "people": "people-bring-back"}
#: What this bin keeps; groups and lists have one of their own, for those who look after people.
KINDS = ("template", "campaign", "message")


@require_GET
@needs("see-content")
def listing(request: HttpRequest) -> HttpResponse:
    """What lies in it, the last first; searched and paged once there is much."""
    since = timezone.now() - binning.KEPT
    return shown(request, Binned.objects.filter(kind__in=KINDS, binned_at__gte=since), "content")


def shown(request: HttpRequest, kept: QuerySet[Binned], of: Literal["content", "people"]) -> HttpResponse:
    """The page of a bin `of` content or people."""
    total = kept.count()
    q = request.GET.get("q", "").strip()
    found = (kept.filter(name__icontains=q) if q else kept).select_related("binned_by")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    known = names(row.binned_by.email for row in page if row.binned_by)
    for row in page:
        row.icon = ICONS[row.kind]  # type: ignore[attr-defined]
        row.until = binning.until(row)  # type: ignore[attr-defined]
        row.by = known.get(row.binned_by.email.lower(), "") if row.binned_by else ""  # type: ignore[attr-defined]
        row.url = reverse(ROUTES[of], args=[row.outside_id])  # type: ignore[attr-defined]
        row.count = row.rows[0].get("count", len(row.rows) - 1)  # type: ignore[attr-defined]
    facts = {
        "page": page,
        "total": total,
        "many": total > PAGE,
        "q": q,
        "search_words": _("Search {count} deleted things").format(count=total),
        "of_people": of == "people",
        "may_bring_back": presence(request).may("change-people" if of == "people" else "change-content"),
    }
    return render(request, "content/bin.html", facts)


def gone(request: HttpRequest, until: datetime) -> bool:
    """Whether it is too late; then the person is told."""
    if until >= timezone.now():
        return False
    notes.error(request, _("It was deleted more than 30 days ago, and is gone."))
    return True


def binned_of(text: str, kinds: Container[str]) -> Binned:
    """What lies in the bin that keeps these kinds. Raises Http404."""
    kept = named(Binned, "binned", text)
    if kept.kind not in kinds:
        raise Http404("in the other bin")
    return kept


@require_POST
@needs("change-content")
def bring_back(request: HttpRequest, binned: str) -> HttpResponse:
    """Bring it back as it was, and go there."""
    kept = binned_of(binned, KINDS)
    if gone(request, binning.until(kept)):
        return redirect("bin")
    try:
        row = binning.bring_back(kept, presence(request).account)
    except binning.CannotReturn as error:
        notes.error(request, str(error))
        return redirect("bin")
    notes.success(
        request, _("“{name}” is back as it was. Mail follows at the next Publish.").format(name=row.name)
    )
    if isinstance(row, Message):
        return redirect("campaign", row.campaign.outside_id)
    return redirect(kept.kind, row.outside_id)  # type: ignore[attr-defined]
