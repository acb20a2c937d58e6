"""How often programs may ask: each key, and all keys of a company together, by the minute.

What a key asks beyond its own limit is not counted for its company: one key alone shuts nobody else out. The answer
says how much is left (draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy`, `RateLimit`); beyond it is
`too-many-requests` with `Retry-After`. The count is kept in the cache that all processes of a machine share; two that
count at the same moment may count one: a limit is there to keep a runaway program from the others, not to bill.
"""

from __future__ import annotations

from collections.abc import Callable
from time import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stationer.portal.access.presence import device
from stationer.portal.site import counting
from stationer.portal.site.refusals import answer

WINDOW = 60
#: Told by every page of a web site that is looked at: it has its own measure (visits.api).
FREE = "/api/v1/visits"


class LimitMiddleware:
    """Counts each request of a program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = device(request)
        if asks is None or not request.path.startswith("/api/") or request.path == FREE:
            return self.get_response(request)
        most = {"key": settings.PORTAL.requests_of_a_key, "company": settings.PORTAL.requests_of_a_company}
        left = {"key": most["key"] - counting.tally(f"api-key-{asks.pk.hex}", WINDOW)}
        # what a runaway key is refused is taken from nobody else
        of_company = counting.tally if left["key"] >= 0 else counting.so_far
        left["company"] = most["company"] - of_company(f"api-company-{asks.pen_id.hex}", WINDOW)
        again = WINDOW - int(time()) % WINDOW
        if min(left.values()) < 0:
            response = answer("too-many-requests", retry_after=again)
        else:
            response = self.get_response(request)
        response["RateLimit-Policy"] = ", ".join(f'"{name}";q={most[name]};w={WINDOW}' for name in most)
        response["RateLimit"] = ", ".join(f'"{name}";r={max(0, left[name])};t={again}' for name in most)
        return response
