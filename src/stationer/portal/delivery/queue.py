"""The queue's turn: claim what is due by a lease, hand it to the relay, note what became of it.

Before a mail is begun that is written down, and with it what became of the one before: a worker that is killed leaves
one mail of which nobody knows whether the relay took it (contract/delivery.md §3).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stationer.portal.delivery import leases
from stationer.portal.delivery.claiming import LEASE, claim, renewed
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.delivery.noting import Dealt, dropped, note
from stationer.portal.delivery.relay import Session
from stationer.portal.delivery.returning import return_path
from stationer.portal.delivery.signing import signed
from stationer.portal.delivery.suppressing import suppressed
from stationer.settings import Relay

KEEP = timedelta(days=14)
AT_ONCE = 500


def turn(relay: Relay | None = None) -> int:
    """Hand over what is due, some of it. Returns how many recipients were dealt with; 0: nothing is due."""
    leases.free_dead()
    claimed, put_off = claim(timezone.now())
    wanted = _wanted(claimed)
    if not wanted:
        return len(claimed) or put_off
    before: Dealt | None = None
    with Session(relay or settings.PORTAL.relay) as session:
        try:
            for group in _transactions(wanted):
                rows = _begun(group, before)
                before = None
                if rows and (before := _hand_over(session, rows)).away:
                    break
        finally:
            with transaction.atomic():
                if before is not None:
                    note(before)
                leases.free(Recipient.objects.filter(lease=claimed[0].lease, begun_at=None))
    return len(claimed)


def _wanted(claimed: Sequence[Recipient]) -> list[Recipient]:
    """Without those whose address is suppressed; what holds a code goes all the same: somebody asked for it."""
    open_ = {one.outgoing_id for one in claimed if not one.urgent}
    pens = dict(Outgoing.objects.filter(pk__in=open_).values_list("pk", "pen_id"))
    off = suppressed([(pens[one.outgoing_id], one.address) for one in claimed if one.outgoing_id in pens])
    left = []
    for one in claimed:
        if one.urgent or (row := off.get((pens.get(one.outgoing_id), one.address))) is None:
            left.append(one)
        else:
            dropped(one, row)
    return left


def _transactions(claimed: Sequence[Recipient]) -> Iterator[list[Recipient]]:
    """What goes over in one transaction: of one mail, those of one destination; where each has a Return-Path of its
    own, each by itself."""
    if settings.PORTAL.bounces.address:
        yield from ([one] for one in claimed)
    else:
        for _, group in groupby(claimed, key=lambda one: (one.outgoing_id, one.domain)):
            yield list(group)


def _begun(group: list[Recipient], before: Dealt | None) -> list[Recipient]:
    """Write down what became of the one before, and that these begin. Returns those that are still ours."""
    with transaction.atomic():
        if before is not None:
            note(before)
        now = timezone.now()
        ids = [one.pk for one in group]
        lease = group[0].lease
        mine = set(renewed(lease, ids, now, now + LEASE)) if lease else set()
    return [one for one in group if one.pk in mine]


def _hand_over(session: Session, rows: list[Recipient]) -> Dealt:
    mail = Outgoing.objects.get(pk=rows[0].outgoing_id)
    sender = return_path(mail, rows[0])
    fates = session.hand_over(sender, [one.address for one in rows], signed(bytes(mail.mail)))
    mail.mail = b""  # its octets are not held until the next one is begun
    return Dealt(mail, rows, fates)


def forget_old() -> int:
    """Delete mails whose recipients were all dealt with two weeks ago, some at a time. Returns how many rows went."""
    old = Outgoing.objects.filter(created_at__lt=timezone.now() - KEEP)
    done = old.exclude(recipients__state__in=Recipient.KEPT).order_by("created_at")
    gone = 0
    while ids := list(done.values_list("pk", flat=True)[:AT_ONCE]):
        gone += Outgoing.objects.filter(pk__in=ids).delete()[0]
    return gone


def waiting(outgoing: uuid.UUID) -> bool:
    """Whether somebody still waits for this mail."""
    return Recipient.objects.filter(outgoing=outgoing, state__in=Recipient.KEPT).exists()
