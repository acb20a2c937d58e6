"""What a company file does not name, where all that it does not name is to go (contract/company.md).

Templates, campaigns, messages, groups and lists go into the bin. Pictures stay: mails that have left show them. So do
packages that say anything of their own, and people who can sign in.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from stationer.portal.access.models import Account, Device, Membership
from stationer.portal.content.binning import discard_all
from stationer.portal.content.comparing import BATCH, Kept
from stationer.portal.content.locked_parts import check_gone
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.people.discarding import discard
from stationer.portal.people.models import AddressList, Group, Member, Package
from stationer.portal.people.pens import says_nothing


def people(kept: Kept, rows: Sequence[Member], spare_devices: bool) -> list[Member]:
    """Take these out; whoever can sign in (and, where that is asked, has a device) stays. Returns who goes."""
    stay = set(Membership.objects.values_list("member_id", flat=True))
    if spare_devices:
        stay |= set(Device.objects.filter(revoked_at=None).values_list("member_id", flat=True))
    going = [row for row in rows if row.pk not in stay]
    for row in rows:
        kept.gone("person", row.address, spared=row.pk in stay)
    kept.first(partial(_take_out, [row.pk for row in going]))
    return going


def _take_out(keys: Sequence[uuid.UUID]) -> None:
    for at in range(0, len(keys), BATCH):
        Member.objects.filter(pk__in=keys[at : at + BATCH]).delete()


def named(kept: Kept, model: type[Group] | type[AddressList], names: Collection[str], by: Any) -> None:
    """Groups or lists that are not among these names."""
    kind = "group" if model is Group else "list"
    for row in model.objects.all():
        if row.name not in names:
            kept.gone(kind, row.name)
            kept.first(partial(discard, row, by))


def packages(kept: Kept, names: Collection[str], used: Collection[uuid.UUID]) -> None:
    """Packages that are not among these names, that nobody is in and that are as they come."""
    for row in Package.objects.all():
        blank = says_nothing(row)
        if row.name not in names and blank and row.pk not in used:
            kept.gone("package", row.name)
            kept.first(row.delete)


def written(
    kept: Kept, rows: Iterable[Template] | Iterable[Campaign] | Iterable[Message], by: Account | None
) -> None:
    """Templates, campaigns with their messages, or messages: into the bin. Raises ValidationError."""
    going = list(rows)
    for row in going:
        if isinstance(row, Template):
            try:
                check_gone(row)
            except ValidationError as error:
                raise ValidationError(error.messages) from error
        kept.gone(str(row._meta.model_name), row.name)
    kept.first(partial(discard_all, going, by))
