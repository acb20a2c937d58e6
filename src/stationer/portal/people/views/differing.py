"""What a line of a file changes of a person, in words: old beside new."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from stationer.portal.people.attributes import called, known, label
from stationer.portal.people.models import Group, Import, ImportPlace, ImportRow, Package


class Difference(NamedTuple):
    """One detail, before and after; empty where there was or is nothing."""

    name: str
    before: str
    after: str


def of_values(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    """What differs between two sets of attributes."""
    described = known()
    return [
        Difference(
            called(described[name]) if name in described else label(name),
            before.get(name, ""),
            after.get(name, ""),
        )
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    ]


def differences(of: Import, rows: Sequence[ImportRow]) -> list[tuple[ImportRow, list[Difference]]]:
    """What changes of these people."""
    packages = {row.pk: row.name for row in Package.objects.all()}
    groups = {row.pk: row.name for row in Group.objects.all()}
    groups |= {uuid.UUID(hex=key): name for name, key in of.new_groups.items()}
    places: dict[int, list[ImportPlace]] = {}
    for place in ImportPlace.objects.filter(of=of, line__in=[row.line for row in rows]):
        places.setdefault(place.line, []).append(place)
    return [(row, _of(row, packages, groups, places.get(row.line, []))) for row in rows]


def _of(
    row: ImportRow,
    packages: dict[uuid.UUID, str],
    groups: dict[uuid.UUID, str],
    places: Sequence[ImportPlace],
) -> list[Difference]:
    found = []
    if row.before:
        found = of_values(row.before["attributes"], row.attributes)
        old, new = ", ".join(row.before["aliases"]), ", ".join(row.aliases)
        if old != new:
            found.append(Difference(_("Further addresses"), old, new))
        was, now = (
            packages.get(uuid.UUID(hex=row.before["package"]), ""),
            packages.get(row.package or row.pk, ""),
        )
        if was != now:
            found.append(Difference(_("Package"), was, now))
    out = sorted(groups.get(place.group, "") for place in places if place.place)
    into = sorted(groups.get(place.group, "") for place in places if not place.place)
    if out or into:
        found.append(Difference(_("Groups"), ", ".join(out), ", ".join(into)))
    return found
