"""Everyone of a PEN as the roll has them, one after the other: five queries, and memory for what is written alone.

Each is encoded as soon as they are read (`msgspec.Raw`, which is written as it is): a million rows and objects at
once would take gigabytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from stationer.portal.people.attributes import worn
from stationer.portal.people.models import Group, GroupMember, Member, Package, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.publishing.meaning import FurtherNames, further_names
from stationer.wire import ids, roll

PIECE = 2_000
FIELDS = ("pk", "address", "attributes", "package_id", "aliases")


def everyone() -> Iterator[msgspec.Raw]:
    """`wire.roll.Person` of everyone in the PEN in scope, in the order of ids."""
    encode = msgspec.msgpack.Encoder().encode
    packages = {row.pk: row for row in Package.objects.all()}
    further = further_names()
    company = Pen.objects.get(pk=current_pen_id()).name
    places = _Places(further)
    for key, address, attributes, package_id, aliases in (
        Member.objects.order_by("pk").values_list(*FIELDS).iterator(PIECE)
    ):
        package = packages[package_id]
        yield msgspec.Raw(
            encode(
                roll.Person(
                    id=ids.outside("member", key),
                    address=address,
                    attributes=worn(attributes, address, company, package),
                    groups=places.of(key),
                    package=further.of_package(package_id, package.name),
                    aliases=tuple(aliases),
                    packages=further.packages.get(package_id, ()),
                )
            )
        )


class _Places:
    """The groups of one member after the other, both in the order of ids."""

    def __init__(self, further: FurtherNames) -> None:
        rows_of_groups = Group.objects.values_list("pk", "name")
        self.names = {key: further.of_group(key, name) for key, name in rows_of_groups}
        rows = GroupMember.objects.order_by("member_id").values_list("member_id", "group_id")
        self.found: Iterator[Any] = groupby(rows.iterator(PIECE), key=itemgetter(0))
        self.next: tuple[uuid.UUID, Any] | None = next(self.found, None)

    def of(self, member: uuid.UUID) -> tuple[str, ...]:
        """The names of this one's groups; members must come in order."""
        while self.next is not None and self.next[0] < member:
            self.next = next(self.found, None)
        if self.next is None or self.next[0] != member:
            return ()
        return tuple(sorted({name for _, group in self.next[1] for name in self.names[group]}))
