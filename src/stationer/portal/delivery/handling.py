"""What an operator does with the queue: look, try again, hold, let go, drop (contract/delivery.md §2)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from stationer.portal.delivery import noting
from stationer.portal.delivery.models import Destination, Recipient, Suppression

State = Recipient.State


class NotDone(ValueError):
    """What was asked for cannot be done; the message says why."""


def counts() -> dict[str, int]:
    """How many recipients are in each state, and how many may have gone twice."""
    by = dict(Recipient.objects.values_list("state").annotate(Count("pk")).order_by("state"))
    return by | {"twice": Recipient.objects.filter(twice=True).count()}


def listed(states: Iterable[str], most: int, *, twice: bool = False) -> list[dict[str, Any]]:
    """The recipients in these states, the newest first; `twice`: those that may have gone twice."""
    rows = Recipient.objects.filter(twice=True) if twice else Recipient.objects.filter(state__in=list(states))
    return [
        _shown(row) for row in rows.select_related("outgoing").defer("outgoing__mail").order_by("-pk")[:most]
    ]


def resting() -> list[dict[str, Any]]:
    """Destinations that refused for now; the relay's name is empty."""
    return [
        {
            "destination": row.domain,
            "failures": row.failures,
            "until": _iso(row.rests_until),
            "reason": row.reason,
        }
        for row in Destination.objects.order_by("domain")
    ]


def suppressed(most: int) -> list[dict[str, Any]]:
    """Addresses that are not sent to."""
    return [
        {
            "address": row.address, "pen": row.pen.outside_id if row.pen else None, "why": row.why,
            "status": row.status, "said": row.said, "since": _iso(row.since), "until": _iso(row.until),
        }
        for row in Suppression.objects.select_related("pen").order_by("-since")[:most]
    ]  # fmt: skip


def retry(ids: Iterable[str]) -> int:
    """Due at once: these, or with none all that wait. Destinations rest no longer."""
    rows = _rows(ids, State.WAITING) if (ids := list(ids)) else Recipient.objects.filter(state=State.WAITING)
    Destination.objects.update(rests_until=None)
    return rows.filter(lease=None).update(due_at=timezone.now())


def hold(ids: Iterable[str]) -> int:
    """They wait until they are let go."""
    return _rows(ids, State.WAITING).filter(lease=None).update(state=State.HELD)


def release(ids: Iterable[str]) -> int:
    """What was held is due."""
    return _rows(ids, State.HELD).update(state=State.WAITING, due_at=timezone.now())


def drop(ids: Iterable[str]) -> int:
    """They are never sent; a code's octets go at once."""
    wanted = list(ids)
    rows = _rows(wanted, State.WAITING, State.HELD).filter(lease=None)
    mails = [row.outgoing for row in rows.select_related("outgoing").defer("outgoing__mail")]
    done = rows.update(state=State.DROPPED, reason="dropped by hand", done_at=timezone.now())
    for mail in mails:
        noting.blank(mail)
    return done


def _rows(ids: Iterable[str], *states: str) -> QuerySet[Recipient]:
    """These recipients, or all of these mails, that are in such a state. Raises NotDone for what is no id."""
    try:
        wanted = [uuid.UUID(one) for one in ids]
    except ValueError:
        raise NotDone(
            "an id is what `stationer outgoing` shows: 32 hexadecimal digits in five groups"
        ) from None
    return Recipient.objects.filter(Q(pk__in=wanted) | Q(outgoing__in=wanted), state__in=states)


def _shown(row: Recipient) -> dict[str, Any]:
    return {
        "id": str(row.pk), "mail": str(row.outgoing_id), "message_id": row.outgoing.message_id, "to": row.address,
        "state": row.state, "status": row.status, "said": row.reason, "attempts": row.attempts, "twice": row.twice,
        "since": _iso(row.outgoing.created_at), "due": _iso(row.due_at) if row.state == State.WAITING else None,
        "done": _iso(row.done_at),
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
