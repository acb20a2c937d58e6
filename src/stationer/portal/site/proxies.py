"""Who asked, when a proxy stands in front: X-Forwarded-* is believed from the configured proxies and no one else."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
        self.proxies = [ip_network(text, strict=False) for text in settings.PORTAL.trusted_proxies]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = {name: request.META.pop(name, "") for name in _FORWARDED}
        if _among(request.META.get("REMOTE_ADDR", ""), self.proxies):
            asker = self._asker(said["HTTP_X_FORWARDED_FOR"])
            if asker:
                request.META["REMOTE_ADDR"] = asker
            if said["HTTP_X_FORWARDED_PROTO"] in ("http", "https"):
                request.environ["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]  # type: ignore[attr-defined]
        return self.get_response(request)

    def _asker(self, chain: str) -> str:
        """The last address in the chain that is not one of our proxies: those before it anyone may have written."""
        for address in reversed([part.strip() for part in chain.split(",") if part.strip()]):
            if not _among(address, self.proxies):
                return address if _is_address(address) else ""
        return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _among(text: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in networks)
