"""Addresses that mail is not sent to, and why (contract/delivery.md §6)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from stationer.portal.delivery.models import Suppression
from stationer.watch.log import Voice, person

HARD_FOR = timedelta(days=30)
say = Voice("delivery")


def suppress(
    pen: uuid.UUID | None, address: str, why: Suppression.Reason, status: str = "", said: str = ""
) -> None:
    """Put an address on the PEN's list; a complaint stays a complaint."""
    hard = why == Suppression.Reason.HARD
    key = address.lower()
    row = Suppression.objects.filter(pen=pen, address=key).first() or Suppression(pen_id=pen, address=key)
    if hard and row.why == Suppression.Reason.COMPLAINT:
        return
    row.why, row.status, row.said = why, status, said[:1000]
    row.until = timezone.now() + HARD_FOR if hard else None
    row.save()
    say.warning("address-suppressed", to=person(address), why=str(why), status=status)


def suppressed(
    wanted: Iterable[tuple[uuid.UUID | None, str]],
) -> dict[tuple[uuid.UUID | None, str], Suppression]:
    """Of these (PEN, address) the ones that are on the PEN's list now."""
    asked = {(pen, address.lower()): (pen, address) for pen, address in wanted}
    still = Q(until=None) | Q(until__gt=timezone.now())
    rows = Suppression.objects.filter(still, address__in={address for _, address in asked})
    return {asked[row.pen_id, row.address]: row for row in rows if (row.pen_id, row.address) in asked}


def allow(address: str) -> int:
    """Take an address off every list. Returns off how many."""
    return Suppression.objects.filter(address=address.lower()).delete()[0]


def forget_old() -> int:
    """Delete what is over. Returns how many rows went."""
    return Suppression.objects.filter(until__lt=timezone.now()).delete()[0]
