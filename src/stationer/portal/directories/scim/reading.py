"""What was pushed → what a directory says (contract/directories.md §1): people that are active, groups, who is in them.

The names by which rules take details: those of the schema, with a dot before what is inside (`name.givenName`); of
lists the whole (`emails`, the primary first) and each type (`phoneNumbers.mobile`); the enterprise extension's as
they are (`department`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from sys import intern
from typing import Any

from django.db.models import QuerySet

from stationer.portal.directories.models import Directory, Linked
from stationer.portal.directories.scim.rows import PushedGroup, PushedPerson, PushedPlace
from stationer.portal.directories.told import Person, Problem, Team, Whole

PIECE = 2_000
Values = dict[str, list[str]]
_ADDRESS = ("streetAddress", "postalCode", "locality", "region", "country")


def read(row: Directory) -> Whole:
    """All of it. Raises Problem `nothing`: it has not said anything yet."""
    people = list(_people(row))
    if not people and not Linked.objects.filter(directory=row).exists():
        raise Problem("nothing")
    return Whole(people, _teams(row))


def sample(row: Directory, number: int = 5) -> tuple[Sequence[Person], int]:
    """The first few people, and how many groups there are. Raises Problem `nothing`."""
    found = list(islice(_people(row), number))
    if not found:
        raise Problem("nothing")
    return found, PushedGroup.objects.filter(directory=row).count()


def _people(row: Directory) -> Iterator[Person]:
    rows = PushedPerson.objects.filter(directory=row, active=True).order_by("pk")
    for key, said in rows.values_list("pk", "said").iterator(PIECE):
        yield Person(str(key), str(key), values_of(said))


def _teams(row: Directory) -> list[Team]:
    groups = PushedGroup.objects.filter(directory=row)
    places = PushedPlace.objects.filter(group__directory=row)
    people = _members(places.filter(person__active=True), "person_id")
    inner = _members(places.filter(inner__isnull=False), "inner_id")
    return [
        Team(
            str(key),
            str(key),
            str(said.get("displayName", "")),
            frozenset(people.get(str(key), ())),
            frozenset(inner.get(str(key), ())),
        )
        for key, said in groups.order_by("pk").values_list("pk", "said")
    ]


def _members(places: QuerySet[PushedPlace], of: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group, member in places.values_list("group_id", of).iterator(PIECE):
        found.setdefault(str(group), []).append(intern(str(member)))  # one text for all groups of somebody
    return found


def values_of(said: dict[str, Any]) -> Values:
    """A resource's attributes as texts, by their names in small letters."""
    found: Values = {}
    for name, value in said.items():
        if name.startswith("urn:") and isinstance(value, dict):
            for inner, one in value.items():
                _put(found, inner, one)
        elif name != "schemas":
            _put(found, name, value)
    return found


def _put(found: Values, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for inner, one in value.items():
            _put(found, f"{name}.{inner}", one)
    elif isinstance(value, list):
        for one in sorted(value, key=lambda one: not (isinstance(one, dict) and one.get("primary"))):
            _put_one(found, name, one)
    elif value is not None and not isinstance(value, bool):
        found.setdefault(name.lower(), []).append(str(value))


def _put_one(found: Values, name: str, one: Any) -> None:
    """One of a list: under the list's name, and under its type's."""
    if not isinstance(one, dict):
        return _put(found, name, one)
    text = _text(one)
    kind = str(one.get("type") or "")
    for place in filter(None, (name, f"{name}.{kind}" if kind else "")):
        if text:
            found.setdefault(place.lower(), []).append(text)
    if kind:
        for inner in set(one) - {"type", "value", "primary", "display"}:
            _put(found, f"{name}.{kind}.{inner}", one[inner])


def _text(one: dict[str, Any]) -> str:
    """The value; of a postal address its lines."""
    said = one.get("value") or one.get("formatted")
    if not said:
        street, code, town, region, country = (str(one.get(part) or "").strip() for part in _ADDRESS)
        said = ", ".join(filter(None, (street, " ".join(filter(None, (code, town))), region, country)))
    return ", ".join(part.strip() for part in str(said).splitlines() if part.strip())
