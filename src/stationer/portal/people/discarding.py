"""Groups and lists go into the bin as well: for thirty days they come back under the same id, with who was in them.

Of a group its bin keeps the ids of its people and nothing else of them; whoever has left meanwhile stays out.
"""

from __future__ import annotations

import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.access.models import Account
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import noun_of, record
from stationer.portal.content.binning import KEPT, CannotReturn
from stationer.portal.content.models import Binned
from stationer.portal.people.models import AddressList, Group, GroupMember, Member

KINDS: dict[str, type[Group] | type[AddressList]] = {"group": Group, "list": AddressList}
#: So many people are put back with one question: below what SQLite takes in one.
AT_ONCE = 500


def kept() -> QuerySet[Binned]:
    """Groups and lists of the PEN in scope that can be brought back, the last deleted first."""
    return Binned.objects.filter(kind__in=KINDS, binned_at__gte=timezone.now() - KEPT)


def discard(row: Group | AddressList, by: Account | None) -> Binned:
    """Delete it; it can be brought back."""
    said: dict[str, Any] = {"id": str(row.pk), "name": row.name}
    with transaction.atomic():
        if isinstance(row, Group):
            people = list(row.places.order_by("member_id").values_list("member_id", flat=True))
            said |= {
                "count": len(people),
                "people": b64encode(b"".join(one.bytes for one in people)).decode(),
            }
            kind = "group"
        else:
            said |= {"count": len(row.addresses), "addresses": row.addresses}
            kind = "list"
        binned = Binned.objects.create(kind=kind, name=row.name, rows=[said], binned_by=by)
        row.delete()
    return binned


def bring_back(binned: Binned) -> tuple[Group | AddressList, int]:
    """It as it was, and how many of its people have left meanwhile. Raises CannotReturn; then nothing changed."""
    said = binned.rows[0]
    model = KINDS[binned.kind]
    with transaction.atomic():
        if model.objects.filter(name=said["name"]).exists():
            sentence = _(
                "Something else is called “{name}” by now. Give that another name first, then bring this back."
            )
            raise CannotReturn(sentence.format(name=said["name"]))
        with in_one():
            row = _made(model, said)
            there = _put_back(row, said) if isinstance(row, Group) else said["count"]
        noun_id = str(getattr(row, "outside_id", row.pk))
        line = {"about": "people", "before": "", "after": there}
        record("made", noun_of(type(row)), row.name, noun_id=noun_id, lines=[line])
        binned.delete()
    return row, said["count"] - there


def _made(model: type[Group] | type[AddressList], said: dict[str, Any]) -> Group | AddressList:
    row = model(pk=uuid.UUID(said["id"]), name=said["name"])
    if isinstance(row, AddressList):
        row.addresses = said["addresses"]
    row.save(force_insert=True)
    return row


def _put_back(row: Group, said: dict[str, Any]) -> int:
    """Returns how many are there."""
    there = 0
    for keys in _pieces(b64decode(said["people"])):
        found = Member.objects.filter(pk__in=keys).values_list("pk", flat=True)
        made = GroupMember.objects.bulk_create(GroupMember(group=row, member_id=key) for key in found)
        there += len(made)
    return there


def _pieces(packed: bytes) -> Iterator[list[uuid.UUID]]:
    step = 16 * AT_ONCE
    for at in range(0, len(packed), step):
        piece = packed[at : at + step]
        yield [uuid.UUID(bytes=piece[n : n + 16]) for n in range(0, len(piece), 16)]
