"""Where a request wants to be led back to: only to pages of ours."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def ours(request: HttpRequest, url: str) -> str:
    """`url` when it leads to a page of this host, by its scheme; else empty."""
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page that a form stood on (its field `next`), when it is one of ours; else `otherwise`."""
    return ours(request, request.POST.get("next", "")) or otherwise
