"""What a directory would change: as of a file, but people are known by their id in the directory, its groups by
theirs, and nobody else's people and groups are touched (contract/directories.md §3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from stationer.portal.access.models import Membership
from stationer.portal.directories.models import Linked, LinkedGroup, NewLink, Sync
from stationer.portal.people.importing.files import Line, Manner, Unreadable, lines, path_of
from stationer.portal.people.importing.piece import Piece
from stationer.portal.people.importing.reading import Said, Wrong, address_of, cell
from stationer.portal.people.importing.staging import PIECE, Staging
from stationer.portal.people.models import Import, ImportRow, Member

#: What of those who may do more than keep people a directory decides when it was told so, and not otherwise.
SPARED = ("name", "first_name", "last_name")


class FromDirectory(Staging):
    """One look at what a directory said."""

    def __init__(self, row: Import, sync: Sync) -> None:
        super().__init__(row)
        self.sync, self.directory = sync, sync.directory
        self.uids: dict[int, str] = {}
        self.links: dict[str, uuid.UUID] = {}
        self.seen: set[str] = set()
        self.doubled: dict[int, int] = {}

    @cached_property
    def group_of(self) -> dict[str, uuid.UUID]:
        """uid → group, of those that were there before."""
        return dict(LinkedGroup.objects.filter(directory=self.directory).values_list("uid", "group_id"))

    @cached_property
    def ruled(self) -> frozenset[uuid.UUID]:
        """The groups that it decides: those it had, and those it names now."""
        named = (self.group(str(place)) for place in range(len(self.sync.teams)))
        return frozenset({*self.group_of.values(), *named})

    def begin(self) -> None:
        super().begin()
        NewLink.objects.filter(of=self.row).delete()
        for name in ("packages", "group_ids", "above"):
            self.__dict__.pop(name, None)
        self._count()

    def _count(self) -> None:
        """Which ids there are, and which lines share an id or an address with another. Raises Unreadable."""
        self.seen, self.doubled = set(), {}
        ids: dict[str, int] = {}
        addresses: dict[str, int] = {}
        manner = Manner(self.row.encoding, self.row.delimiter, self.row.heading)
        for line in lines(path_of(self.row.pk), manner):
            uid = line.cells[0] if line.whole else ""
            if not uid.strip():
                raise Unreadable("answer", said="no id")  # of whom it speaks nobody knows
            self.seen.add(uid)
            for key, first in ((uid, ids), (self._address(line), addresses)):
                other = first.setdefault(key, line.number) if key else line.number
                if other != line.number:
                    self.doubled[line.number] = other
                    self.doubled.setdefault(other, line.number)

    def _address(self, line: Line) -> str:
        """Empty: none that can be read."""
        try:
            return address_of(cell(line.cells[self.read.place["address"]]))
        except (Wrong, IndexError):
            return ""

    def stage(self, piece: Sequence[Line]) -> None:
        self.uids = {line.number: line.cells[0] for line in piece if line.cells}
        rows = Linked.objects.filter(directory=self.directory, uid__in=self.uids.values())
        self.links = dict(rows.values_list("uid", "member_id"))
        rows.update(look=self.row.pk)
        super().stage(piece)
        known = self.links.keys()
        NewLink.objects.bulk_create(
            NewLink(of=self.row, line=line, uid=uid) for line, uid in self.uids.items() if uid not in known
        )

    def look(self, said: Sequence[Said]) -> Piece:
        return _People(self, said)

    def group(self, name: str) -> uuid.UUID:
        """`name` is a place in `Sync.teams`."""
        uid, called = self.sync.teams[int(name)]
        return self.group_of.get(uid) or super().group(proper_name(called))

    def kept_exact(self, groups: AbstractSet[uuid.UUID]) -> AbstractSet[uuid.UUID]:
        return groups & self.ruled

    def spare(self, row: ImportRow, member: Member) -> None:
        """Those with rights above keeping people keep their name and their package, unless the directory was told."""
        if self.directory.also_above or member.pk not in self.above:
            return
        row.package = member.package_id
        row.attributes = {
            **{name: value for name, value in row.attributes.items() if name not in SPARED},
            **{name: value for name, value in member.attributes.items() if name in SPARED},
        }

    def may_remove(self) -> bool:
        """Whom a wrong line is about is known by the id, so the others can go."""
        return True

    def without_line(self) -> Iterator[int]:
        """Those whom it had, and has no more."""
        gone = Linked.objects.filter(directory=self.directory).exclude(look=self.row.pk)
        keys = sorted(gone.values_list("member_id", flat=True))
        may = set(Membership.objects.values_list("member_id", flat=True))
        for start in range(0, len(keys), PIECE):
            some = list(Member.objects.filter(pk__in=keys[start : start + PIECE]).order_by("pk"))
            self.stage_without(some, may)
            yield len(some)


class _People(Piece):
    """The people of some lines: by their id in the directory, else by their address."""

    def __init__(self, of: FromDirectory, said: Sequence[Said]) -> None:
        self.of = of
        self.strangers: dict[str, uuid.UUID] = {}
        super().__init__(of.row, said)

    def people(self, said: Sequence[Said], addresses: Sequence[str]) -> dict[str, Member]:
        single = [one for one in said if one.line not in self.of.doubled]
        mine = {one.address: self.of.links.get(self.of.uids.get(one.line, "")) for one in single}
        keys = [key for key in mine.values() if key]
        linked = {row.pk: row for row in Member.objects.filter(pk__in=keys)}
        found = super().people(said, addresses)
        theirs = self.theirs(found.values())
        for address, row in list(found.items()):
            key = mine.get(address)
            if key is not None and key != row.pk:
                self.strangers[address] = row.pk  # somebody else has the address that they are to have
            elif key is None and row.pk in theirs:
                self.strangers[address] = found.pop(address).pk  # follows another id
        return found | {address: linked[key] for address, key in mine.items() if key in linked}

    def theirs(self, found: Iterable[Member]) -> set[uuid.UUID]:
        """Whom another id has. One of this directory that is no more has nobody: who was made anew there keeps all."""
        rows = list(Linked.objects.filter(member__in=[row.pk for row in found]))
        free = {
            one.pk for one in rows if one.directory_id == self.of.directory.pk and one.uid not in self.of.seen
        }
        Linked.objects.filter(pk__in=free).update(look=self.of.row.pk)
        return {one.member_id for one in rows if one.pk not in free}

    def take(self, said: Said) -> None:
        if said.line in self.of.doubled:
            raise Wrong("twice", first=self.of.doubled[said.line])
        if said.address in self.strangers:
            raise Wrong("taken", value=said.address, first=0)
        super().take(said)


def staging_of(row: Import) -> FromDirectory | None:
    """What looks at an import, when it came from a directory."""
    if not row.from_directory:
        return None
    sync = Sync.objects.select_related("directory").filter(of=row).first()
    return FromDirectory(row, sync) if sync else None


def proper_name(text: str) -> str:
    """A group's name as it can be kept here."""
    kept = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:120].strip()
    return kept or "–"


def fresh_links(row: Import) -> list[tuple[str, uuid.UUID]]:
    """Who of the lines was not linked yet: uid and member."""
    uids = dict(NewLink.objects.filter(of=row).values_list("line", "uid"))
    lines = ImportRow.objects.filter(of=row, line__gt=0, member__isnull=False).exclude(what="wrong")
    return [
        (uids[line], member)
        for line, member in lines.values_list("line", "member")
        if line in uids and member is not None
    ]
