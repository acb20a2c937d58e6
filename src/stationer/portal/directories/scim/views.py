"""The HTTP of SCIM 2.0 (RFC 7644): one address for each installation; the token says which PEN and directory speak."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from scim2_models import (
    ForbiddenException,
    NotFoundException,
    NotImplementedException,
    UnauthorizedException,
)

from stationer.portal.access.presence import bearer
from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim import keys, room
from stationer.portal.directories.scim.answering import MB, NoSuchMethod, refusal, too_large
from stationer.portal.directories.scim.describing import described
from stationer.portal.directories.scim.finding import GROUPS, USERS
from stationer.portal.directories.scim.resources import of_all, of_one, of_several, search
from stationer.portal.directories.scim.schemas import PROVIDER
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.sizes import Measure, own_measure

KINDS = {kind.endpoint.lower(): kind for kind in (USERS, GROUPS)}
#: What the RFC knows and this server does not do (RFC 7644 §3.7, §3.11).
NOT_DONE = {"bulk": "Bulk", "me": "/Me"}


#: Octets that a known directory may send at once: a group of some 70,000 members as it was answered.
MOST_SENT = 12 * MB
_MEASURE = Measure(MOST_SENT, lambda request: keys.by_token(bearer(request)) is not None, too_large)


@csrf_exempt
@own_measure(_MEASURE)
def scim(request: HttpRequest, resource: str) -> HttpResponse:
    """Everything below /scim/v2."""
    try:
        directory = _speaker(request)
        with pen_scope(directory.pen_id), PROVIDER:
            room.asks(directory.pk)
            keys.used(directory)
            return _answer(request, directory, [part for part in resource.split("/") if part])
    except Exception as fault:
        return refusal(fault, request.path)


def _speaker(request: HttpRequest) -> Directory:
    """Who speaks. Raises UnauthorizedException for a stranger, ForbiddenException where the company rests."""
    found = keys.by_token(bearer(request))
    if found is None:
        raise UnauthorizedException(detail="The token is not known here, or a new one was made since.")
    standing = found.pen.standing
    looks = request.method in ("GET", "HEAD") and standing == Pen.Standing.SUSPENDED
    if standing != Pen.Standing.ACTIVE and not looks:
        raise ForbiddenException(detail="This company rests: nothing of it can be changed now.")
    return found


def _answer(request: HttpRequest, directory: Directory, path: list[str]) -> HttpResponse:
    """Raises SCIMException, pydantic's ValidationError, NoSuchMethod."""
    first, *more = path or [""]
    kind = KINDS.get(first.lower())
    if kind is not None and not more:
        return of_several(request, directory, kind)
    if kind is not None and more == [".search"]:
        return search(request, directory, kind)
    if kind is not None and len(more) == 1:
        return of_one(request, directory, kind, more[0])
    if first == ".search" and not more:
        return search(request, directory, None)
    if not first:
        return of_all(request, directory)
    if first.lower() in NOT_DONE and not more:
        raise NotImplementedException(detail=f"{NOT_DONE[first.lower()]} is not done here.")
    found = described(first, more)
    if found is None:
        raise NotFoundException(detail="There is nothing at this address.")
    if request.method not in ("GET", "HEAD"):
        raise NoSuchMethod("GET, HEAD")
    return found(request)
