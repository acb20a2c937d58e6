"""`/livez`, `/readyz`, `/metrics` of the portal (contract/http.md §3)."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse

from stationer.portal.delivery.models import Recipient
from stationer.portal.site.refusals import answer
from stationer.watch.health import failing
from stationer.watch.metrics import Registry

metrics = Registry()
waiting = metrics.gauge(
    "stationer_portal_mails_waiting", "Recipients whose mail of the server's own still waits."
)
requests = metrics.counter(
    "stationer_portal_requests_total", "Requests answered, by status class.", ["status"]
)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return "" if cursor.fetchone() == (1,) else "The database does not answer."


CHECKS = {"database": _database}


def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process runs."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers."""
    wrong = failing(CHECKS)
    if wrong:
        return answer("not-ready", " ".join(wrong.values()))
    return HttpResponse("ok", content_type="text/plain")


def prometheus(request: HttpRequest) -> HttpResponse:
    """This process's counters (exposition format 0.0.4)."""
    waiting.set(Recipient.objects.filter(state=Recipient.State.WAITING).count())
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4")
