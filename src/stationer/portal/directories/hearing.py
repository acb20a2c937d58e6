"""When a plan is put in place, or taken back: who is whom is kept in the same transaction."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from stationer.portal.directories.models import Directory, Linked, LinkedGroup, NewLink, Sync
from stationer.portal.directories.staging import SPARED, fresh_links, proper_name
from stationer.portal.people.importing.staging import above, wanted
from stationer.portal.people.importing.swap import Moved
from stationer.portal.people.models import Group, Import, ImportRow
from stationer.portal.people.naming import rename


def about_to_be_put(row: Import, **_: Any) -> None:
    """Nobody got rights since the look whose name or package it would write over. Raises Moved."""
    sync = Sync.objects.select_related("directory").filter(of=row).first()
    if sync is None or sync.directory.also_above:
        return
    changed = ImportRow.objects.filter(of=row, what=ImportRow.What.CHANGED, before__isnull=False)
    for one in changed.filter(member__in=above()):
        was = one.before or {}
        names = was.get("attributes", {})
        same = all(one.attributes.get(name) == names.get(name) for name in SPARED)
        if not same or (one.package.hex if one.package else "") != was.get("package"):
            raise Moved


def put(row: Import, **_: Any) -> None:
    """All that a directory said is in place."""
    sync = Sync.objects.select_related("directory").filter(of=row).first()
    if sync is None:
        return
    directory = _held(sync, row)
    found = fresh_links(row)
    _unlink(directory, [member for _uid, member in found])
    Linked.objects.bulk_create(
        [Linked(directory=directory, uid=uid, member_id=member, look=row.pk) for uid, member in found],
        batch_size=500,
    )
    NewLink.objects.filter(of=row).delete()
    _link_groups(sync)
    for group, name in renamed(sync):
        _rename(group, name)
    Sync.objects.filter(pk=sync.pk).update(
        outcome=Sync.Outcome.APPLIED, ended_at=timezone.now(), counts=row.counts
    )
    Directory.objects.filter(pk=directory.pk).update(
        trusted=directory.on,
        fingerprint=remembered(sync, row),
        known=wanted(),
        problem={},
        failing_since=None,
    )


def _held(sync: Sync, row: Import) -> Directory:
    """The directory, held until the commit. Raises Moved where its settings are others by now, or where it was switched
    off and nobody has agreed to the plan."""
    directory = Directory.objects.select_for_update().get(pk=sync.directory_id)
    if not sync.is_by(directory) or not (directory.on or row.by_id):
        raise Moved
    return directory


def remembered(sync: Sync, row: Import) -> str:
    """By what the next sync knows that there is nothing new. A wrong line is looked at every time."""
    return "" if row.counts.get("wrong") else sync.fingerprint


def _unlink(directory: Directory, members: list[uuid.UUID]) -> None:
    """Who was made anew in the directory has a new id, and no more the old one."""
    for start in range(0, len(members), 500):
        Linked.objects.filter(directory=directory, member__in=members[start : start + 500]).delete()


def _link_groups(sync: Sync) -> None:
    known = set(LinkedGroup.objects.filter(directory=sync.directory).values_list("uid", flat=True))
    there: dict[str, uuid.UUID] = {row.name.casefold(): row.pk for row in Group.objects.all()}
    new = {uid: there.get(proper_name(name).casefold()) for uid, name in sync.teams if uid not in known}
    LinkedGroup.objects.bulk_create(
        LinkedGroup(directory=sync.directory, uid=uid, group_id=key) for uid, key in new.items() if key
    )


def renamed(sync: Sync) -> list[tuple[Group, str]]:
    """Groups that the directory calls otherwise now, where nobody has that name."""
    rows = LinkedGroup.objects.filter(directory=sync.directory).select_related("group")
    groups = {row.uid: row.group for row in rows}
    taken = {name.casefold() for name in Group.objects.values_list("name", flat=True)}
    found: dict[uuid.UUID, tuple[Group, str]] = {}
    for uid, said in sync.teams:
        group, name = groups.get(uid), proper_name(said)
        if (
            group is not None
            and name != group.name
            and name.casefold() not in taken - {group.name.casefold()}
        ):
            found[group.pk] = (group, name)
            taken.add(name.casefold())
    return list(found.values())


def _rename(group: Group, name: str) -> None:
    try:
        rename(group, name)
    except ValidationError:
        return  # somebody took the name a moment ago: the next sync tries again


def taken_back(row: Import, **_: Any) -> None:
    """What was taken back would come again at the next sync: the directory is off until somebody says otherwise."""
    rows = Directory.objects.filter(syncs__of=row)
    for directory in rows:
        directory.on, directory.trusted = False, False
        directory.fingerprint, directory.problem = "", {"code": "undone"}
        directory.save()
