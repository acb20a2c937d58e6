"""Somebody is erased: alerts that name them leave the queue, and lists that clicks fill lose them."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.utils import timezone

from stationer.pick.addresses import canonical
from stationer.portal.alerts.models import AlertRule, ClickAction, Due
from stationer.portal.audit.actor import in_one
from stationer.portal.delivery import erasing as queue
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.people.scope import current_pen_id

_OURS = re.compile(r"<alert\.([0-9a-f]{32})@")


def forget(address: str, **_: Any) -> None:
    """The listener of `statistics.signals.erased`."""
    for name in queue.forget(Pen.objects.get(pk=current_pen_id()), address):
        if found := _OURS.match(name):
            _again(uuid.UUID(found[1]))
    filled = ClickAction.objects.exclude(list=None).values_list("list_id", flat=True)
    for row in AddressList.objects.filter(pk__in=list(filled)):
        kept = [one for one in row.addresses if canonical(one) != canonical(address)]
        if kept != row.addresses:
            row.addresses = kept
            with in_one():
                row.save()


def _again(first: uuid.UUID) -> None:
    """A digest that had not left is written anew: it tells the others. Of a single alert nothing is left to tell."""
    due = Due.objects.filter(pk=first, pace=AlertRule.Pace.DIGEST).first()
    if due is not None:
        same = Due.objects.filter(to=due.to, pace=due.pace, state=Due.State.DONE, done_at=due.done_at)
        same.update(state=Due.State.WAITING, done_at=None, due_at=timezone.now())
