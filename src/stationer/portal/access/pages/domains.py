"""Proving a domain: the record to make, and whether it is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stationer.portal.access import domains
from stationer.portal.access.presence import needs, presence


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """The records; a POST looks for them now, a page that is waiting (`?waiting`) looks by itself, gently."""
    pen = presence(request).pen
    if request.method == "POST":
        found = domains.look(pen)
    elif "waiting" in request.GET and presence(request).may("change-settings"):
        found = domains.look(pen, gently=True)
    else:
        found = domains.challenges(pen)
    waiting = any(one.proven_at is None for one in found)
    return render(request, "access/domains.html", {"found": found, "waiting": waiting})
