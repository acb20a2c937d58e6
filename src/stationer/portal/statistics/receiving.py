"""A piece of a segment comes in: opened, told, and noted how far it was read, all or nothing (uplink.md §3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from itertools import count
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.db import DataError, transaction
from django.utils import timezone

from stationer.durable import frames, sealing
from stationer.portal.people.scope import outside_scope
from stationer.portal.site.health import metrics
from stationer.portal.site.start import uplink_key
from stationer.portal.statistics import remembering, taking
from stationer.portal.statistics.models import Edge, Erased, Segment
from stationer.settings import Portal
from stationer.watch.log import Voice
from stationer.wire.uplink import Told

#: A piece, or one frame, is no longer than that.
MOST_BYTES = 4_194_304
#: How far a segment was read is known for so long after the last word of it.
KNOWN = timedelta(days=400)

say = Voice("portal")
received = metrics.counter("stationer_portal_segments_bytes_total", "Bytes of edges' segments that came in.")
refused = metrics.counter("stationer_portal_segments_refused_total", "Pieces of segments that did not open.")
unwritten = metrics.counter(
    "stationer_portal_records_unwritten_total", "Records of edges that the database does not take."
)


class Unopened(Exception):
    """The piece is none that this segment has there: nothing was changed."""


class Stand(NamedTuple):
    """How far a segment was read now, and whether the piece was what stood next."""

    received: int
    fits: bool


def receive(edge: Edge, name: str, offset: int, data: bytes) -> Stand:
    """Take bytes `offset` … of the edge's segment of this name. Raises Unopened."""
    with transaction.atomic():
        Segment.objects.get_or_create(edge=edge, name=name)
        segment = Segment.objects.select_for_update().get(edge=edge, name=name)
        if offset != segment.received or not data:
            return Stand(segment.received, offset == segment.received)
        now = timezone.now()
        try:
            told = _opened(segment, data)
        except (frames.DamagedError, sealing.CannotOpen) as fault:
            refused.add(1)
            say.error("segment-unopened", edge=edge.name, segment=name, offset=offset, reason=str(fault))
            raise Unopened(str(fault)) from fault
        for take in (partial(taking.take, at=now), partial(remembering.take, edge.name, at=now)):
            _take(take, told, segment)
        segment.received += len(data)
        segment.save()
        Edge.objects.filter(pk=edge.pk).update(heard_at=now)
    received.add(len(data))
    return Stand(segment.received, True)


def _take(take: Callable[[Sequence[Told]], None], told: Sequence[Told], segment: Segment) -> None:
    """Have these records taken; one that the database refuses is said and left out, and stops no other."""
    try:
        with transaction.atomic():
            take(told)
    except (DataError, OverflowError, ValueError) as fault:
        if len(told) > 1:
            for some in (told[: len(told) // 2], told[len(told) // 2 :]):
                _take(take, some, segment)
            return
        unwritten.add(1)
        say.error(
            "record-unwritten", segment=segment.name, kind=type(told[0]).__name__, reason=type(fault).__name__
        )


def _opened(segment: Segment, data: bytes) -> list[Told]:
    """What a piece says. Notes in `segment` its key and how many records were read."""
    begin = 0
    if segment.received == 0:
        segment.salt, begin = frames.salt_of(data), frames.HEAD
    records, end = frames.whole(memoryview(data), bytes(segment.salt), begin, segment.received)
    if end != len(data):
        raise frames.DamagedError(f"Byte {segment.received + end} begins no whole frame.")
    if records and not segment.key:
        first, *records = records
        segment.key = sealing.key_in(first, segment.name, _private_key(settings.PORTAL))
    cipher = ChaCha20Poly1305(bytes(segment.key)) if records else None
    told: list[Told] = []
    for number, record in zip(count(segment.records + 1), records, strict=False):
        told += sealing.open_record(cipher, number, record) if cipher else ()
    segment.records += len(records)
    return told


@lru_cache(maxsize=1)
def _private_key(portal: Portal) -> X25519PrivateKey:
    return uplink_key(portal)


def forget_old() -> None:
    """Segments of which nothing was heard for so long will not come again."""
    before = timezone.now() - KNOWN
    Segment.objects.filter(heard_at__lt=before).delete()
    with outside_scope(reason="marks of who was forgotten long ago, of every PEN"):
        Erased.objects.filter(at__lt=before).delete()
