"""Monthly statements: every closed month, and each as a file."""

from __future__ import annotations

from datetime import UTC

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from stationer.portal.partners import statements
from stationer.portal.partners.counting import LATE_DAYS
from stationer.portal.partners.desk import desk, staffed


@staffed("see-statements")
def page(request: HttpRequest) -> HttpResponse:
    """The closed months, and the running one."""
    here = desk(request)
    today = timezone.now().astimezone(UTC).date()
    facts = {
        "months": statements.months(here.partner),
        "running": statements.so_far(here.partner, today),
        "late_days": LATE_DAYS,
    }
    return render(request, "partners/statements.html", facts)


@staffed("see-statements")
def file(request: HttpRequest, month: str) -> HttpResponse:
    """A closed month as CSV; always the same bytes, which its ETag names."""
    here = desk(request)
    try:
        first = statements.month_of(month)
    except ValueError:
        raise Http404("no month") from None
    if not statements.lines_of(here.partner, first).exists():
        raise Http404("not closed")
    data = statements.sheet(here.partner, first)
    headers = {
        "Content-Disposition": f'attachment; filename="statement-{month}.csv"',
        "ETag": f'"{statements.digest(data)}"',
    }
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)
