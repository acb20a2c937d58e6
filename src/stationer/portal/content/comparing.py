"""Rows as they are against rows as they are to be: what differs, in words, and all of it written at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.db import transaction
from django.utils import timezone

from stationer.portal.access.models import Account
from stationer.portal.content.models import Written
from stationer.portal.people.models import Group, GroupMember, Member, Package, Pen
from stationer.portal.people.owned import PenOwned
from stationer.portal.publishing.changes import Difference
from stationer.portal.publishing.telling import Line, lines

T = TypeVar("T", bound=PenOwned)
#: How many rows the database is given at once.
BATCH = 500
#: Checked by whoever gives the row; asking the database for each would take longer than writing it.
RELATIONS = ("pen", "package", "campaign", "changed_by")

#: What is told whole when it is new, but for its name, which stands above, and the order it came in.
TOLD = ("template", "campaign", "message", "list")
UNTOLD = ("name", "place")


@dataclass(frozen=True)
class Change:
    """One row that is added or changed, and in which fields; that goes, or stays though the file does not name it."""

    what: Literal["added", "changed", "removed", "kept"]
    kind: str
    name: str
    fields: tuple[Difference, ...] = ()
    zone: str = "UTC"

    def __str__(self) -> str:
        return f"{self.what} {self.kind} {self.name}"

    def lines(self) -> list[Line]:
        """What differs, in words. Of what is new, all that it does; of new people only who they are."""
        new = self.what == "added"
        told = [d for d in self.fields if not new or (self.kind in TOLD and d.field not in UNTOLD)]
        found = [line for differs in told for line in self._told(differs)]
        return [line for line in found if line.before != line.after]

    def _told(self, differs: Difference) -> Iterator[Line]:
        if self.kind == "person" or differs.field == "zone":
            yield from _plain(differs)
        else:
            yield from lines(self.kind, differs, self.zone)


def _plain(differs: Difference) -> Iterator[Line]:
    """A field that speaks for itself; a table by its names."""
    before, after = differs.before, differs.after
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield Line(name, str(before.get(name, "")), str(after.get(name, "")))
        return
    yield Line(
        differs.field, *(", ".join(v) if isinstance(v, list) else str(v or "") for v in (before, after))
    )


class Kept:
    """Rows to be written, checked without asking the database for each; and how they differ from what is there."""

    def __init__(self, zone: str, by: Account | None = None) -> None:
        self.changes: list[Change] = []
        self._zone, self._by = zone, by
        self._leaving: list[uuid.UUID] = []
        self._new: dict[type[PenOwned], list[Any]] = {}
        self._changed: dict[type[PenOwned], tuple[list[Any], set[str]]] = {}
        self._deeds: list[Callable[[], object]] = []

    def row(self, kind: str, row: T, values: Mapping[str, Any]) -> T:
        """Give the row these values, to be written if that changes it. Raises ValidationError."""
        new = row._state.adding
        fields = self._given(row, values)
        if new or fields:
            self._check(row)
            self._keep(row, new, set(values))
            self._say(new, kind, str(row), fields)
        return row

    def member(
        self,
        row: Member,
        values: Mapping[str, Any],
        package: Package,
        groups: Sequence[Group],
        now: Mapping[str, uuid.UUID],
    ) -> None:
        """The same for a person, who is in these groups and no others; `now` are those they are in, with their
        places there."""
        new, wanted = row._state.adding, {group.name for group in groups}
        fields = self._given(row, values)
        if new or row.package_id != package.pk:
            before = "" if new else row.package.name
            row.package = package
            fields.append(Difference("package", before, package.name))
        if new or fields:
            self._check(row)
            self._keep(row, new, {*values, "package"})
        if set(now) != wanted:
            fields.append(Difference("groups", sorted(now), sorted(wanted)))
            self._places(row, groups, now)
        if new or fields:
            self._say(new, "person", row.address, fields)

    def gone(self, kind: str, name: str, *, spared: bool = False) -> None:
        """A row that the file does not name goes, or is `spared`; whoever says so sees to it (`first`)."""
        self.changes.append(Change("kept" if spared else "removed", kind, name))

    def settings(self, pen: Pen, values: Mapping[str, Any]) -> None:
        """The same for the PEN itself."""
        fields = self._given(pen, values)
        if fields:
            pen.full_clean()
            self._deeds.append(pen.save)
            self.changes.append(Change("changed", "settings", f"of {pen}", tuple(fields), self._zone))

    def later(self, kind: str, name: str, new: bool, deed: Callable[[], object]) -> None:
        """Something else that is done when rows are written."""
        self._deeds.append(deed)
        self.changes.append(Change("added" if new else "changed", kind, name))

    def write(self, progress: Callable[[str, int, int], None]) -> None:
        """All of it, in one transaction. Raises what the database says."""
        total = sum(map(len, self._new.values())) + sum(len(rows) for rows, _ in self._changed.values())
        done = 0
        with transaction.atomic():
            for some in _batches(self._leaving):
                GroupMember.objects.filter(pk__in=some).delete()
            for deed in self._deeds:
                deed()
            for model, (rows, names) in self._changed.items():  # first, so that what they leave is free
                for some in _batches(rows):
                    model.objects.bulk_update(some, sorted(names))
                    done += len(some)
                    progress("writing", done, total)
            for model, rows in self._new.items():
                for some in _batches(rows):
                    model.objects.bulk_create(some)
                    done += len(some)
                    progress("writing", done, total)

    def first(self, deed: Callable[[], object]) -> None:
        """What is done before rows are written."""
        self._deeds.append(deed)

    def _check(self, row: PenOwned) -> None:
        """Each field by itself; whoever gives the row has seen to it that it is the only one."""
        row.clean_fields(exclude=RELATIONS)
        if isinstance(row, Written):
            row.changed_at = timezone.now()  # bulk_update does not do it
            if self._by is not None:
                row.changed_by = self._by

    def _given(self, row: Any, values: Mapping[str, Any]) -> list[Difference]:
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        adding = row._state.adding and not isinstance(row, Pen)
        return [
            Difference(name, None if adding else before[name], value)
            for name, value in values.items()
            if adding or before[name] != value
        ]

    def _keep(self, row: PenOwned, new: bool, names: set[str]) -> None:
        if isinstance(row, Written):
            names = {*names, "changed_at"} | ({"changed_by"} if self._by is not None else set())
        if new:
            self._new.setdefault(type(row), []).append(row)
        else:
            rows, fields = self._changed.setdefault(type(row), ([], set()))
            rows.append(row)
            fields |= names

    def _places(self, row: Member, groups: Sequence[Group], now: Mapping[str, uuid.UUID]) -> None:
        wanted = {group.name for group in groups}
        self._leaving += [place for name, place in now.items() if name not in wanted]
        for group in groups:
            if group.name not in now:
                self._keep(GroupMember(group=group, member=row), True, set())

    def _say(self, new: bool, kind: str, name: str, fields: list[Difference]) -> None:
        self.changes.append(Change("added" if new else "changed", kind, name, tuple(fields), self._zone))


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]
