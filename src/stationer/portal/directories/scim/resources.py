"""Users and groups over HTTP: found, made, read, replaced, changed, taken away."""

from __future__ import annotations

import uuid
from types import ModuleType
from typing import Any

from django.http import HttpRequest, HttpResponse
from scim2_models import Context, NotFoundException, ResponseParameters

from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim import people, teams
from stationer.portal.directories.scim.answering import NoSuchMethod, answer, body
from stationer.portal.directories.scim.asking import asked
from stationer.portal.directories.scim.finding import GROUPS, USERS, Kind, find, page_size
from stationer.portal.directories.scim.keeping import Row, version_of
from stationer.portal.directories.scim.saying import LIST, listed, location, shown
from stationer.portal.directories.scim.schemas import Person, Team

#: What does the work of each.
WORK: dict[str, ModuleType] = {USERS.name: people, GROUPS.name: teams}


def of_several(request: HttpRequest, directory: Directory, kind: Kind) -> HttpResponse:
    """/Users and /Groups: look for some, or make one."""
    if request.method == "POST":
        parts = _parameters(request, kind)
        row = WORK[kind.name].create(directory, body(request))
        return _one(kind, row, parts, Context.RESOURCE_CREATION_RESPONSE, 201)
    if request.method not in ("GET", "HEAD"):
        raise NoSuchMethod("GET, HEAD, POST")
    return _found(directory, kind, dict(request.GET.items()))


def search(request: HttpRequest, directory: Directory, kind: Kind | None) -> HttpResponse:
    """/.search: the question is the body (RFC 7644 §3.4.3)."""
    if request.method != "POST":
        raise NoSuchMethod("POST")
    said = body(request)
    if kind is not None:
        return _found(directory, kind, said)
    return _of_both(directory, said)


def of_all(request: HttpRequest, directory: Directory) -> HttpResponse:
    """The root: users, then groups (RFC 7644 §3.4.2)."""
    if request.method not in ("GET", "HEAD"):
        raise NoSuchMethod("GET, HEAD")
    return _of_both(directory, dict(request.GET.items()))


def of_one(request: HttpRequest, directory: Directory, kind: Kind, key: str) -> HttpResponse:
    """/Users/ID and /Groups/ID."""
    row = _row(directory, kind, key)
    wanted, parts = request.headers.get("If-Match", ""), _parameters(request, kind)
    work = WORK[kind.name]
    if request.method in ("GET", "HEAD"):
        known = {
            one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")
        }
        if version_of(row).removeprefix("W/") in known:
            return HttpResponse(status=304, headers={"ETag": version_of(row)})
        return _one(kind, row, parts, Context.RESOURCE_QUERY_RESPONSE)
    if request.method == "PUT":
        row = work.replace(row, body(request), wanted)
        return _one(kind, row, parts, Context.RESOURCE_REPLACEMENT_RESPONSE)
    if request.method == "PATCH":
        row = work.patch(row, body(request), wanted)
        if kind is GROUPS and not (parts.attributes or parts.excluded_attributes):
            return HttpResponse(
                status=204, headers={"ETag": version_of(row)}
            )  # it may have very many members
        return _one(kind, row, parts, Context.RESOURCE_PATCH_RESPONSE)
    if request.method == "DELETE":
        work.delete(row, wanted)
        return HttpResponse(status=204)
    raise NoSuchMethod("GET, HEAD, PUT, PATCH, DELETE")


def _row(directory: Directory, kind: Kind, key: str) -> Row:
    """Raises NotFoundException, also for another directory's."""
    try:
        found: Row | None = kind.rows(directory).filter(pk=uuid.UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFoundException(detail=f"There is no {kind.name} {key}.")
    found.directory = directory
    return found


def _parameters(request: HttpRequest, kind: Kind) -> ResponseParameters[Any]:
    said = {name: request.GET[name] for name in ("attributes", "excludedAttributes") if name in request.GET}
    found: ResponseParameters[Any] = ResponseParameters[kind.model].model_validate(said)  # type: ignore[name-defined]
    return found


def _one(
    kind: Kind, row: Row, parts: ResponseParameters[Any], context: Context, status: int = 200
) -> HttpResponse:
    said = shown(kind, row, parts, context)
    return answer(said, status, ETag=version_of(row), Location=location(kind, row))


def _found(directory: Directory, kind: Kind, said: Any) -> HttpResponse:
    question = asked(kind.model, said)
    return answer(listed(kind, find(directory, kind, question), question))


def _of_both(directory: Directory, said: Any) -> HttpResponse:
    """One list of users and groups: the page begins among the users and goes on among the groups.

    One page is shared by both: groups stand on it only when no user is left for the next."""
    question = asked(Person | Team, said)
    start = question.start_index or 1
    first = find(directory, USERS, question)
    after = max(1, start - first.total)
    left = page_size(question) - len(first.rows)
    rest = find(directory, GROUPS, question.model_copy(update={"start_index": after, "count": left}))
    pages = [listed(USERS, first, question), listed(GROUPS, rest, question)]
    found = [one for page in pages for one in page["Resources"]]
    total = first.total + rest.total
    page = {"totalResults": total, "startIndex": start, "itemsPerPage": len(found), "Resources": found}
    return answer({"schemas": [LIST], **page})
