"""Times on pages are those of the reader's clock: the browser says its zone in a cookie, once (`portal.js`)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class ClockMiddleware:
    """Activates the zone of the cookie `zone` for this request; without a good one, UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = zoneinfo.available_timezones()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.COOKIES.get("zone", "")
        with timezone.override(zoneinfo.ZoneInfo(name) if name in self.known else zoneinfo.ZoneInfo("UTC")):
            return self.get_response(request)
