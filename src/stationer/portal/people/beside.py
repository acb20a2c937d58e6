"""Much at once beside others who write a little: no deadlock, on PostgreSQL, by one order and by giving way.

Whoever writes a page has a row in hand, and refers to the PEN and its roll at the end. Whoever puts a file, an import
or a version in place has these first, and comes to the rows after. So whatever takes a PEN or its roll in hand as a
whole waits for nobody from then on (`wait_for_nobody`): where somebody is in the way it lets go of everything, and
begins again (`patiently`). One row's own lock on the PEN (`alone`) is `no_key`: rows that name the PEN may be made
meanwhile, and nobody waits for it at their commit. SQLite has one writer at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

T = TypeVar("T")
#: Nobody is waited for longer than this, in milliseconds: long before PostgreSQL looks for deadlocks (1 s), which then
#: ends one of the two, be it the other.
WAIT_MS = 20
#: The pauses before it is tried again, in seconds.
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
#: lock_not_available, deadlock_detected, serialization_failure (PostgreSQL, appendix A)
MET = {"55P03", "40P01", "40001"}


def met(fault: OperationalError) -> bool:
    """Whether somebody else was in the way, and nothing is wrong."""
    return getattr(fault.__cause__, "sqlstate", "") in MET


def patiently(work: Callable[[], T]) -> T:
    """Do the work in a transaction; where somebody was in the way, once more, for some seconds in all. Raises what it
    raises, and the last OperationalError (`met`)."""
    for pause in (*PAUSES, 0.0):
        try:
            with transaction.atomic():
                done = work()
                _wait("DEFAULT")  # for whatever follows in a transaction round it
                return done
        except OperationalError as fault:
            if not (pause and met(fault)):
                raise
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def wait_for_nobody() -> None:
    """From here to the end of `patiently` a lock that somebody else has is a reason to let go of all."""
    _wait(f"'{WAIT_MS}ms'")


def _wait(how_long: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout TO {how_long}")


def whole() -> Pen:
    """The PEN in scope in hand until the commit: nobody adds rows meanwhile, since each new one refers to it. Inside
    `patiently`."""
    pen = Pen.objects.select_for_update().get(pk=current_pen_id())
    wait_for_nobody()
    return pen


def alone() -> Pen:
    """The PEN in scope, in a transaction: of two who ask for it one waits, and nobody else does."""
    return Pen.objects.select_for_update(no_key=True).get(pk=current_pen_id())
