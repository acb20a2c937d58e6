"""Which letter an address names, in which PEN, and who is at the door: what stands before every view below /m/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from stationer.portal.access.presence import at_door, within
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import levels, sittings
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault import grants
from stationer.portal.vault.models import Grant, SecureMessage

View = Callable[..., HttpResponseBase]


def pen_at(request: HttpRequest, locator: str) -> Pen:
    """The PEN of the letter with this locator. Raises Http404: also at the host of another company or partner."""
    pen = grants.pen_of(locator)
    if pen is None or pen.standing == Pen.Standing.ENDED:
        raise Http404("no such letter")
    below, door = within(request), at_door(request)
    elsewhere = below and not (pen.partner and pen.partner.path.startswith(below))
    if elsewhere or (door and door != pen.outside_id):
        raise Http404("no such letter")
    return pen


def closed(answer: HttpResponseBase) -> HttpResponseBase:
    """No copy is kept of the answer, and nobody else is told where it was. (With `no-referrer` a browser says
    `Origin: null` of our own forms, which is nobody's; Fetch §3.2.)"""
    answer["Cache-Control"] = "no-store"
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def by_locator(view: View) -> View:
    """The view gets `(request, pen, message)`, inside the PEN's scope."""

    @wraps(view)
    def guarded(request: HttpRequest, locator: str, *args: Any, **options: Any) -> HttpResponseBase:
        pen = pen_at(request, locator)
        with pen_scope(pen):
            message = grants.found(locator)
            if message is None:
                raise Http404("no such letter")
            message.pen = pen
            return closed(view(request, pen, message, *args, **options))

    return guarded


def only_sent_to(page: str) -> Callable[[View], View]:
    """For an address that a form is sent to: whoever looks at it (after another language was chosen there, say) is
    led to the route `page` of the letter."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, locator: str, *args: Any, **options: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                return redirect(page, locator)
            return view(request, locator, *args, **options)

        return require_http_methods(["GET", "HEAD", "POST"])(guarded)

    return wrap


def for_readers(view: View) -> View:
    """The view gets `(request, message, reader)`, inside the PEN's scope; whoever may not read it (yet) is led to the
    letter's own page, which is the door."""

    @wraps(view)
    def guarded(
        request: HttpRequest, pen: Pen, message: SecureMessage, *args: Any, **options: Any
    ) -> HttpResponseBase:
        reader = reader_of(request, pen, message)
        if reader is None or not levels.enough(message, reader):
            return redirect("secure-message", message.locator)
        return view(request, message, reader, *args, **options)

    return by_locator(guarded)


def reader_of(request: HttpRequest, pen: Pen, message: SecureMessage) -> Reader | None:
    """Who is here and may read the letter, at some level; None: the door."""
    here = sittings.here(request, pen)
    found = grants.grants_of(message, here.shown)
    by_code = dict(here.sitting.shown) if here.sitting else {}
    # of grants of before the member was there an address gives only what was shown for it by code
    levels_of = {
        grant.address: max(by_code.get(grant.address, 0), _as_member(here, grant)) for grant in found
    }
    mine = [grant for grant in found if levels_of[grant.address]]
    if not mine:
        return None
    # of the same level one's own, and then the first: it says most
    best = max(mine, key=lambda grant: (levels_of[grant.address], _mailbox(here, grant, by_code) is None))
    addresses = tuple(one for one in here.shown if levels_of.get(one, 1))
    return Reader(
        best.address,
        levels_of[best.address],
        addresses,
        here.member,
        here.sitting,
        _mailbox(here, best, by_code),
    )


def _as_member(here: sittings.Here, grant: Grant) -> int:
    """The level at which a grant is the member's, or of somebody whom they read for; 0 where it is neither."""
    reading = here.readings.get(grant.address)
    if reading is None or grant.made_at < reading.since:
        return 0
    return here.as_member.get(grant.address, 0)


def _mailbox(here: sittings.Here, grant: Grant, by_code: Mapping[str, int]) -> Member | None:
    """Whom the member reads for by this grant; nobody where the address was shown by a code as well as by that."""
    reading, level = here.readings.get(grant.address), _as_member(here, grant)
    return reading.mailbox if reading and level > by_code.get(grant.address, 0) else None


def for_themselves(view: View) -> View:
    """As `for_readers`, but whoever reads for somebody else is led back to the letter."""

    @wraps(view)
    def guarded(
        request: HttpRequest, message: SecureMessage, reader: Reader, *args: Any, **options: Any
    ) -> HttpResponseBase:
        if reader.mailbox is not None:
            return redirect("secure-message", message.locator)
        return view(request, message, reader, *args, **options)

    return for_readers(guarded)
