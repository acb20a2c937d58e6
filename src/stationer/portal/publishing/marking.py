"""Which state the drafts are in, told without reading them: whoever writes what Publish would put out leaves a mark.

A mark is a new row in the writer's own transaction, so it is there exactly when the change is, and writers never wait
for one another. The state is named by the ids of all marks. They are taken away only together with the making of
another one, so no state ever has the name that an earlier one had.
"""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Any

from django.db import transaction

from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import ChangeMark, Publication

PUBLISHED = (Template, Campaign, Message, AddressList, Asset, Publication)
#: Of so many marks of one PEN the worker makes one.
MANY = 500


def changed(sender: type, pen_id: uuid.UUID, **_: Any) -> None:
    """Rows were written (people.owned.rows_changed): a mark, when Publish would put them out. A publication takes the
    marks before it away."""
    if sender is Publication:
        ChangeMark.objects.filter(pen_id=pen_id).delete()
    if sender in PUBLISHED:
        ChangeMark.objects.create(pen_id=pen_id)


def state() -> str:
    """The name of the state that the rows of the PEN in scope are in. What is read after it is of this state, or of a
    later one that has another name."""
    marks = ChangeMark.objects.order_by("id").values_list("id", flat=True)
    return sha256(b"".join(one.bytes for one in marks)).hexdigest()


def gather() -> int:
    """One mark for the many of a PEN that writes and never publishes. Returns of how many PENs."""
    gathered = 0
    for pen_id in Pen.objects.values_list("pk", flat=True):
        with pen_scope(pen_id), transaction.atomic():
            if ChangeMark.objects.count() > MANY:
                ChangeMark.objects.all().delete()
                ChangeMark.objects.create()
                gathered += 1
    return gathered
