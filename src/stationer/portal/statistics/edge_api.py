"""`PUT /api/v1/edges/{edge}/segments/{segment}`: edges tell, each by its own token (contract/uplink.md §3)."""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router, Schema
from ninja.security import HttpBearer

from stationer.portal.site.refusals import answer
from stationer.portal.statistics import edges, receiving
from stationer.portal.statistics.models import Edge


class EdgeToken(HttpBearer):
    """The token of an edge of the installation."""

    def authenticate(self, request: HttpRequest, token: str) -> Edge | None:
        return edges.by_token(token)


class Stands(Schema):
    """How many octets of the segment are here."""

    received: int


router = Router(tags=["edges"], auth=EdgeToken())


@router.put(
    "/edges/{edge}/segments/{segment}",
    url_name="put_segment",
    summary="Tell what an edge learned",
    response=Stands,
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    },
)
def put_segment(
    request: HttpRequest,
    edge: str,
    segment: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,112}\.jnl$")],
    offset: Annotated[int, Query(ge=0, le=1 << 60)],
) -> Any:
    """200 `{received}`; 409 where the segment stands elsewhere; 422 for what does not open."""
    known = cast(Edge, cast(Any, request).auth)
    if known.name != edge:
        raise Http404("another edge's")
    if len(request.body) > receiving.MOST_BYTES:
        return answer("too-large", f"A piece may have {receiving.MOST_BYTES} bytes.")
    try:
        stand = receiving.receive(known, segment, offset, request.body)
    except receiving.Unopened as fault:
        return answer("unopened", f"This cannot be opened: {fault}")
    return told(stand)


def told(stand: receiving.Stand) -> HttpResponseBase:
    """Where the segment stands."""
    if stand.fits:
        return JsonResponse({"received": stand.received})
    sentence = "The segment does not stand there. Go on from `received`."
    return JsonResponse({"error": "conflict", "message": sentence, "received": stand.received}, status=409)
