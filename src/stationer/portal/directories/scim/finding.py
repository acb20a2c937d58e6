"""Which resources a filter means, in which order, which page of them (RFC 7644 §3.4.2).

What directories ask by (names, ids, e-mail addresses, members, with `and` and `or`) the database answers; the rest of
a filter is held against each that is left, by scim2-models.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from scim2_models import InvalidFilterException, SearchRequest, TooManyException
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator, ValuePath

from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim import people, teams
from stationer.portal.directories.scim.keeping import Row, compared
from stationer.portal.directories.scim.rows import PushedGroup, PushedPerson
from stationer.portal.directories.scim.schemas import MOST_PAGE, USUAL_PAGE, Person, Team

#: So many are held one by one against a filter that the database cannot answer.
MOST_SCANNED = 20_000
PIECE = 500


class Kind(NamedTuple):
    """A type of resource: its table, its model, how a row becomes one, and what the database sorts by."""

    name: str
    endpoint: str
    rows: Callable[[Directory], QuerySet[Any]]
    model: Any
    resource: Callable[[Any], Any]
    named: str
    sorted_by: dict[str, str]


_COMMON = {"id": "pk", "meta.created": "created_at", "meta.lastmodified": "changed_at"}
USERS = Kind(
    "User",
    "Users",
    lambda row: PushedPerson.objects.filter(directory=row),
    Person,
    people.resource,
    "username",
    _COMMON | {"username": "key"},
)
GROUPS = Kind(
    "Group",
    "Groups",
    lambda row: PushedGroup.objects.filter(directory=row),
    Team,
    teams.resource,
    "displayname",
    _COMMON | {"displayname": "key"},
)


class Found(NamedTuple):
    """How many there are in all, and those of the page."""

    total: int
    start: int
    rows: list[Row]


def page_size(asked: SearchRequest[Any]) -> int:
    """How many resources the page has at most."""
    return min(asked.count if asked.count is not None else USUAL_PAGE, MOST_PAGE)


def find(directory: Directory, kind: Kind, asked: SearchRequest[Any]) -> Found:
    """A page. Raises InvalidFilterException, TooManyException."""
    start = asked.start_index or 1
    count = page_size(asked)
    where, exact = narrowed(asked.filter.ast, kind) if asked.filter else (Q(), True)
    rows = kind.rows(directory).filter(where)
    column = kind.sorted_by.get(str(asked.sort_by or "id").lower())
    if exact and column:
        down = "-" if asked.sort_order == "descending" else ""
        ordered = rows.order_by(f"{down}{column}", "pk")
        total = rows.count()
        first = min(start - 1, total)  # a database takes no number of any size
        return Found(total, start, list(ordered[first : first + count]) if count else [])
    scanned = _scanned(rows, kind, asked)
    page = scanned[start - 1 : start - 1 + count]
    there = rows.in_bulk(page)
    return Found(len(scanned), start, [there[key] for key in page if key in there])


def _scanned(rows: QuerySet[Any], kind: Kind, asked: SearchRequest[Any]) -> list[uuid.UUID]:
    """Who fits, in their order: keys alone, since a page is few of them. Sorted as scim2-models sorts."""
    if rows.count() > MOST_SCANNED:
        raise TooManyException(
            detail=f"More than {MOST_SCANNED} would have to be looked at: ask by name or id."
        )
    found: list[tuple[tuple[bool, Any], uuid.UUID]] = []
    for row in rows.order_by("pk").iterator(PIECE):
        one = kind.resource(row)
        if asked.filter is None or asked.filter.match(one):
            value = asked.sort_value(one)
            found.append(((value is None, "" if value is None else value), row.pk))
    found.sort(key=lambda one: one[0], reverse=asked.sort_order == "descending")
    return [key for _, key in found]


def narrowed(node: Any, kind: Kind) -> tuple[Q, bool]:
    """Whom it means at most, and whether exactly those."""
    if isinstance(node, LogicalExpr):
        parts = [narrowed(term, kind) for term in node.terms]
        exact = all(one for _, one in parts)
        found = Q()
        if node.op == LogicalOperator.and_:
            for where, _ in parts:
                found &= where
            return found, exact
        if not all(where for where, _ in parts):
            return Q(), False
        for where, _ in parts:
            found |= where
        return found, exact
    if isinstance(node, ValuePath):
        return _by_mail(node.attr_path.attr, node.val_filter), False
    if isinstance(node, Comparison):
        return _compared(node, kind)
    _no_members(node, kind)
    return Q(), False


def _compared(node: Comparison, kind: Kind) -> tuple[Q, bool]:
    name, value = _name(node), node.value
    if node.op != CompareOperator.eq or not isinstance(value, str):
        _no_members(node, kind)
        return Q(), False
    if name == kind.named:
        return Q(key=compared(value)), True
    if name == "externalid":
        return Q(external_id=value), True
    if name == "id":
        return Q(pk=_key(value)), True
    if name in ("members", "members.value") and kind is GROUPS:
        return Q(pk__in=_around(_key(value))), True
    if name in ("emails", "emails.value") and kind is USERS:
        return Q(mails__contains=f"\n{value.lower()}\n"), False
    return Q(), False


def _around(key: uuid.UUID) -> QuerySet[Any, Any]:
    """The groups that somebody, or a group, is in."""
    places = Q(places__person=key) | Q(places__inner=key)
    return PushedGroup.objects.filter(places).values("pk")


def _by_mail(attribute: str, node: Any) -> Q:
    """`emails[type eq "work" and value eq "…"]`: those who have the address at all."""
    terms = node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_ else (node,)
    for term in terms:
        if attribute.lower() != "emails" or not isinstance(term, Comparison) or term.op != CompareOperator.eq:
            continue
        if isinstance(term.value, str) and term.attr_path.attr.lower() == "value":
            return Q(mails__contains=f"\n{term.value.lower()}\n")
    return Q()


def _name(node: Any) -> str:
    path = node.attr_path
    return f"{path.attr}.{path.sub_attr}".lower() if path.sub_attr else path.attr.lower()


def _no_members(node: Any, kind: Kind) -> None:
    """Members are rows, which nothing but `eq` is asked of."""
    if kind is GROUPS and "members" in str(node).lower():
        raise InvalidFilterException(detail='Members are found by members.value eq "…" alone.')


def _key(text: str) -> uuid.UUID:
    """The id; what is none is nobody's."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
