"""The Content-Security-Policy of every page: one nonce a request, nothing inline without it, nothing from elsewhere.

A view that needs another policy (the mail preview) sets the header itself; it is then left alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class PolicyMiddleware:
    """Gives the request a `csp_nonce` and the answer its policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
        return response


def nonce(request: HttpRequest) -> dict[str, str]:
    """Context processor: `csp_nonce` for the page's own style element."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
