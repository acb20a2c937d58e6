"""`POST /api/v1/visits`: a web site tells which page was looked at (contract/visits.md §3)."""

from __future__ import annotations

import hashlib

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema

from stationer.portal.access import devices
from stationer.portal.access.presence import device
from stationer.portal.site.counting import tally
from stationer.portal.site.refusals import answer
from stationer.portal.visits import receiving

#: Octets of a body; requests of one network address in a minute.
MOST_OCTETS, MOST = 2_000, 120
router = Router(tags=["visits"])
#: What is told, as receiving.Told reads it.
TOLD = msgspec.json.schema(receiving.Told, ref_template="#/components/schemas/{name}")["$defs"]["Told"]


class Kept(Schema):
    """Whether it is kept, and if not, why."""

    kept: bool
    why: str | None = None


@router.api_operation(["OPTIONS"], "/visits", auth=None, url_name="ask_for_visits", include_in_schema=False)
def may_tell(request: HttpRequest) -> HttpResponse:
    """A browser asks whether a page of that origin may tell (Fetch standard, CORS preflight). Any may ask, and hears
    the same: another answer would say whose web sites are here."""
    found = allowing(HttpResponse(status=204), request.headers.get("Origin", "*"))
    found["Access-Control-Allow-Methods"], found["Access-Control-Allow-Headers"] = "POST", "Content-Type"
    found["Access-Control-Max-Age"] = "7200"
    return found


@router.post(
    "/visits",
    auth=None,
    url_name="tell_visit",
    summary="Tell which page was looked at after a click",
    response={202: Kept},
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": TOLD}}}},
)
def tell(request: HttpRequest) -> HttpResponse:
    """202 `{kept, why?}`. From a page of the company's own domains; or from its server, by a key with the right."""
    key, origin = device(request), request.headers.get("Origin")
    if key is None and origin is None:
        return _unknown()
    if key is not None:
        devices.seen(key)
        if "tell-visits" not in devices.rights_of(key):
            return answer("not-found")
    elif not _in_time(request):
        return answer("too-many-requests", retry_after=60)
    if len(request.body) > MOST_OCTETS:
        return answer("too-large")
    found = _kept(request, None if key else origin, key.pen if key else None)
    return allowing(found, origin) if origin and key is None and found.status_code != 404 else found


def _kept(request: HttpRequest, origin: str | None, pen: object) -> HttpResponse:
    asks_not = "1" in (request.headers.get("DNT"), request.headers.get("Sec-GPC"))
    try:
        told = receiving.read(request.body)
        why = receiving.keep(told, origin=origin, pen=pen, asks_not=asks_not)  # type: ignore[arg-type]
    except receiving.NoToken as fault:
        return answer("invalid", fields={"token": [str(fault)]})
    except receiving.ElsewhereError:
        return answer("not-found")
    except (msgspec.MsgspecError, UnicodeError) as fault:
        return answer("malformed", f"The request is not of the expected form: {fault}.")
    said = {"kept": False, "why": why} if why else {"kept": True}
    return JsonResponse(said, status=202)


def allowing(response: HttpResponse, origin: str) -> HttpResponse:
    """That origin's page may read the answer; cookies neither come nor go."""
    response["Access-Control-Allow-Origin"], response["Vary"] = origin, "Origin"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _in_time(request: HttpRequest) -> bool:
    who = hashlib.sha256(str(request.META.get("REMOTE_ADDR")).encode()).hexdigest()[:32]
    return tally(f"visits-{who}", 60) <= MOST


def _unknown() -> HttpResponse:
    response = answer("unauthorised")
    response["WWW-Authenticate"] = "Bearer"
    return response
