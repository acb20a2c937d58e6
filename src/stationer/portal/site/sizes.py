"""How much a page takes in: a request that says it is larger is refused before any of it is read or kept.

A view says so itself (`most_octets`). Django alone would read the whole body, and keep files on the disk, before the
view is asked. A body without a length is refused by the server (RFC 9110 §8.6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = TypeVar("View", bound=Callable[..., Any])


def most_octets(count: int, sentence: Callable[[int], str]) -> Callable[[View], View]:
    """The view takes so many octets in one request; `sentence` says what to do with more."""

    def mark(view: View) -> View:
        view.most_octets = (count, sentence)  # type: ignore[attr-defined]
        return view

    return mark


class SizeMiddleware:
    """Refuses what is larger than its view takes. Stands before everything that reads a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, options: Any
    ) -> HttpResponse | None:
        """413 with the view's sentence, or None to go on."""
        limit = getattr(view, "most_octets", None)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if limit is None or not length.isascii() or not length.isdigit() or int(length) <= limit[0]:
            return None
        return render(request, "413.html", {"sentence": limit[1](int(length))}, status=413)
