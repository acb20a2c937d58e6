"""Every refusal in the wire's form for programs, as a page for people (wire.errors)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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


def for_programs(request: HttpRequest) -> bool:
    """Whether it is a program that asks: it gets refusals in the wire's form, in English."""
    return request.path.startswith("/api/")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page."""
    return (
        answer("malformed", "The CSRF token is missing.")
        if for_programs(request)
        else csrf_failure(request, reason)
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return answer("malformed") if for_programs(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Forbidden looks like absent."""
    return answer("not-found") if for_programs(request) else defaults.page_not_found(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; whoever followed a letter's link is a reader, whom our own people's words would not help."""
    if request.path.startswith("/m/"):
        return render(request, "reading/absent.html", status=404)
    return answer("not-found") if for_programs(request) else defaults.page_not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """500, with nothing about why."""
    return answer("fault") if for_programs(request) else defaults.server_error(request)


class RefusalMiddleware:
    """Below /api/, what Django itself refused (405, 404 …) gets the wire's form too."""

    CODES = {
        400: "malformed",
        403: "not-found",
        404: "not-found",
        405: "method-not-allowed",
        413: "too-large",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        plain = response.headers.get("Content-Type", "").partition(";")[0] != "application/json"
        if not (plain and for_programs(request) and response.status_code in self.CODES):
            return response
        allowed = response.headers.get("Allow")
        response = answer(self.CODES[response.status_code])
        if allowed:
            response["Allow"] = allowed
        return response
