"""Putting staged people in place: one transaction, by the database's own means, whatever their number.

`INSERT … SELECT` and `UPDATE … FROM` move what is staged without bringing it into Python. Every statement names the
PEN: the scope's wall does not see raw SQL. The roll is told once (access.roll), at commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from stationer.portal.access.models import Membership, RollDue
from stationer.portal.access.roll import want
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import record
from stationer.portal.people.beside import patiently, wait_for_nobody
from stationer.portal.people.importing.files import forget
from stationer.portal.people.importing.staging import above
from stationer.portal.people.models import (
    Group,
    GroupMember,
    Import,
    ImportAlias,
    ImportPlace,
    ImportRow,
    Member,
)
from stationer.portal.people.owned import announce
from stationer.portal.people.scope import current_pen_id

PIECE, MANY = 500, 5000
What = ImportRow.What
#: Asked, with `row`, before anything is put in place: whoever knows that it may not be (any more) raises Moved.
about_to_be_put = Signal()
#: Sent with `row` when everything staged is in place, in the transaction (directories keep who is whom).
put_in_place = Signal()


class Moved(Exception):
    """People were changed since the file was looked at: look again."""


def apply(row: Import) -> None:
    """Everything staged is in place, or nothing is. Raises Moved."""
    patiently(partial(_put, row))


def _put(row: Import) -> None:
    unmoved(row)
    hold(row)
    unraised(row)
    about_to_be_put.send(sender=Import, row=row)
    with in_one():
        make_groups(row)
        insert_people(row)
        change_people(row)
        place_people(row)
        take_out(row)
    note(row, "imported")
    announce(Member, {current_pen_id()})
    put_in_place.send(sender=Import, row=row)
    row.state, row.applied_at = Import.State.DONE, timezone.now()
    row.lease = row.leased_until = None
    row.save()
    ImportAlias.objects.filter(of=row).delete()
    ImportRow.objects.filter(of=row, what=What.SAME).delete()
    transaction.on_commit(lambda: forget(row.pk))


def hold(row: Import) -> None:
    """Nobody else changes those whom it will change or take out; nobody is waited for from here on."""
    wait_for_nobody()
    if connection.features.has_select_for_update:  # SQLite has one writer at a time
        lines = ImportRow.objects.filter(of=row, what__in=(What.CHANGED, What.GONE))
        people = Member.objects.select_for_update().filter(pk__in=lines.values("member")).order_by("pk")
        for _ in people.values_list("pk", flat=True).iterator(MANY):
            pass


def note(row: Import, what: str) -> None:
    """One line in the audit for all of it: the file, and how many people."""
    said = ("new", "changed", "gone", "left")
    lines = [{"about": one, "before": "", "after": row.counts[one]} for one in said if row.counts.get(one)]
    record(
        what,
        "directory" if row.from_directory else "people",
        row.name,
        noun_id=row.outside_id,
        count=sum(row.counts.get(one, 0) for one in said),
        lines=lines,
    )


def unmoved(row: Import) -> None:
    """Nobody changes people from here to the commit, and nobody did since the look. Raises Moved."""
    due = RollDue.objects.select_for_update().first()
    if due is None:
        want(current_pen_id())
    elif due.wanted != row.seen:
        raise Moved


def unraised(row: Import) -> None:
    """Nobody who can sign in since the look is taken out, or gets other addresses. Raises Moved."""
    rows = ImportRow.objects.filter(of=row)
    may = Membership.objects.values("member_id")
    if rows.filter(what=What.GONE, member__in=may).exists():
        raise Moved
    for one in rows.filter(what=What.CHANGED, before__isnull=False, member__in=above()):
        was = one.before or {}
        if (one.address, one.aliases) != (was.get("address"), was.get("aliases")):
            raise Moved


def make_groups(row: Import) -> None:
    """The groups that the file names and that were not there."""
    Group.objects.bulk_create(
        [Group(pk=uuid.UUID(hex=key), name=name) for name, key in row.new_groups.items()]
    )


def _run(statement: str, row: Import, *more: Any) -> int:
    """One statement over the lines of this import of this PEN."""

    def key(value: Any) -> Any:
        return value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value

    moment = Member._meta.get_field("created_at")
    said = [
        key(one) if isinstance(one, uuid.UUID) else moment.get_db_prep_value(one, connection) for one in more
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*said, key(row.pk), key(current_pen_id())])
        return int(cursor.rowcount)


def insert_people(row: Import) -> int:
    """Those who are new."""
    return _run(
        "INSERT INTO people_member (id, pen_id, address, aliases, attributes, package_id, created_at) "
        "SELECT member, pen_id, address, aliases, attributes, package, %s FROM people_importrow "
        "WHERE of_id = %s AND pen_id = %s AND what = 'new'",
        row,
        timezone.now(),
    )


def change_people(row: Import) -> int:
    """Those who are there and were said to be otherwise. Each line finds its person by the key: a look for the line of
    each person would go through all lines of the import for every one of them."""
    return _run(
        "UPDATE people_member SET address = said.address, aliases = said.aliases, attributes = said.attributes, "
        "package_id = said.package "
        "FROM people_importrow AS said WHERE said.of_id = %s AND said.pen_id = %s AND said.what = 'changed' "
        'AND said."before" IS NOT NULL AND people_member.id = said.member AND people_member.pen_id = said.pen_id',
        row,
    )


def place_people(row: Import) -> None:
    """Into groups, and out of them."""
    leaving = ImportPlace.objects.filter(of=row, place__isnull=False)
    GroupMember.objects.filter(pk__in=leaving.values("place")).delete()
    _run(
        "INSERT INTO people_groupmember (id, pen_id, group_id, member_id) "
        'SELECT id, pen_id, "group", member FROM people_importplace '
        "WHERE of_id = %s AND pen_id = %s AND place IS NULL",
        row,
    )


def take_out(row: Import) -> None:
    """Those whom the file does not name, with their devices."""
    for keys in in_pieces(row, What.GONE):
        Member.objects.filter(pk__in=keys).delete()


def in_pieces(row: Import, what: str) -> Iterator[list[uuid.UUID]]:
    """The members of all lines of a kind, some hundred at a time."""
    keys = ImportRow.objects.filter(of=row, what=what).values_list("member", flat=True).iterator(PIECE)
    while some := [key for key in islice(keys, PIECE) if key]:
        yield some
