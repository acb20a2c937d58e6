"""Who is at a mail: a lease in the database, and a lock on a file that the system lets go of when the process ends.

What a dead process had begun may be with the relay or not: it is marked `twice` before anybody takes it up again.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stationer.portal.delivery.models import Recipient
from stationer.watch.log import Voice

_guard = threading.Lock()
#: By folder: this process's id, and the open file that is its sign of life.
_alive: dict[Path, tuple[uuid.UUID, int]] = {}
EVERY_S = 2.0
_looked = -EVERY_S
say = Voice("delivery")


def holder() -> uuid.UUID:
    """This process, as its leases name it."""
    folder = _folder()
    with _guard:
        if folder not in _alive:
            name = uuid.uuid4()
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder / f"{name}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _alive[folder] = (name, descriptor)
        return _alive[folder][0]


def free_dead() -> int:
    """Give back what processes of this machine held that are no more, and what anybody held too long. Returns how many
    recipients."""
    if not _is_time():
        return 0
    freed = free(Recipient.objects.filter(lease__isnull=False, leased_until__lt=timezone.now()))
    for name, path in _dead(holder()):
        freed += free(Recipient.objects.filter(lease__isnull=False, holder=name))
        path.unlink(missing_ok=True)
    if freed:
        say.warning("mail-leases-freed", recipients=freed)
    return freed


def free(rows: QuerySet[Recipient]) -> int:
    """These are nobody's any more; those that were begun may go twice."""
    if not rows.exists():
        return 0
    with transaction.atomic():
        rows.filter(begun_at__isnull=False).update(twice=True)
        return rows.update(lease=None, leased_until=None, holder=None, begun_at=None)


def extended(lease: uuid.UUID, ids: list[uuid.UUID], now: datetime, until: datetime) -> list[uuid.UUID]:
    """Note that these begin; those of them that are still this lease's."""
    mine = Recipient.objects.filter(pk__in=ids, lease=lease, state=Recipient.State.WAITING)
    if mine.update(begun_at=now, leased_until=until) == len(ids):
        return ids
    return list(mine.values_list("pk", flat=True))


def _is_time() -> bool:
    """Once in a while, and only one thread of this process."""
    global _looked
    with _guard:
        if time.monotonic() - _looked < EVERY_S:
            return False
        _looked = time.monotonic()
        return True


def _dead(me: uuid.UUID) -> Iterator[tuple[uuid.UUID, Path]]:
    for path in _folder().glob("*.lock"):
        try:
            name = uuid.UUID(path.stem)
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except (ValueError, FileNotFoundError):
            continue
        try:
            if name != me:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield name, path
        except BlockingIOError:
            pass
        finally:
            os.close(descriptor)


def _folder() -> Path:
    return Path(settings.PORTAL.data) / "delivery"
