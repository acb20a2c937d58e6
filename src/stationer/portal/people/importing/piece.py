"""What the database knows of the people of some lines of an import: five questions, however many lines."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from stationer.portal.people.importing.reading import Said, Wrong
from stationer.portal.people.models import GroupMember, Import, ImportAlias, ImportRow, Member

What = ImportRow.What


class Piece:
    """What the database knows of the people of some lines: five questions."""

    def __init__(self, row: Import, said: Sequence[Said]) -> None:
        addresses = [one.address for one in said]
        further = [alias for one in said for alias in one.aliases or ()]
        self.members = self.people(said, addresses)
        self.others = dict(_addresses(further))
        staged = ImportRow.objects.filter(of=row, address__in=[*addresses, *further], line__gt=0)
        self.lines = dict(staged.exclude(what=What.WRONG).values_list("address", "line"))
        names = ImportAlias.objects.filter(of=row, alias__in=[*addresses, *further])
        self.names = {
            alias: (member, line) for alias, member, line in names.values_list("alias", "member", "line")
        }
        self.places = places_of(member.pk for member in self.members.values())

    def people(self, said: Sequence[Said], addresses: Sequence[str]) -> dict[str, Member]:
        """Who is meant, by the address that is said."""
        return {m.address: m for m in Member.objects.filter(address__in=addresses)}

    def take(self, said: Said) -> None:
        """Nobody else has these addresses, in the file or in the PEN. Raises Wrong."""
        member = self.members.get(said.address)
        key = member.pk if member else None
        if said.address in self.lines:
            raise Wrong("twice", first=self.lines[said.address])
        for name in (said.address, *(said.aliases or ())):
            owner, line = self.names.get(name, (key, 0))
            if owner != key:
                raise Wrong("taken-line" if line else "taken", value=name, first=line)
        for alias in said.aliases or ():
            if alias == said.address:
                continue
            if alias in self.lines:
                raise Wrong("taken-line", value=alias, first=self.lines[alias])
            if self.others.get(alias, key) != key:
                raise Wrong("taken", value=alias, first=0)

    def free(self, row: ImportRow) -> None:
        """Later lines of this piece see what this one has taken."""
        assert row.member is not None, "who is read is or will be somebody"
        self.lines[row.address] = row.line
        for alias in row.aliases:
            self.names[alias] = (row.member, row.line)


def _addresses(wanted: Sequence[str]) -> Iterable[tuple[str, uuid.UUID]]:
    return Member.objects.filter(address__in=wanted).values_list("address", "pk") if wanted else ()


def places_of(members: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, uuid.UUID]]:
    """member → group → the id of their GroupMember."""
    found: dict[uuid.UUID, dict[uuid.UUID, uuid.UUID]] = {}
    rows = GroupMember.objects.filter(member_id__in=list(members))
    for member, group, place in rows.values_list("member_id", "group_id", "pk"):
        found.setdefault(member, {})[group] = place
    return found
