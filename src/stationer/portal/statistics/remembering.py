"""What edges remember of recipients becomes counts by edge, and stops: what other edges are told (memory.md §6).

As an edge folds: a mail counts when both its halves have come, in whichever order; the same record again changes
nothing. The caller's transaction sees to it that a piece of a segment is told once. Rows of recipients are packed as
`pick.counting` packs them; no address is known here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.utils import timezone

from stationer.pick.counting import KEY, NOTHING, ROW, Count, both, one_more, packed, recipient_key, unpacked
from stationer.portal.people.models import Pen, pen_id_of
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import halves, state
from stationer.portal.statistics.counted import NOBODY, Counted, Stop
from stationer.wire import ids
from stationer.wire.memory import Asked, AskedCopy, Record, Sent, Stopped
from stationer.wire.uplink import Remembered, Told

#: Counts of a campaign, and stops, are forgotten so long after the last change (contract/memory.md §4).
RETIRED = timedelta(days=400)

#: (edge, campaign, shard) → recipient's key → what is added.
Added = dict[tuple[str, str, int], dict[bytes, Count]]
_decode: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def take(edge: str, told: Sequence[Told], at: datetime) -> None:
    """Fold the records of the memory that this edge told, of whatever PENs; `at` is when they came. Others are passed
    over, and so is what a newer edge says. Runs inside the caller's transaction, or in one of its own."""
    by_pen: dict[str, list[Record]] = defaultdict(list)
    for one in told:
        if isinstance(one, Remembered):
            try:
                by_pen[one.pen].append(_decode.decode(one.record))
            except msgspec.MsgspecError:
                continue
    if not by_pen:
        return
    known = {pen.outside_id: pen for pen in Pen.objects.filter(pk__in=_pens(by_pen)).order_by("pk")}
    with transaction.atomic():
        for name, pen in known.items():
            with pen_scope(pen):
                state.hold()
                _fold(edge, by_pen[name], at)


def _pens(names: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for name in names:
        try:
            found.append(pen_id_of(name))
        except ValueError:
            continue
    return found


def _fold(edge: str, records: Sequence[Record], at: datetime) -> None:
    added: Added = defaultdict(dict)
    for counted in halves.join(edge, [one for one in records if isinstance(one, Asked | Sent)], at):
        _count(added, counted.edge, counted.at, counted.copy, counted.sent)
    _write(added)
    _stop([(one.recipient, one.campaign) for one in records if isinstance(one, Stopped)])


def _count(added: Added, edge: str, at: int, copy: AskedCopy, sent: Sent) -> None:
    """A campaign counts once for a mail, however many of its messages stand in it."""
    used = frozenset(sent.used)
    shown = {offered.campaign: offered.step for offered in copy.offered if offered.mark in used}
    for campaign, step in shown.items():
        for start in range(0, len(copy.recipients) - KEY + 1, KEY):
            key = copy.recipients[start : start + KEY]
            rows = added[edge, campaign, key[0]]
            rows[key] = one_more(rows.get(key, NOTHING), at, step)


def _write(added: Added) -> None:
    """Add to the rows that are there, or make them."""
    if not added:
        return
    edges, campaigns = {edge for edge, _, _ in added}, {campaign for _, campaign, _ in added}
    shards = {shard for _, _, shard in added}
    there = {
        (row.edge, row.campaign, row.shard): row
        for row in Counted.objects.filter(edge__in=edges, campaign__in=campaigns, shard__in=shards)
    }
    new: list[Counted] = []
    old: list[Counted] = []
    for place, rows in added.items():
        held = there.get(place)
        edge, campaign, shard = place
        row = held or Counted(edge=edge, campaign=campaign, shard=shard)
        known = read_rows(bytes(row.rows))
        for key, count in rows.items():
            known[key] = both(known.get(key, NOTHING), count)
        row.rows = b"".join(key + packed(count) for key, count in known.items())
        row.changed_at = timezone.now()
        (old if held else new).append(row)
    Counted.objects.bulk_create(new, batch_size=200)
    Counted.objects.bulk_update(old, ["rows", "changed_at"], batch_size=200)


def read_rows(data: bytes) -> dict[bytes, Count]:
    """Counts by recipient's key."""
    places = range(0, len(data) - ROW + 1, ROW)
    return {data[at : at + KEY]: unpacked(data[at + KEY : at + ROW]) for at in places}


def key_of(pen: Pen, address: str) -> bytes:
    """The recipient key of an address in its canonical form (`mime.addresses`)."""
    return recipient_key(bytes(pen.mark_key), address)


def stop(recipient: bytes, campaign: uuid.UUID | str) -> None:
    """In the PEN in scope: not again to this recipient (key) with this campaign. Edges know it within 2 s after the
    transaction's commit, and keep to it where the campaign is to stop after a click."""
    _stop([(recipient, campaign if isinstance(campaign, str) else ids.outside("campaign", campaign))])


def _stop(wanted: Sequence[tuple[bytes, str]]) -> None:
    if wanted:
        rows = [Stop(recipient=recipient, campaign=campaign) for recipient, campaign in dict.fromkeys(wanted)]
        Stop.objects.bulk_create(rows, ignore_conflicts=True)


def advance(recipient: bytes, campaign: uuid.UUID | str, step: int) -> None:
    """In the PEN in scope: this recipient (key) has seen message `step` of the campaign's sequence, whatever was sent
    so far. It counts as no mail."""
    name = campaign if isinstance(campaign, str) else ids.outside("campaign", campaign)
    with transaction.atomic():
        state.hold()
        _write({(NOBODY, name, recipient[0]): {recipient: Count(step=step)}})


def forget(recipient: bytes) -> None:
    """In the PEN in scope: nothing is known of this recipient (key) any more, here and at other edges. What an edge
    counted itself is forgotten there as contract/memory.md §4 says."""
    with transaction.atomic():
        state.hold()
        Stop.objects.filter(recipient=recipient).delete()
        for row in Counted.objects.filter(shard=recipient[0]):
            known = read_rows(bytes(row.rows))
            if known.pop(recipient, None) is not None:
                row.rows = b"".join(key + packed(count) for key, count in known.items())
                row.save()
        halves.forget_recipient(recipient)


def forget_old() -> None:
    """In every PEN: halves that wait in vain, and what was not touched for 400 days."""
    now = timezone.now()
    halves.forget_old(now)
    for pen in Pen.objects.all():
        with pen_scope(pen):
            for rows in (
                Counted.objects.filter(changed_at__lt=now - RETIRED),
                Stop.objects.filter(created_at__lt=now - RETIRED).exclude(campaign__in=_campaigns()),
            ):
                if rows.exists():
                    rows.delete()


def _campaigns() -> list[str]:
    from stationer.portal.content.models import Campaign

    return [ids.outside("campaign", pk) for pk in Campaign.objects.values_list("pk", flat=True)]
