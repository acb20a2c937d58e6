"""What edges told, made into rows: mails, recipients, candidates, outcomes, clicks (contract/uplink.md §2).

The caller's transaction sees to it that nothing is told twice; records come in any order, from any edge, late or not.
A report waits for its mail, a click is kept at once and joined when its mail is told.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from stationer.portal.people.models import Pen, pen_id_of
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import addressing, clicking
from stationer.portal.statistics.models import LostClicks, id_at, moment
from stationer.wire.uplink import Addressed, Clicked, Lost, Remembered, Reported, Told


def take(told: Sequence[Told], at: datetime) -> None:
    """Write what these records say, of whatever PENs; `at` is when they came. Records of the memory are passed over,
    and so are those of a PEN that is no more. Runs inside the caller's transaction, or in one of its own."""
    by_pen = _by_pen(told)
    with transaction.atomic():
        # One at a time for each PEN: of what two edges tell at once, neither would see the other's half (a click and
        # its mail), and they would stay apart. `no_key`: rows that name the PEN may be made meanwhile.
        for pen in Pen.objects.select_for_update(no_key=True).filter(pk__in=by_pen).order_by("pk"):
            with pen_scope(pen):
                _take(pen, by_pen[pen.pk], at)


def _by_pen(told: Iterable[Told]) -> dict[uuid.UUID, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        if not isinstance(one, Remembered):
            found[one.pen].append(one)
    known: dict[uuid.UUID, list[Told]] = {}
    for text, records in found.items():
        try:
            known[pen_id_of(text)] = records
        except ValueError:
            continue
    return known


def _take(pen: Pen, told: Sequence[Told], at: datetime) -> None:
    addressed = [one for one in told if isinstance(one, Addressed)]
    new = addressing.take(pen, addressed)
    addressing.report(pen, [one for one in told if isinstance(one, Reported)])
    clicking.join(new, at)
    clicking.take(pen, [one for one in told if isinstance(one, Clicked)], at)
    LostClicks.objects.bulk_create(
        LostClicks(id=id_at(one.at), at=moment(one.at), clicks=one.clicks)
        for one in told
        if isinstance(one, Lost) and one.clicks > 0
    )
