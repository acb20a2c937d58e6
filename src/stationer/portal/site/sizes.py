"""How much a request may bring: one that says it is larger is refused before any of it is read or kept.

Every page takes `USUAL`, the API `PROGRAMS`. A view that takes more says so itself (`most_octets`, `own_measure`), and
takes it only from somebody who is known and may use it: Django alone would read the whole body, and keep files on the
disk, before the view asks who is there. Django reads no more than a request says it has; a body without a length is
not read (RFC 9110 §8.6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from stationer.portal.site.refusals import answer

View = TypeVar("View", bound=Callable[..., Any])
Sentence = Callable[[int], str]
MB = 1_000_000
#: What a page takes, in octets: words, and whatever is ticked.
USUAL = 3 * MB
#: Octets of a request beside the file that it brings.
BESIDE = 200_000


def too_much(most: int) -> Sentence:
    """Says how much came, and how much may (octets)."""

    def sentence(octets: int) -> str:
        said = _(
            "What was sent has {size} MB; this page takes {most}. Send less at once, or in several pieces."
        )
        return said.format(size=-(-octets // MB), most=most // MB)

    return sentence


def most_octets(count: int, sentence: Sentence | None = None) -> Callable[[View], View]:
    """The view takes so many octets in one request; `sentence` says what to do with more."""

    def mark(view: View) -> View:
        view.most_octets = (count, sentence or too_much(count))  # type: ignore[attr-defined]
        return view

    return mark


class Measure(NamedTuple):
    """Of a view that knows by itself who asks: it takes `most` octets from whoever is `known`, `USUAL` from others, and
    refuses in its own form, saying how many octets it would have taken."""

    most: int
    known: Callable[[HttpRequest], bool]
    refuse: Callable[[int], HttpResponse]


def own_measure(measure: Measure) -> Callable[[View], View]:
    """The view is measured so."""

    def mark(view: View) -> View:
        view.own_measure = measure  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(request: HttpRequest, view: Callable[..., Any]) -> tuple[int, Sentence]:
    """How many octets this view takes from whoever asks, and what is said of more."""
    if request.path.startswith("/api/"):
        return _of_programs(request), too_much(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    own: tuple[int, Sentence] = getattr(view, "most_octets", (USUAL, too_much(USUAL)))
    return own if own[0] <= USUAL or _may(request, view) else (USUAL, too_much(USUAL))


def _may(request: HttpRequest, view: Callable[..., Any]) -> bool:
    here, needs = getattr(request, "presence", None), getattr(view, "needs", None)
    return here is not None and (needs is None or here.may(needs[1]))


def _of_programs(request: HttpRequest) -> int:
    from stationer.portal.site.api import LARGE

    name = request.resolver_match.url_name if request.resolver_match else ""
    known = getattr(request, "device", None) is not None
    usual: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return max(usual, LARGE.get(name or "", 0)) if known else usual


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
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit():
            return None
        own: Measure | None = getattr(view, "own_measure", None)
        if own is not None:
            most = own.most if int(length) > USUAL and own.known(request) else USUAL
            return own.refuse(most) if int(length) > most else None
        most, sentence = limit_of(request, view)
        if int(length) <= most:
            return None
        if request.path.startswith("/api/"):
            return answer("too-large")
        return render(request, "413.html", {"sentence": sentence(int(length))}, status=413)
