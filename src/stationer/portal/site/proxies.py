"""Who asked, when a proxy stands in front: X-Forwarded-* is believed from the configured proxies and no one else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stationer.settings.proxies import Proxies

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
)


class ProxyMiddleware:
    """Sets REMOTE_ADDR and the scheme from a trusted proxy; takes the headers away in every case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = Proxies(settings.PORTAL.trusted_proxies)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = {name: request.META.pop(name, "") for name in _FORWARDED}
        if self.proxies.trusts(request.META.get("REMOTE_ADDR", "")):
            asker = self.proxies.asker(said["HTTP_X_FORWARDED_FOR"])
            if asker:
                request.META["REMOTE_ADDR"] = asker
            if said["HTTP_X_FORWARDED_PROTO"] in ("http", "https"):
                request.environ["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]  # type: ignore[attr-defined]
        return self.get_response(request)
