"""Events → calls: a few at a time, beside the worker, so that a receiver that sleeps keeps nobody waiting.

Each event is called until it is taken: at once, then after growing pauses, over three days. What is under way is
leased; of a worker that was killed it is called again when the lease ends, under the same `webhook-id`, by which a
receiver knows it. A hook that took nothing for three days is switched off, and its company's owners get a mail.
"""

from __future__ import annotations

import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stationer.portal.hooks import calling, switching
from stationer.portal.hooks.models import Attempt, Delivery, Hook
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.watch.log import Voice

#: Pauses between calls of one event; they come to just under three days.
PAUSES = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 64_800, 76_000))
LEASE = timedelta(minutes=2)
#: Calls under way at a time; of one hook, one.
MOST_AT_ONCE = 8
LONGEST_ASKED = 24 * 3600
KEEP = timedelta(days=30)

say = Voice("hooks")


@dataclass
class Desk:
    """The calls that are under way in this process: by delivery, its PEN, its hook, and the call's future."""

    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MOST_AT_ONCE, "hook"))
    busy: dict[uuid.UUID, tuple[Delivery, Future[calling.Answer]]] = field(default_factory=dict)


_desk = Desk()


def turn() -> int:
    """Note what came back, and call what is due. Returns how much was done; never waits for a receiver."""
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
    claimed = claim(free) if free > 0 else []
    for row in claimed:
        one = calling.Call(row.hook.url, row.outside_id, row.body.encode(), switching.secrets_of(row.hook))
        _desk.busy[row.pk] = (row, _desk.pool.submit(calling.call, one))
    return len(claimed)


def claim(most: int) -> list[Delivery]:
    """Lease what is due, at most one of each hook."""
    now, lease = timezone.now(), uuid.uuid4()
    with outside_scope(reason="which PENs' hooks are due"):
        held = {row.hook_id for row, _ in _desk.busy.values()}
        rows = Delivery.objects.filter(_due(now), hook__on=True).exclude(hook_id__in=held)
        first: dict[uuid.UUID, uuid.UUID] = {}
        for key, hook in rows.order_by("due_at", "id").values_list("pk", "hook_id")[: most * 20]:
            first.setdefault(hook, key)
        keys = list(first.values())[:most]
        Delivery.objects.filter(_due(now), pk__in=keys).update(lease=lease, leased_until=now + LEASE)
        return list(Delivery.objects.filter(lease=lease).select_related("hook"))


def _due(now: datetime) -> Q:
    """Waiting, due, and nobody is at it."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Q(state=Delivery.State.WAITING, due_at__lte=now) & free


def note(row: Delivery, answer: calling.Answer) -> None:
    """Keep what came back; a worker whose lease was taken over changes nothing but the list of calls."""
    at = datetime.fromtimestamp(answer.at, tz=UTC)
    Attempt.objects.create(delivery_id=row.pk, at=at, status=answer.status, ms=answer.ms, head=answer.head)
    attempts, now = row.attempts + 1, timezone.now()
    fields: dict[str, object] = {"attempts": attempts, "lease": None, "leased_until": None}
    over = attempts > len(PAUSES) or answer.gone
    if answer.taken or over:
        state = Delivery.State.DONE if answer.taken else Delivery.State.FAILED
        fields |= {"state": state, "done_at": now}
    else:
        asked = timedelta(seconds=min(answer.wait, LONGEST_ASKED))
        fields["due_at"] = now + max(PAUSES[attempts - 1], asked)
    if not Delivery.objects.filter(pk=row.pk, lease=row.lease).update(**fields):
        return
    say.info("hook-called", hook=row.hook.outside_id, status=answer.status, ms=answer.ms, attempts=attempts)
    switching.heard(Hook.objects.get(pk=row.hook_id), answer, over=over and not answer.taken)


def forget_old() -> int:
    """Delete events that were taken or given up a month ago. Returns how many rows went."""
    with outside_scope(reason="events of hooks that are over, of every PEN"):
        old = Delivery.objects.filter(made_at__lt=timezone.now() - KEEP)
        return old.exclude(state=Delivery.State.WAITING).delete()[0]
