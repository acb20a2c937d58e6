"""Members: added, changed, put into groups. One address names one person in a PEN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stationer.portal.people.models import Group, GroupMember, Member, Package
from stationer.portal.people.valid import normal_address

FIRST_PACKAGE = "employees"


def add_member(
    address: str,
    *,
    attributes: Mapping[str, str] | None = None,
    aliases: Iterable[str] = (),
    package: Package | None = None,
    groups: Iterable[Group] = (),
) -> Member:
    """A new member of the PEN in scope. Raises ValidationError, with the field's name."""
    with transaction.atomic():
        row = Member(
            address=_normal("address", address),
            aliases=[_normal("aliases", alias) for alias in aliases],
            attributes=dict(attributes or {}),
            package=package or Package.objects.get_or_create(name=FIRST_PACKAGE)[0],
        )
        save_member(row)
        put_in_groups(row, groups)
    return row


def save_member(row: Member) -> None:
    """Keep a new or changed member. Raises ValidationError, with the field's name."""
    with transaction.atomic():
        row.full_clean()
        clashes = sorted({row.address, *row.aliases} & _taken(row))
        if clashes:
            raise ValidationError(
                {"address": [_("{address} is somebody else’s address here.").format(address=clashes[0])]},
                code="taken",
            )
        row.save()


def _taken(row: Member) -> set[str]:
    """Every address and alias of the others that this member must not have."""
    mine = {row.address, *row.aliases}
    others = Member.objects.exclude(pk=row.pk)
    taken = set(others.filter(address__in=mine).values_list("address", flat=True))
    for aliases in others.exclude(aliases=[]).values_list("aliases", flat=True):
        taken.update(aliases)
    return taken


def put_in_groups(row: Member, groups: Iterable[Group]) -> None:
    """The member is in these groups and no others."""
    wanted = {group.pk: group for group in groups}
    with transaction.atomic():
        now = set(row.places.values_list("group_id", flat=True))
        row.places.exclude(group_id__in=wanted).delete()
        GroupMember.objects.bulk_create(
            [GroupMember(group=group, member=row) for pk, group in wanted.items() if pk not in now]
        )


def find_member(address: str) -> Member | None:
    """The member whose address (or alias) this is; nobody has what is no address."""
    try:
        key = normal_address(address)
    except ValidationError:
        return None
    found = Member.objects.filter(address=key).first()
    if found is None:
        found = next((row for row in Member.objects.exclude(aliases=[]) if key in row.aliases), None)
    return found


def _normal(field: str, text: str) -> str:
    try:
        return normal_address(text)
    except ValidationError as error:
        raise ValidationError({field: error}) from None
