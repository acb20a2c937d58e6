"""What would become of the first few people, read by the same reader as everybody later."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from stationer.portal.directories.taking import lines
from stationer.portal.directories.told import Person, Whole
from stationer.portal.directories.transforms import Rule
from stationer.portal.people.attributes import called, known, label
from stationer.portal.people.importing.files import Line
from stationer.portal.people.importing.reading import Reader, Wrong
from stationer.portal.people.importing.telling import LINES, told


class Shown(NamedTuple):
    """One person: what they will have, or what is wrong with them."""

    address: str
    details: Sequence[tuple[str, str]]
    wrong: str = ""


def preview(people: Sequence[Person], rules: Sequence[Rule]) -> list[Shown]:
    """Each of these as they would come in."""
    rows = list(csv.reader("".join(lines(Whole(people, []), rules)).splitlines()))
    described = known()
    read = Reader(rows[0], described, clear=True)
    return [_shown(read, number, cells) for number, cells in enumerate(rows[1:], start=2)]


def _shown(read: Reader, number: int, cells: list[str]) -> Shown:
    try:
        said = read(Line(number, cells, 0))
    except Wrong as wrong:
        place = read.place["address"]
        return Shown(cells[place], (), " ".join(told(LINES, wrong.problem())))
    details = [
        (called(read.known[name]) if name in read.known else label(name), value)
        for name, value in said.attributes.items()
    ]
    if said.aliases:
        details.append((_("Further addresses"), ", ".join(said.aliases)))
    if said.package:
        details.append((_("Package"), said.package))
    return Shown(said.address, details)
