"""Pages: who came, and the page of one visitor."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs, presence
from stationer.portal.audit.recording import record
from stationer.portal.people.named import named
from stationer.portal.statistics.models import Addressee, Hit, Mail
from stationer.portal.statistics.visiting.exporting import as_csv
from stationer.portal.statistics.visiting.finding import Wish, by, older
from stationer.portal.statistics.visiting.words import Visit, visits

PAGE = 25


def _page(request: HttpRequest, rows: QuerySet[Hit]) -> tuple[list[Visit], str]:
    """One page of these hits, and the id behind which the next begins."""
    found = visits(older(rows, request.GET.get("before", ""))[: PAGE + 1])
    more = found[PAGE - 1].id if len(found) > PAGE else ""
    return found[:PAGE], more


def seen_of(rows: Sequence[Visit]) -> str:
    """What a page shows, in a few letters: whoever has seen it needs no other."""
    said = "".join(f"{one.row.pk}{one.row.score}{one.row.corrected_at}{one.row.mail_id}" for one in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@require_GET
@needs("see-visitors")
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first. Asked again with `seen`, it answers only when there is something else to see."""
    wish = Wish(request.GET)
    rows, more = _page(request, wish.rows(presence(request).pen.zone))
    seen = seen_of(rows)
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    facts = {
        "rows": rows,
        "more": more,
        "first": not request.GET.get("before"),
        "form": wish,
        "seen": seen,
        "machines": wish.is_valid() and wish.cleaned_data["machines"],
        "narrowed": wish.narrowed,
        "any": bool(rows) or Hit.objects.exists(),
        "programs": not rows and Hit.objects.filter(human=False).exists(),
    }
    return render(request, "statistics/visitors.html", facts)


@require_GET
@needs("see-visitors")
def visitor(request: HttpRequest, visitor: str) -> HttpResponse:
    """One address: what was sent to it, and what it followed."""
    address = named(Addressee, "addressee", visitor).address
    mails = Mail.objects.filter(addressees__address=address).order_by("-id")
    rows, more = _page(request, Hit.objects.filter(by(address)).order_by("-id"))
    facts = {
        "address": address,
        "visitor": visitor,
        "rows": rows,
        "more": more,
        "first": not request.GET.get("before"),
        "mails": mails.count(),
        "last": mails.first(),
        "people": sum(1 for one in rows if one.row.human),
    }
    return render(request, "statistics/visitor.html", facts)


@require_GET
@needs("see-visitors")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the list shows, whole."""
    pen, wish = presence(request).pen, Wish(request.GET)
    rows = wish.rows(pen.zone)
    record("exported", "hit", "csv")
    name = f"stationer-visitors-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        as_csv(rows, pen),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
