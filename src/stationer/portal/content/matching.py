"""Which person of a company file is which row: by address; by one they had before, or keep as a further one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from stationer.portal.people.models import Member
from stationer.portal.people.valid import normal_address
from stationer.wire.roll import Person


@dataclass
class Met:
    """A person of the file with their addresses in one form, and their row once it is known."""

    person: Person
    address: str
    aliases: list[str]
    row: Member | None = None

    @property
    def own(self) -> tuple[str, ...]:
        """All their addresses."""
        return (self.address, *self.aliases)


class Whose:
    """The rows of the PEN in scope, to be met with the people of a file. Nobody is met twice."""

    def __init__(self, rows: Iterable[Member], again: Mapping[tuple[str, str], uuid.UUID]) -> None:
        self.rows = list(rows)
        self.met: dict[int, Met] = {}
        self._again = again
        self._main = {row.address: row for row in self.rows}
        self._known = {alias: row for row in self.rows for alias in row.aliases} | self._main
        self._claimed: set[uuid.UUID] = set()

    def meet(self, number: int, person: Person) -> None:
        """The person of this number in the file. Raises ValidationError."""
        met = Met(person, normal_address(person.address), [normal_address(one) for one in person.aliases])
        self.met[number] = met
        if (row := self._main.get(met.address)) is not None:
            self._is(met, row)

    def settle(self) -> None:
        """Those who are nobody's by their own address: who has a new one is who had it, or the old one, as a further
        address. The others are new."""
        for met in self.met.values():
            if met.row is None and (row := self._former(met)) is not None:
                self._is(met, row)
            elif met.row is None:
                key = self._again.get(("person", met.address))
                met.row = Member(pk=key) if key else Member()

    def _former(self, met: Met) -> Member | None:
        found = [self._known.get(met.address), *(self._main.get(one) for one in met.aliases)]
        return next((row for row in found if row is not None and row.pk not in self._claimed), None)

    def _is(self, met: Met, row: Member) -> None:
        met.row = row
        self._claimed.add(row.pk)
        self._free(row, met.own)

    def _free(self, row: Member, stay: Iterable[str] = ()) -> None:
        for old in {row.address, *row.aliases} - set(stay):
            self._known.pop(old, None)  # somebody else in the file may have it now

    def absent(self) -> list[Member]:
        """Those whom the file does not name."""
        return [row for row in self.rows if row.pk not in self._claimed]

    def leave(self, row: Member) -> None:
        """They are taken out: their addresses are free."""
        self._free(row)

    def check(self, met: Met) -> Member:
        """Their row, when all their addresses are theirs. Raises ValidationError."""
        assert met.row is not None
        for one in met.own:
            if self._known.setdefault(one, met.row) is not met.row:
                raise ValidationError(f"{one} is somebody else’s address here.", code="taken")
        return met.row
