"""Times on pages are those of the reader's clock: the browser says its zone in a cookie, once (`portal.js`)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stationer.portal.access.presence import Presence
from stationer.portal.people import zones


class ClockMiddleware:
    """Activates the zone of the cookie `zone` for this request; without a good one, the company's; else UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = getattr(request, "presence", None)
        company = here.pen.zone if isinstance(here, Presence) else "UTC"
        asked = (request.COOKIES.get("zone", ""), company)
        name = next((name for name in asked if name in zones.known()), "UTC")
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return self.get_response(request)
