"""Published snapshots go down to the edge: the row is the truth, the edge's file follows it.

A file is put down under the lock of its PEN's row and only when it is newer than the one there, so of two
publications the later stands, whoever was quicker with the disk.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Max

from stationer.portal.access.roll import folder, place, serial_of
from stationer.portal.content.pictures import blobs
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.publishing.changes import last_publication
from stationer.portal.publishing.models import Publication
from stationer.watch.log import Voice
from stationer.wire import ids

say = Voice("publishing")


def place_latest(pen_id: uuid.UUID) -> bool:
    """Put down the last publication if the edge has an older one. Returns whether it did. Raises OSError."""
    with pen_scope(pen_id), transaction.atomic():
        Pen.objects.select_for_update().get(pk=pen_id)
        last = last_publication()
        path = folder(pen_id) / "snapshot.stn"
        if last is None or serial_of(path) >= last.serial:
            return False
        place(path, blobs().get(last.blob))
    return True


def place_now(pen_id: uuid.UUID) -> None:
    """`place_latest`; a disk that refuses is said in the log, and the worker tries again."""
    try:
        place_latest(pen_id)
    except Exception:
        say.fault("snapshot-not-placed", pen=ids.outside("pen", pen_id))


def place_all() -> int:
    """Put down every snapshot that is missing or old at the edge. Returns how many were."""
    with outside_scope(reason="which PENs' snapshots are missing at the edge"):
        latest = list(Publication.objects.order_by().values_list("pen_id").annotate(serial=Max("serial")))
    behind = [pen_id for pen_id, serial in latest if serial_of(folder(pen_id) / "snapshot.stn") < serial]
    return sum(place_latest(pen_id) for pen_id in behind)
