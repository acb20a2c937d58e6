"""state.stn: what edges are told of recipients, and where senders' links lead (contract/snapshot.md §5).

A change and the wish to write it are one transaction (`StateDue.wanted` grows with it). It is written at its commit
when the last time is a second ago, and else by the worker: a busy edge causes no file for each mail. Where writing
takes long it is done a tenth of the time at most.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from stationer.pick import pack
from stationer.portal.access.roll import folder, place, serial_of
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.site.start import signing_seed
from stationer.portal.statistics.models import Counted, Link, StateDue, Stop
from stationer.watch.log import Voice
from stationer.wire import ids, memory

TOLD = (Counted, Stop, Link)
#: At least so long between two files of a PEN, and so many times as long as the last one took.
REST, SHARE = timedelta(seconds=1), 10
FILE = "state.stn"
say = Voice("portal")


def changed(sender: type, pen_id: uuid.UUID, **_: Any) -> None:
    """Rows were written (people.owned.rows_changed): the state is due when it tells of them."""
    if sender in TOLD:
        want(pen_id)


def want(pen_id: uuid.UUID) -> None:
    """The state of this PEN is due; it is written when the transaction commits, or a moment later."""
    with pen_scope(pen_id):
        if not StateDue.objects.filter(pen_id=pen_id).update(wanted=F("wanted") + 1):
            StateDue.objects.create(pen_id=pen_id)
    transaction.on_commit(lambda: write_now(pen_id))


def hold() -> None:
    """Inside a transaction, for the PEN in scope: nobody else changes what its state tells until that ends."""
    StateDue.objects.get_or_create(defaults={"wanted": 0})
    StateDue.objects.select_for_update().get()


def write_now(pen_id: uuid.UUID) -> None:
    """Write it if it is due and has rested; a disk that refuses is said in the log, and the worker tries again."""
    try:
        write(pen_id)
    except Exception:
        say.fault("state-not-written", pen=ids.outside("pen", pen_id))


def write(pen_id: uuid.UUID, now: datetime | None = None) -> bool:
    """Write it if it is due and has rested at `now`. Returns whether it was. Raises OSError."""
    now = now or timezone.now()
    with pen_scope(pen_id):
        due = StateDue.objects.filter(wanted__gt=F("written")).first()
        if due is None or not _rested(due, now):
            return False
        with transaction.atomic():
            due = StateDue.objects.select_for_update().get()
            if due.wanted <= due.written or not _rested(due, now):
                return False
            began = time.monotonic()
            path = folder(pen_id) / FILE
            due.serial = max(due.serial, serial_of(path)) + 1
            due.written, due.written_at = due.wanted, now
            place(path, packed(pen_id, due.serial))
            due.took_ms = int((time.monotonic() - began) * 1000)
            due.save()
    say.debug("state-written", pen=ids.outside("pen", pen_id), serial=due.serial)
    return True


def _rested(due: StateDue, now: datetime) -> bool:
    if due.written_at is None or due.written_at > now:  # a clock that was put back is no reason to wait
        return True
    return now - due.written_at >= max(REST, SHARE * timedelta(milliseconds=due.took_ms))


def packed(pen_id: uuid.UUID, serial: int) -> bytes:
    """The file."""
    made_at = int(timezone.now().timestamp() * 1000)
    pen = ids.outside("pen", pen_id)
    return pack("state", read(pen), pen=pen, serial=serial, made_at=made_at, private_key=signing_seed())


def read(pen: str) -> memory.State:
    """What is told of the PEN in scope."""
    from stationer.portal.visits.handing import sites  # which itself asks for this file to be written

    stops: dict[str, list[bytes]] = defaultdict(list)
    for campaign, recipient in Stop.objects.order_by("pk").values_list("campaign", "recipient"):
        stops[campaign].append(bytes(recipient))
    counts: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    rows = Counted.objects.order_by("edge", "campaign", "shard").values_list("edge", "campaign", "rows")
    for edge, campaign, data in rows:
        counts[edge][campaign].append(bytes(data))
    return memory.State(
        pen=pen,
        stops={campaign: b"".join(keys) for campaign, keys in stops.items()},
        counts={
            edge: {campaign: b"".join(parts) for campaign, parts in campaigns.items()}
            for edge, campaigns in counts.items()
        },
        links={bytes.fromhex(code): target for code, target in Link.objects.values_list("code", "target")},
        visits=sites(),
    )


def write_all_due() -> int:
    """Write every state that is due and has rested: at the start, and by the worker. How many were written."""
    with outside_scope(reason="which PENs' states are due"):
        due = list(StateDue.objects.filter(wanted__gt=F("written")).values_list("pen_id", flat=True))
    return sum(write(pen_id) for pen_id in due)


def write_missing() -> None:
    """Make a state due again whose file is gone or older than the row says (a restored folder)."""
    with outside_scope(reason="which PENs' states are missing at the edge"):
        rows = list(StateDue.objects.filter(wanted=F("written")).values_list("pen_id", "serial"))
    for pen_id, serial in rows:
        if serial_of(folder(pen_id) / FILE) < serial:
            with transaction.atomic():
                want(pen_id)
