"""Who did what: the list, narrowed and paged by the server, and the whole of it as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs, presence
from stationer.portal.audit.finding import Filter, as_csv, as_json_lines
from stationer.portal.audit.models import Entry
from stationer.portal.audit.recording import record
from stationer.portal.audit.words import told, who

PAGE = 50
FORMATS = {"csv": (as_csv, "text/csv; charset=utf-8"), "jsonl": (as_json_lines, "application/jsonl")}


@require_GET
@needs("see-audit")
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    pen, form = presence(request).pen, Filter(request.GET)
    page = Paginator(form.rows(pen.zone), PAGE).get_page(request.GET.get("page"))
    rows = [(one, who(one.entry)) for one in told(page.object_list, pen.zone)]
    asked = form.is_valid() and any(form.cleaned_data.values())
    facts = {
        "page": page,
        "rows": rows,
        "form": form,
        "asked": asked,
        "total": asked or Entry.objects.exists(),
    }
    return render(request, "audit/audit.html", facts)


@require_GET
@needs("see-audit")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows, whole, as a file that is written while it is read."""
    if kind not in FORMATS:
        raise Http404(kind)
    pen, form = presence(request).pen, Filter(request.GET)
    if not form.is_valid():  # the list says what is wrong
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    rows = form.rows(pen.zone)
    record("exported", "entry", kind)
    write, content_type = FORMATS[kind]
    name = f"stationer-audit-{timezone.localdate():%Y-%m-%d}.{kind}"
    return StreamingHttpResponse(
        write(rows, pen),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
