"""What every route of the API shares: who may ask, ids, pages of rows, and schemas that refuse unknown keys."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Schema
from ninja.security import HttpBearer
from ninja.signature import ViewSignature
from pydantic import ConfigDict

from stationer.portal.access import devices
from stationer.portal.access.models import Device
from stationer.portal.access.presence import device
from stationer.portal.access.rights import Right
from stationer.portal.people.owned import PenOwned
from stationer.wire import ids

T = TypeVar("T", bound=PenOwned)
Item = TypeVar("Item")
MOST_ROWS = 200
NO_CURSOR = "It is none of ours: send the `next` of the page before."


class Key(HttpBearer):
    """An API key of the PEN that has the right: `see` to look (GET), `change` (or else `see`) for the rest;
    and `also`, if there is one, for everything.

    To a key without it the route looks as if it were not there.
    """

    def __init__(self, see: Right, change: Right | None = None, also: Right | None = None) -> None:
        self.needs = (see, change or see)
        self.also = also
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        found = device(request)
        if found is None or found.kind != Device.Kind.API:
            return None
        devices.seen(found)
        wanted = {self.needs[request.method not in ("GET", "HEAD")], self.also} - {None}
        if not wanted <= devices.rights_of(found):
            raise Http404("not with this key")
        return found


class KeyOrDevice(Key):
    """As `Key`; or the token of a device, which may see and remove itself alone."""

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        found = device(request)
        if found is not None and found.kind != Device.Kind.API:
            return found
        return super().authenticate(request, token)


class Asked(Schema):
    """What a program sends. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Paging(Schema):
    """`limit` rows after `cursor` (which came with the page before)."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 50
    cursor: str = ""


PagingQuery = Annotated[Paging, Query()]


class Page(Schema):
    """Rows, and the cursor of the next page while there is one."""

    items: list[Any]
    next: str | None = None


def page(
    rows: QuerySet[T], kind: str, asked: Paging, show: Callable[[T], Mapping[str, Any]]
) -> dict[str, Any]:
    """One page, in the order of ids (which is the order of creation)."""
    if asked.cursor:
        rows = rows.filter(pk__gt=after(kind, asked.cursor))
    found = list(rows.order_by("pk")[: asked.limit + 1])
    more = len(found) > asked.limit
    found = found[: asked.limit]
    return {
        "items": [show(row) for row in found],
        "next": ids.outside(kind, found[-1].pk) if more else None,
    }


def paged(items: Sequence[Item], key: Callable[[Item], str], asked: Paging) -> tuple[list[Item], str | None]:
    """One page of what was counted whole, in the order of its keys, and the cursor of the next."""
    since = _unwritten(asked.cursor) if asked.cursor else None
    rest = sorted((one for one in items if since is None or key(one) > since), key=key)
    some = rest[: asked.limit]
    return some, _written(key(some[-1])) if len(rest) > asked.limit else None


def _written(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _unwritten(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise wrong("cursor", NO_CURSOR) from error


def after(kind: str, cursor: str) -> Any:
    """The UUID behind which a page begins. Raises what `wrong` does for a cursor that is none."""
    try:
        return ids.inside(kind, cursor)
    except ValueError as error:
        raise wrong("cursor", NO_CURSOR) from error


def inside(kind: str, text: str) -> Any:
    """The UUID of an id from outside. Raises Http404 for what is none."""
    try:
        return ids.inside(kind, text)
    except ValueError as error:
        raise Http404("no such id") from error


def found(rows: QuerySet[T], kind: str, text: str) -> T:
    """The row of the PEN in scope with this id. Raises Http404, also for another PEN's."""
    row = rows.filter(pk=inside(kind, text)).first()
    if row is None:
        raise Http404("no such row")
    return row


def assign(row: PenOwned, values: Mapping[str, Any]) -> None:
    """Set the fields that were sent, check the row whole, keep it. Raises ValidationError with the fields."""
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def only_known_keys(route: Callable[..., Any]) -> Callable[..., Any]:
    """The route refuses a query key that it does not know, by ValidationError with a field for each."""
    queries = (one for one in ViewSignature("", route).models if one.__ninja_param_source__ == "query")
    named = frozenset(key for one in queries for key in getattr(one, "__ninja_flatten_map__", {}))

    @wraps(route)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        placed = request.resolver_match.kwargs if request.resolver_match else {}
        unknown = [key for key in request.GET if key not in named or key in placed]
        if unknown:
            raise ValidationError({key: ["There is no such key here."] for key in unknown})
        return route(request, *args, **values)

    return checked


def wrong(field: str, sentence: str) -> ValidationError:
    """A refusal that names its field."""
    return ValidationError({field: [sentence]})
