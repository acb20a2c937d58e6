"""The worker: what must happen without anyone waiting for it. Its truth is rows; being killed costs it nothing.

Each turn writes rolls that are due, puts down snapshots that are not, hands over mail, and reads a piece of a file
of people. Faults in one chore do not stop the others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from stationer.portal.access import enrolling, roll
from stationer.portal.delivery import queue
from stationer.portal.people.importing import work as imports
from stationer.watch.log import Voice

PAUSE_S = 0.5
HOURLY_S = 3600.0
say = Voice("worker")


def chores() -> tuple[Callable[[], object], ...]:
    """What a turn does, in this order."""
    from stationer.portal.publishing import placing

    return (roll.write_all_due, placing.place_all, lambda: queue.turn(settings.PORTAL.relay), imports.turn)


def begin() -> None:
    """Once, before the first turn: what a crash or a restored folder left over."""
    roll.write_missing()


def tidy() -> None:
    """Once an hour: forget what is over."""
    from stationer.portal.content import binning

    call_command("clearsessions")
    enrolling.forget_old()
    binning.forget_old()
    queue.forget_old()
    imports.forget_old()


def do(chore: Callable[[], object]) -> object:
    """One chore; a fault is said and the next turn tries again."""
    try:
        return chore()
    except Exception:
        say.fault("fault", chore=getattr(chore, "__name__", "delivery"))
        return None


def run(stop: threading.Event) -> None:
    """Work until `stop` is set. Sleeps half a second when there is nothing to do."""
    do(begin)
    tidied = time.monotonic()
    while not stop.is_set():
        close_old_connections()
        done = [do(chore) for chore in chores()]
        if time.monotonic() - tidied > HOURLY_S:
            do(tidy)
            tidied = time.monotonic()
        if not any(done):
            stop.wait(PAUSE_S)
