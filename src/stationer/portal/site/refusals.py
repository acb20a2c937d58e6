"""Every refusal in the wire's form for programs, as a page for people (wire.errors)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.csrf import csrf_failure

from stationer.wire.errors import refusal


def answer(code: str, message: str = "", **more: Any) -> HttpResponse:
    """The refusal as JSON with its status."""
    status, body = refusal(code, message, **more)
    response = HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
    if body.retry_after is not None:
        response["Retry-After"] = str(body.retry_after)
    return response


def _for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page."""
    return (
        answer("malformed", "The CSRF token is missing.")
        if _for_programs(request)
        else csrf_failure(request, reason)
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return answer("malformed") if _for_programs(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Forbidden looks like absent."""
    return answer("not-found") if _for_programs(request) else defaults.page_not_found(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return answer("not-found") if _for_programs(request) else defaults.page_not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """500, with nothing about why."""
    return answer("fault") if _for_programs(request) else defaults.server_error(request)
