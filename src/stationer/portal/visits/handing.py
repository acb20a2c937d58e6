"""Clicks that edges handed over to the site: which hit each one is. And which sites edges are to tell."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from stationer.portal.statistics import state
from stationer.portal.statistics.models import Hit
from stationer.portal.visits.models import Handed, Website


def hear(hits: Iterable[Hit], **_: Any) -> None:
    """The listener of `statistics.signals.arrived`, the PEN's scope open."""
    Handed.objects.bulk_create(
        [Handed(visit=hit.handed.hex(), hit=hit.pk, at=hit.at) for hit in hits if len(hit.handed) == 12],
        ignore_conflicts=True,
    )


def changed(sender: type, pen_id: uuid.UUID, **_: Any) -> None:
    """Rows were written: edges are told when the site is another."""
    if sender is Website:
        state.want(pen_id)


def sites() -> tuple[str, ...]:
    """The domains whose sites are told of clicks, of the PEN in scope; none while that is off."""
    row = Website.objects.filter(on=True).first()
    return tuple(row.hosts) if row else ()
