"""Everyone in the PEN as CSV (RFC 4180), which imported again changes nothing; safe to open in a spreadsheet.

A text that a spreadsheet would take for a formula gets an apostrophe before it, which the import takes off again.
Telephone numbers begin with + and reckon nothing: they stay as they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from stationer.portal.people.models import Group, GroupMember, Member, Package

PIECE = 2_000
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PHONE = re.compile(r"\+[\d ()/.-]+")
FIRST = ("address", "aliases", "groups", "package")


class _Line:
    """Where csv writes."""

    def write(self, text: str) -> str:
        return text


def safe(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _PHONE.fullmatch(text) else text


def names() -> list[str]:
    """Every attribute that somebody has, in order of the alphabet; `name` first."""
    found: set[str] = set()
    for attributes in Member.objects.values_list("attributes", flat=True).iterator(PIECE):
        found |= attributes.keys()
    return sorted(found, key=lambda name: (name != "name", name))


def export() -> Iterator[str]:
    """The file, a piece at a time: heading, then everyone in the order in which they came."""
    attributes = names()
    yield "\ufeff" + _written([[*FIRST[:1], *attributes, *FIRST[1:]]])
    packages = dict(Package.objects.values_list("pk", "name"))
    groups = dict(Group.objects.values_list("pk", "name"))
    people = Member.objects.order_by("pk").iterator(PIECE)
    while some := list(islice(people, PIECE)):
        yield _written(_cells(some, attributes, packages, groups))


def _cells(
    some: Sequence[Member], attributes: Sequence[str], packages: dict[Any, str], groups: dict[Any, str]
) -> Iterator[list[str]]:
    places: dict[Any, list[str]] = {}
    rows = GroupMember.objects.filter(member_id__in=[row.pk for row in some])
    for member, group in rows.values_list("member_id", "group_id"):
        places.setdefault(member, []).append(groups[group])
    for row in some:
        yield [
            safe(row.address),
            *(safe(str(row.attributes.get(name, ""))) for name in attributes),
            safe(" ".join(row.aliases)),
            safe("; ".join(sorted(places.get(row.pk, ())))),
            safe(packages.get(row.package_id, "")),
        ]


def _written(rows: Iterable[Sequence[str]]) -> str:
    writer = csv.writer(_Line())
    return "".join(map(str, (writer.writerow(row) for row in rows)))
