"""Codes by telephone → calls of gateways: a few at a time beside the worker, so that nobody waits for one that sleeps.

What is under way is leased; of a worker that was killed it is called again when the lease ends, under the same
`webhook-id`, by which a gateway knows it. After the deadline nothing is called any more.
"""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from stationer.portal.hooks import calling
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.people.sealed import StaysShut
from stationer.portal.reading import gateway
from stationer.portal.reading.phone_rows import Gateway, PhoneCode
from stationer.watch.log import Voice

PAUSES = tuple(timedelta(seconds=s) for s in (2, 5, 15, 30))
LEASE = timedelta(seconds=30)
#: Calls under way at a time; of one PEN two, so that a gateway that sleeps holds up nobody else's.
MOST_AT_ONCE, MOST_OF_ONE = 8, 2
#: Answers after which it is tried again; other refusals are for good.
PASSING = (408, 429)
State = PhoneCode.State
say = Voice("reading")


@dataclass
class Desk:
    """The calls that are under way in this process."""

    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MOST_AT_ONCE, "gateway"))
    busy: dict[uuid.UUID, tuple[PhoneCode, Future[calling.Answer]]] = field(default_factory=dict)


_desk = Desk()


def turn() -> int:
    """Note what came back, and call what is due. Returns how much was done; never waits for a gateway."""
    return _note_done() + _begin_due()


def _note_done() -> int:
    ready = [(key, row, future) for key, (row, future) in _desk.busy.items() if future.done()]
    for key, row, future in ready:
        del _desk.busy[key]
        with pen_scope(row.pen_id), transaction.atomic():
            note(row, future.result())
    return len(ready)


def _begin_due() -> int:
    free = MOST_AT_ONCE - len(_desk.busy)
    rows = claim(free) if free > 0 else []
    for row in rows:
        with pen_scope(row.pen_id):
            if (one := _call(row)) is not None:
                _desk.busy[row.pk] = (row, _desk.pool.submit(calling.call, one))
    return len(rows)


def _call(row: PhoneCode) -> calling.Call | None:
    """The call; None where there is nothing to call, which the row says then."""
    there = gateway.there()
    try:
        if there is not None and row.gives_up_at > timezone.now():
            return gateway.call_of(Pen.objects.get(pk=row.pen_id), there, row)
    except StaysShut:
        say.warning("phone-shut", gateway=there.pk.hex if there else "")
    PhoneCode.objects.filter(pk=row.pk).update(state=State.SILENT, lease=None, leased_until=None)
    return None


def claim(most: int) -> list[PhoneCode]:
    """Lease what is due; from now on the code counts."""
    now, lease = timezone.now(), uuid.uuid4()
    with outside_scope(reason="which PENs' codes by telephone are due"):
        held = Counter(row.pen_id for row, _ in _desk.busy.values())
        chosen: list[uuid.UUID] = []
        rows = PhoneCode.objects.filter(_due(now)).order_by("due_at", "id")
        for key, pen in rows.values_list("pk", "pen_id")[: most * 20]:
            if held[pen] < MOST_OF_ONE and len(chosen) < most:
                held[pen] += 1
                chosen.append(key)
        if not chosen:
            return []
        said = {"lease": lease, "leased_until": now + LEASE, "called": True, "attempts": F("attempts") + 1}
        PhoneCode.objects.filter(_due(now), pk__in=chosen).update(**said)
        return list(PhoneCode.objects.filter(lease=lease))


def _due(now: datetime) -> Q:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Q(state=State.WAITING, due_at__lte=now) & free


def note(row: PhoneCode, answer: calling.Answer) -> None:
    """Keep what came of a call: its status alone, for an answer may repeat the code."""
    now, last = timezone.now(), min(row.attempts, len(PAUSES)) - 1
    again = now + max(PAUSES[last], timedelta(seconds=min(answer.wait, 60)))
    passing = answer.status is None or answer.status >= 500 or answer.status in PASSING
    fields: dict[str, object] = {"lease": None, "leased_until": None}
    if answer.taken:
        fields["state"] = State.TAKEN
    elif passing and again < row.gives_up_at:
        fields["due_at"] = again
    else:
        fields["state"] = State.SILENT if passing else State.REFUSED
    PhoneCode.objects.filter(pk=row.pk, lease=row.lease).update(**fields)
    heard: dict[str, object] = {"status": answer.status, "called_at": now}
    rows = Gateway.objects.all()
    if answer.taken:
        heard["failing_since"] = None
    elif passing:
        rows.filter(failing_since=None).update(failing_since=now)
    rows.update(**heard)
    say.info("phone-called", status=answer.status, ms=answer.ms, attempts=row.attempts)
