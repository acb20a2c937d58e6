"""What a file would change, found out in pieces: each piece is some thousand lines, read, compared and staged.

Nothing of the PEN's own rows is written. A piece asks a fixed number of questions however many lines it has, and
nothing is remembered from one to the next but a digest; so a file of any length takes the memory of one piece.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec
from django.db import transaction

from stationer.portal.access.models import Membership, RollDue
from stationer.portal.access.rights import closed
from stationer.portal.people.attributes import known
from stationer.portal.people.importing.files import Line, Manner, lines, path_of
from stationer.portal.people.importing.piece import Piece, places_of
from stationer.portal.people.importing.reading import Reader, Said, Wrong
from stationer.portal.people.models import (
    Group,
    Import,
    ImportAlias,
    ImportPlace,
    ImportRow,
    Member,
    Package,
)
from stationer.portal.people.owned import new_id

PIECE = 2_000
What = ImportRow.What
FIRST_PACKAGE = "employees"


class Staging:
    """One look at one file. `pieces` does the work and says after each how many octets are read."""

    def __init__(self, row: Import) -> None:
        self.row = row
        self.counts = dict.fromkeys(("new", "changed", "same", "wrong", "gone", "kept"), 0)
        self.new_groups: dict[str, uuid.UUID] = {}
        self.digest = blake2b(digest_size=20)
        self.read = Reader(row.columns, known(), clear=row.empty == "clear")

    @cached_property
    def packages(self) -> dict[str, uuid.UUID]:
        """By name in small letters."""
        return {row.name.casefold(): row.pk for row in Package.objects.all()}

    @cached_property
    def group_ids(self) -> dict[str, uuid.UUID]:
        """By name in small letters."""
        return {row.name.casefold(): row.pk for row in Group.objects.all()}

    @cached_property
    def above(self) -> frozenset[uuid.UUID]:
        """Those who may do more than keep people: a file changes none of their addresses."""
        return above()

    def pieces(self) -> Iterator[int]:
        """Stage the whole file. Raises Unreadable."""
        self.begin()
        yield 0
        manner = Manner(self.row.encoding, self.row.delimiter, self.row.heading)
        found = lines(path_of(self.row.pk), manner)
        while piece := list(islice(found, PIECE)):
            with transaction.atomic():
                self.stage(piece)
            yield piece[-1].place
        if self.row.gone == "remove" and self.may_remove():
            for _ in self.without_line():
                yield self.row.size

    def may_remove(self) -> bool:
        """Of whom a wrong line speaks nobody knows, so nobody is taken out while there is one."""
        return not self.counts["wrong"]

    def begin(self) -> None:
        """Forget an earlier look; note what people are like now, and their further addresses."""
        clear(self.row)
        self.row.seen = wanted()
        everyone = Member.objects.exclude(aliases=[]).values_list("pk", "aliases").iterator(PIECE)
        for some in _by(everyone, PIECE):
            ImportAlias.objects.bulk_create(
                [
                    ImportAlias(of=self.row, line=0, member=key, alias=alias)
                    for key, aliases in some
                    for alias in aliases
                ]
            )

    def stage(self, piece: Sequence[Line]) -> None:
        """Read, compare and keep some lines."""
        said: list[Said] = []
        staged: list[ImportRow] = []
        for line in piece:
            try:
                said.append(self.read(line))
            except Wrong as wrong:
                staged.append(self.wrong(line.number, "", wrong))
        self.compare(said, staged)
        staged.sort(key=lambda row: row.line)
        for row in staged:
            self.counts[row.what] += 1
            kept = (
                row.line,
                row.what,
                row.address,
                row.aliases,
                row.attributes,
                str(row.package),
                row.before,
            )
            self.digest.update(msgspec.msgpack.encode(kept))
        ImportRow.objects.bulk_create(staged)

    def compare(self, said: Sequence[Said], staged: list[ImportRow]) -> None:
        """Each line against the person who has its address."""
        there = self.look(said)
        places: list[ImportPlace] = []
        aliases: list[ImportAlias] = []
        for one in said:
            try:
                row = self.person(one, there)
            except Wrong as wrong:
                staged.append(self.wrong(one.line, one.address, wrong))
                continue
            staged.append(row)
            mine = list(self.places(one, row, there))
            if mine and row.what == What.SAME:
                row.what = What.CHANGED
            places += mine
            if row.member and row.aliases:
                aliases += [
                    ImportAlias(of=self.row, line=one.line, member=row.member, alias=alias)
                    for alias in row.aliases
                ]
        ImportPlace.objects.bulk_create(places)
        named = {key: name for name, key in self.new_groups.items()}  # theirs are made anew with each look
        for place in places:
            self.digest.update(f"{place.line} {named.get(place.group, place.group)} {place.place}".encode())
        ImportAlias.objects.bulk_create(aliases)

    def look(self, said: Sequence[Said]) -> Piece:
        """What the database knows of these."""
        return Piece(self.row, said)

    def wrong(self, line: int, address: str, wrong: Wrong) -> ImportRow:
        """A line that is left out."""
        return ImportRow(of=self.row, line=line, what=What.WRONG, address=address, problem=wrong.problem())

    def person(self, said: Said, there: Piece) -> ImportRow:
        """The person as they will be. Raises Wrong."""
        there.take(said)
        member = there.members.get(said.address)
        package = self.package(said)
        row = ImportRow(of=self.row, line=said.line, what=What.NEW, address=said.address)
        if member is None:
            row.member = new_id()
            row.attributes = dict(said.attributes)
            row.aliases = [one for one in said.aliases or () if one != said.address]
            row.package = package or self.packages.get(FIRST_PACKAGE) or next(iter(self.packages.values()))
        else:
            row.member = member.pk
            row.attributes = {k: v for k, v in member.attributes.items() if k not in said.cleared}
            row.attributes |= said.attributes
            own = [one for one in said.aliases or () if one != said.address]
            row.aliases = member.aliases if said.aliases is None else own
            if (said.address, row.aliases) != (member.address, member.aliases) and member.pk in self.above:
                raise Wrong("above")
            row.package = package or member.package_id
            self.spare(row, member)
            after = (row.address, row.attributes, row.aliases, row.package)
            row.what = What.SAME
            if after != (member.address, member.attributes, member.aliases, member.package_id):
                row.what, row.before = What.CHANGED, before(member)
        there.free(row)
        return row

    def spare(self, row: ImportRow, member: Member) -> None:
        """Leave as it is what this import does not decide of somebody: of a file nothing."""

    def package(self, said: Said) -> uuid.UUID | None:
        """The package named. Raises Wrong."""
        if said.package is None:
            return None
        found = self.packages.get(said.package.casefold())
        if found is None:
            raise Wrong("package", value=said.package[:80])
        return found

    def group(self, name: str) -> uuid.UUID:
        """The group of this name, or the one that will have it."""
        key = name.casefold()
        if key not in self.group_ids:
            self.group_ids[key] = self.new_groups[name] = new_id()
        return self.group_ids[key]

    def places(self, said: Said, row: ImportRow, there: Piece) -> Iterator[ImportPlace]:
        """Which groups the person comes into and leaves."""
        if said.groups is None or row.member is None:
            return
        now = there.places.get(row.member, {})
        wanted = {self.group(name): name for name in said.groups}
        for group in (one for one in wanted if one not in now):
            yield ImportPlace(of=self.row, line=said.line, member=row.member, group=group)
        if self.row.groups == "exact":
            for group in sorted(self.kept_exact(now.keys() - wanted.keys())):
                yield ImportPlace(
                    of=self.row, line=said.line, member=row.member, group=group, place=now[group]
                )

    def kept_exact(self, groups: AbstractSet[uuid.UUID]) -> AbstractSet[uuid.UUID]:
        """Of these groups, which none but those whom it names are in: of a file all."""
        return groups

    def without_line(self) -> Iterator[int]:
        """Stage the people whom the file does not name: to be taken out, but for those who can sign in."""
        last = uuid.UUID(int=0)
        inside = ImportRow.objects.filter(of=self.row, line__gt=0, member__isnull=False)
        may = set(Membership.objects.values_list("member_id", flat=True))
        while True:
            others = Member.objects.filter(pk__gt=last).exclude(pk__in=inside.values("member"))
            some = list(others.order_by("pk")[:PIECE])
            if not some:
                return
            last = some[-1].pk
            self.stage_without(some, may)
            yield len(some)

    def stage_without(self, some: Sequence[Member], may: AbstractSet[uuid.UUID]) -> None:
        """Keep what becomes of people whom the file does not name; `may`: those who can sign in."""
        groups = places_of(row.pk for row in some)
        staged = [self.without(row, row.pk in may, groups.get(row.pk, {})) for row in some]
        with transaction.atomic():
            ImportRow.objects.bulk_create(staged)
        for row in staged:
            self.counts[row.what] += 1
            self.digest.update(f"{row.what} {row.address}".encode())

    def without(self, member: Member, may: bool, groups: dict[uuid.UUID, uuid.UUID]) -> ImportRow:
        """One person whom the file does not name."""
        return ImportRow(
            of=self.row,
            line=0,
            what=What.KEPT if may else What.GONE,
            address=member.address,
            member=member.pk,
            aliases=member.aliases,
            attributes=member.attributes,
            package=member.package_id,
            before={
                **before(member),
                "groups": [group.hex for group in groups],
                "since": member.created_at.isoformat(),
            },
        )


def above() -> frozenset[uuid.UUID]:
    """Those who may do more than keep people."""
    rows, mine = Membership.objects.select_related("own_role"), closed(["change-people"])
    return frozenset(row.member_id for row in rows if not row.rights <= mine)


def _by(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    found = iter(rows)
    while some := list(islice(found, size)):
        yield some


def before(member: Member) -> dict[str, Any]:
    """What undoes a change of this person."""
    package = member.package_id.hex if member.package_id else ""
    said = {"aliases": member.aliases, "attributes": member.attributes, "package": package}
    return said | {"address": member.address}


def wanted() -> int:
    """Grows with every change of people, groups, packages and devices (access.roll)."""
    row = RollDue.objects.first()
    return row.wanted if row else 0


def clear(row: Import) -> None:
    """Nothing is staged."""
    for model in (ImportAlias, ImportPlace, ImportRow):
        model.objects.filter(of=row).delete()
