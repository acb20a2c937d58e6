"""The queue's turn: claim what is due by a lease, hand it to the relay, note what became of it.

A lease outlives the longest hand-over; of a worker that was killed the recipients become due again when it ends.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.delivery.relay import Fate, Outcome, hand_over
from stationer.settings import Relay
from stationer.watch.log import Voice, person

LEASE = timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
GIVE_UP = timedelta(days=2)
KEEP = timedelta(days=14)
MOST_AT_ONCE = 50

say = Voice("delivery")


def due(now: datetime) -> Q:
    """Waiting, due, and nobody is at it."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Q(state=Recipient.State.WAITING, due_at__lte=now) & free


def turn(relay: Relay) -> int:
    """Hand over the oldest mail that is due. Returns how many recipients were dealt with; 0: nothing is due."""
    now = timezone.now()
    first = Recipient.objects.filter(due(now)).order_by("due_at", "id").first()
    if first is None:
        return 0
    claimed = claim(first.outgoing_id, now)
    if claimed:
        row = Outgoing.objects.get(pk=first.outgoing_id)
        fates = hand_over(relay, row.sender, [one.address for one in claimed], bytes(row.mail))
        for one in claimed:
            note(one, row, fates[one.address])
        blank(row)
    return len(claimed)


def claim(outgoing: uuid.UUID, now: datetime) -> Sequence[Recipient]:
    """Lease the due recipients of one mail: one UPDATE, so that of two workers only one gets each."""
    lease = uuid.uuid4()
    some = Recipient.objects.filter(due(now), outgoing_id=outgoing).order_by("id")[:MOST_AT_ONCE]
    ids = list(some.values_list("pk", flat=True))
    Recipient.objects.filter(due(now), pk__in=ids).update(lease=lease, leased_until=now + LEASE)
    return list(Recipient.objects.filter(lease=lease).order_by("id"))


def note(one: Recipient, row: Outgoing, outcome: Outcome) -> None:
    """Keep what became of a recipient; a worker whose lease was taken over keeps nothing."""
    now = timezone.now()
    one.attempts += 1
    fate = outcome.fate
    if fate is Fate.LATER and now - row.created_at > GIVE_UP:
        fate = Fate.NEVER
    fields = {"attempts": one.attempts, "reason": outcome.reason[:1000], "lease": None, "leased_until": None}
    if fate is Fate.LATER:
        wait = min(FIRST_WAIT * 2 ** min(one.attempts - 1, 10), LONGEST_WAIT)
        fields["due_at"] = now + wait
    else:
        sent = fate is Fate.SENT
        fields |= {"state": Recipient.State.SENT if sent else Recipient.State.FAILED, "done_at": now}
    Recipient.objects.filter(pk=one.pk, lease=one.lease).update(**fields)
    event = {Fate.SENT: "mail-sent", Fate.LATER: "mail-deferred", Fate.NEVER: "mail-failed"}[fate]
    tell = say.info if fate is Fate.SENT else say.warning
    tell(event, outgoing=str(row.pk), to=person(one.address), attempts=one.attempts)


def blank(row: Outgoing) -> None:
    """Keep no byte of a secret mail that has nobody left to go to."""
    if row.secret and not row.recipients.filter(state=Recipient.State.WAITING).exists():
        Outgoing.objects.filter(pk=row.pk).update(mail=b"")


def forget_old() -> int:
    """Delete mails whose recipients were all dealt with two weeks ago. Returns how many rows went."""
    old = Outgoing.objects.filter(created_at__lt=timezone.now() - KEEP)
    return old.exclude(recipients__state=Recipient.State.WAITING).delete()[0]
