"""Taking an import back: one transaction. Who was changed again since, or has a device by now, stays as they are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from django.dispatch import Signal

from stationer.portal.access.models import Device, Membership
from stationer.portal.audit.actor import in_one
from stationer.portal.people.beside import patiently, wait_for_nobody
from stationer.portal.people.importing.swap import PIECE, note
from stationer.portal.people.models import Group, GroupMember, Import, ImportPlace, ImportRow, Member, Package
from stationer.portal.people.owned import announce
from stationer.portal.people.scope import current_pen_id

What = ImportRow.What
#: Sent with `row` when an import was taken back, in the transaction.
taken_back = Signal()


def undo(row: Import) -> None:
    """People are as they were before the import, as far as nobody has changed them since. `counts` says how many
    were `left` as they are."""
    patiently(partial(_undo, row))


def _undo(row: Import) -> None:
    wait_for_nobody()
    with in_one():
        left = leave_groups(row)
        left += sum(take_back(some) for some in staged(row, What.CHANGED))
        left += sum(take_out(some) for some in staged(row, What.NEW))
        for some in staged(row, What.GONE):
            bring_back(some)
        for key in row.new_groups.values():
            Group.objects.filter(pk=uuid.UUID(hex=key), places=None).delete()
    announce(Member, {current_pen_id()})
    row.state, row.counts = Import.State.UNDONE, {**row.counts, "left": left}
    note(row, "taken-back")
    taken_back.send(sender=Import, row=row)
    row.lease = row.leased_until = None
    row.save()
    for model in (ImportPlace, ImportRow):
        model.objects.filter(of=row).delete()


def staged(row: Import, what: str) -> Iterator[list[ImportRow]]:
    """The lines of a kind, some hundred at a time."""
    rows = ImportRow.objects.filter(of=row, what=what).order_by("line").iterator(PIECE)
    while some := list(islice(rows, PIECE)):
        yield some


def leave_groups(row: Import) -> int:
    """Out of the groups that the import put people into, and back into those that it took them out of."""
    into = ImportPlace.objects.filter(of=row, place__isnull=True)
    GroupMember.objects.filter(pk__in=into.values("pk")).delete()
    groups = set(Group.objects.values_list("pk", flat=True))
    lost = 0
    outs = list(ImportPlace.objects.filter(of=row, place__isnull=False))
    for start in range(0, len(outs), PIECE):
        some = outs[start : start + PIECE]
        people = set(Member.objects.filter(pk__in=[one.member for one in some]).values_list("pk", flat=True))
        now = set(GroupMember.objects.filter(member_id__in=people).values_list("group_id", "member_id"))
        back = [one for one in some if one.group in groups and one.member in people]
        lost += len(some) - len(back)
        GroupMember.objects.bulk_create(
            [
                GroupMember(group_id=one.group, member_id=one.member)
                for one in back
                if (one.group, one.member) not in now
            ]
        )
    return lost


def take_back(some: Sequence[ImportRow]) -> int:
    """The changes of these. Returns how many people were changed again since."""
    there = {member.pk: member for member in Member.objects.filter(pk__in=[one.member for one in some])}
    packages = set(Package.objects.values_list("pk", flat=True))
    former = [one.before["address"] for one in some if one.before and "address" in one.before]
    owners = dict(Member.objects.filter(address__in=former).values_list("address", "pk"))
    changed, left = [], 0
    for one in some:
        member = there.get(one.member) if one.member else None
        if one.before is None:
            continue
        package = uuid.UUID(hex=one.before["package"])
        as_put = member is not None and (
            (member.address, member.aliases, member.attributes, member.package_id)
        ) == (
            one.address,
            one.aliases,
            one.attributes,
            one.package,
        )
        address = one.before.get("address", one.address)
        given = owners.get(address, one.member) != one.member
        if member is None or not as_put or package not in packages or given:
            left += 1
            continue
        member.aliases, member.attributes = one.before["aliases"], one.before["attributes"]
        member.package_id = package
        member.address = address
        changed.append(member)
    Member.objects.bulk_update(changed, ["address", "aliases", "attributes", "package_id"])
    return left


def take_out(some: Sequence[ImportRow]) -> int:
    """Those who came by the import. Returns how many stay, because they have a device or can sign in, or changed."""
    keys = [one.member for one in some if one.member]
    busy = set(Device.objects.filter(member_id__in=keys).values_list("member_id", flat=True))
    busy |= set(Membership.objects.filter(member_id__in=keys).values_list("member_id", flat=True))
    put = {one.member: one for one in some}
    gone = []
    for member in Member.objects.filter(pk__in=keys):
        one = put[member.pk]
        as_put = (member.address, member.aliases, member.attributes) == (
            one.address,
            one.aliases,
            one.attributes,
        )
        if as_put and member.pk not in busy:
            gone.append(member.pk)
    there = Member.objects.filter(pk__in=keys).count()
    Member.objects.filter(pk__in=gone).delete()
    return there - len(gone)


def bring_back(some: Sequence[ImportRow]) -> None:
    """Those who were taken out, with their groups, and members since when they were: what they got before is theirs
    (contract/vault.md §6). Not their devices, whose tokens are spent."""
    packages = list(Package.objects.order_by("name").values_list("pk", flat=True))
    groups = set(Group.objects.values_list("pk", flat=True))
    taken = set(
        Member.objects.filter(address__in=[one.address for one in some]).values_list("address", flat=True)
    )
    back = [(one.member, one) for one in some if one.member and one.address not in taken]
    there = Member.objects.bulk_create(
        Member(
            pk=key,
            address=one.address,
            aliases=one.aliases,
            attributes=one.attributes,
            package_id=one.package if one.package in packages else packages[0],
        )
        for key, one in back
    )
    since = {key: (one.before or {}).get("since") for key, one in back}
    for member in there:  # a new row says now, whatever it is made with
        if said := since[member.pk]:
            member.created_at = datetime.fromisoformat(said)
    Member.objects.bulk_update(there, ["created_at"], PIECE)
    GroupMember.objects.bulk_create(
        GroupMember(group_id=uuid.UUID(hex=group), member_id=key)
        for key, one in back
        for group in (one.before or {}).get("groups", ())
        if uuid.UUID(hex=group) in groups
    )
