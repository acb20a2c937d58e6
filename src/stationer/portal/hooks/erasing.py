"""Somebody is erased: events that name them are taken from the queue, and from what is kept of it."""

from __future__ import annotations

from typing import Any

import msgspec

from stationer.pick.addresses import names
from stationer.portal.hooks.models import Attempt, Delivery
from stationer.portal.statistics.addressing import pieces


def forget(address: str, **_: Any) -> None:
    """The listener of `statistics.signals.erased`. What a receiver was told already, it knows (docs/privacy.md)."""
    written = msgspec.json.encode(address).decode()[1:-1]
    bodies = Delivery.objects.filter(body__icontains=written).values_list("pk", "body")
    for some in pieces([pk for pk, body in bodies.iterator(chunk_size=500) if names(body, written)]):
        Delivery.objects.filter(pk__in=some).delete()
    heads = Attempt.objects.filter(head__icontains=address).values_list("pk", "head")
    for some in pieces([pk for pk, head in heads.iterator(chunk_size=500) if names(head, address)]):
        Attempt.objects.filter(pk__in=some).update(head="")
