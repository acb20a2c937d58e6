"""What the service says of itself: ServiceProviderConfig, ResourceTypes, Schemas (RFC 7644 §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from scim2_models import Context, ForbiddenException, Meta

from stationer.portal.directories.scim.answering import answer
from stationer.portal.directories.scim.saying import LIST, base
from stationer.portal.directories.scim.schemas import CONFIG, PROVIDER

View = Callable[[HttpRequest], HttpResponse]


def described(first: str, more: Sequence[str]) -> View | None:
    """What answers there; None: nothing is there."""
    name, key = first.lower(), "/".join(more)
    if name == "serviceproviderconfig" and not more:
        return lambda request: answer(_dump(CONFIG, "ServiceProviderConfig", "ServiceProviderConfig"))
    said = {"resourcetypes": _types, "schemas": _schemas}.get(name)
    if said is None:
        return None
    if not key:
        return lambda request: _all(request, said())
    found = {str(one["id"]).lower(): one for one in said()}.get(key.lower())
    return (lambda request: answer(found)) if found else None


def _types() -> list[dict[str, Any]]:
    return [_dump(one, "ResourceType", f"ResourceTypes/{one.name}") for one in PROVIDER.resource_types]


def _schemas() -> list[dict[str, Any]]:
    return [_dump(one, "Schema", f"Schemas/{one.id}") for one in PROVIDER.schemas]


def _dump(one: Any, kind: str, place: str) -> dict[str, Any]:
    told = one.model_copy(update={"meta": Meta(resource_type=kind, location=f"{base()}/{place}")})
    said: dict[str, Any] = told.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return said


def _all(request: HttpRequest, said: list[dict[str, Any]]) -> HttpResponse:
    """All of them; a filter is refused (RFC 7644 §4). Raises ForbiddenException."""
    if "filter" in request.GET:
        raise ForbiddenException(detail="These are few, and not filtered.")
    page = {"totalResults": len(said), "startIndex": 1, "itemsPerPage": len(said), "Resources": said}
    return answer({"schemas": [LIST], **page})
