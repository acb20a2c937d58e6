"""The bin: what was deleted in the last thirty days, and the button that brings it back."""

from __future__ import annotations

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning
from stationer.portal.content.models import Binned, Message
from stationer.portal.people.named import named, names

PAGE = 25
ICONS = {"template": "template", "campaign": "campaign", "message": "mail"}


@require_GET
@needs("see-content")
def listing(request: HttpRequest) -> HttpResponse:
    """What lies in it, the last first; searched and paged once there is much."""
    kept = Binned.objects.filter(binned_at__gte=timezone.now() - binning.KEPT).select_related("binned_by")
    total = kept.count()
    q = request.GET.get("q", "").strip()
    page = Paginator(kept.filter(name__icontains=q) if q else kept, PAGE).get_page(request.GET.get("page"))
    known = names(row.binned_by.email for row in page if row.binned_by)
    for row in page:
        row.icon = ICONS[row.kind]  # type: ignore[attr-defined]
        row.until = binning.until(row)  # type: ignore[attr-defined]
        row.by = known.get(row.binned_by.email.lower(), "") if row.binned_by else ""  # type: ignore[attr-defined]
        row.messages_count = len(row.rows) - 1  # type: ignore[attr-defined]
    facts = {
        "page": page,
        "total": total,
        "many": total > PAGE,
        "q": q,
        "search_words": _("Search {count} deleted things").format(count=total),
    }
    return render(request, "content/bin.html", facts)


@require_POST
@needs("change-content")
def bring_back(request: HttpRequest, binned: str) -> HttpResponse:
    """Bring it back as it was, and go there."""
    kept = named(Binned, "binned", binned)
    if binning.until(kept) < timezone.now():
        notes.error(request, _("It was deleted more than 30 days ago, and is gone."))
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
