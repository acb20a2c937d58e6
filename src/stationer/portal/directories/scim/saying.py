"""A row as it is answered: with its id, its meta, a group's members; those attributes that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count
from scim2_models import Context, ResponseParameters

from stationer.portal.directories.scim.finding import GROUPS, USERS, Found, Kind
from stationer.portal.directories.scim.keeping import Row, version_of
from stationer.portal.directories.scim.rows import PushedPlace
from stationer.portal.directories.scim.schemas import PROVIDER

#: Members on one page of groups; at least one group is on it.
MOST_MEMBERS = 20_000
PIECE = 2_000
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def base() -> str:
    """Where all of it is: what is typed at Entra ID and Okta."""
    return f"{settings.PUBLIC_URL}/scim/v2"


def location(kind: Kind, row: Row) -> str:
    """Its address."""
    return f"{base()}/{kind.endpoint}/{row.pk}"


def shown(kind: Kind, row: Row, asked: ResponseParameters[Any] | None, context: Context) -> dict[str, Any]:
    """One resource."""
    (only,) = _shown(kind, [row], asked, context)
    return only


def listed(kind: Kind, found: Found, asked: ResponseParameters[Any]) -> dict[str, Any]:
    """A ListResponse (RFC 7644 §3.4.2). It may have fewer than were asked for: groups with very many members."""
    rows = _not_too_many(found.rows) if kind is GROUPS and _with_members(asked) else found.rows
    return {
        "schemas": [LIST],
        "totalResults": found.total,
        "startIndex": found.start,
        "itemsPerPage": len(rows),
        "Resources": _shown(kind, rows, asked, Context.RESOURCE_QUERY_RESPONSE),
    }


def _shown(
    kind: Kind, rows: Sequence[Row], asked: ResponseParameters[Any] | None, context: Context
) -> list[dict[str, Any]]:
    members = _members(rows) if kind is GROUPS and _with_members(asked) else {}
    made = []
    for row in rows:
        said = {**row.said, "id": str(row.pk), "meta": _meta(kind, row)}
        if row.pk in members:
            said["members"] = members[row.pk]
        one = kind.model.model_validate(said, scim_provider=PROVIDER)
        made.append(one.model_dump(scim_ctx=context, response_parameters=asked, scim_provider=PROVIDER))
    return made


def _meta(kind: Kind, row: Row) -> dict[str, Any]:
    return {
        "resourceType": kind.name,
        "created": row.created_at.isoformat(),
        "lastModified": row.changed_at.isoformat(),
        "location": location(kind, row),
        "version": version_of(row),
    }


def _with_members(asked: ResponseParameters[Any] | None) -> bool:
    """Whether anybody asks who is in it: Entra ID never does."""
    if asked is None:
        return True
    if asked.attributes:
        return any("members" in str(one).lower() for one in asked.attributes)
    return not any(str(one).lower().endswith("members") for one in asked.excluded_attributes or ())


def _members(rows: Iterable[Row]) -> dict[Any, list[dict[str, str]]]:
    """Of all these groups, by one question."""
    found: dict[Any, list[dict[str, str]]] = {}
    places = PushedPlace.objects.filter(group__in=[row.pk for row in rows]).order_by("pk")
    for group, person, inner in places.values_list("group_id", "person_id", "inner_id").iterator(PIECE):
        kind, key = (USERS, person) if person else (GROUPS, inner)
        found.setdefault(group, []).append(
            {"value": str(key), "type": kind.name, "$ref": f"{base()}/{kind.endpoint}/{key}"}
        )
    return found


def _not_too_many(rows: Sequence[Row]) -> Sequence[Row]:
    """The first of them that have no more members together than a page may have."""
    counted = PushedPlace.objects.filter(group__in=[row.pk for row in rows]).values("group")
    sizes = dict(counted.annotate(number=Count("pk")).order_by().values_list("group", "number"))
    number, kept = 0, 0
    for row in rows:
        number += sizes.get(row.pk, 0)
        if kept and number > MOST_MEMBERS:
            break
        kept += 1
    return list(islice(rows, kept))
