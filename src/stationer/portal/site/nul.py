"""U+0000 is a character of no text: PostgreSQL keeps and finds none (its manual, §8.3), and nobody types it.

A path with one is not there; a query, or a form, with one was not understood. It is refused here, once, so that no view
has to ask; bodies that are no forms are read, and refused, by whoever takes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from stationer.portal.site.refusals import for_programs

NUL = "\0"


class NulMiddleware:
    """Behind the check of forms (CSRF), which has read them already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            raise Http404("no path holds U+0000")
        if _holds(request.GET):
            raise BadRequest("a query holds U+0000")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], said: Any, more: Any) -> None:
        # a view that is exempt may read files by itself, as they come; a program's body is none of a form
        short = request.content_type == "application/x-www-form-urlencoded" and not for_programs(request)
        if (short or not getattr(view, "csrf_exempt", False)) and _holds(request.POST):
            raise BadRequest("a form holds U+0000")


def _holds(said: QueryDict) -> bool:
    return any(NUL in name or any(NUL in text for text in texts) for name, texts in said.lists())
