"""The hold clock: how long a mail has waited for its stationery while it could have left
(contract/journal.md §5).

Times are monotonic milliseconds; they mean nothing after a restart, so only `elapsed` is ever stored.
"""

from __future__ import annotations

import msgspec

#: The most that one try of the edge may cost.
TRY_MS = 3_000
#: No limit below this: a PEN that says 0 would never be asked at all.
LEAST_LIMIT_MS = 1_000
#: A try with less time than this is not worth making.
LEAST_TRY_MS = 250
#: A device that was enrolled just now is in force at the edge within 2 s; after this long a 401 is believed.
BELIEVED_MS = 5_000
#: Write the clock down when it has moved this far.
KEEP_MS = 5_000


class Held(msgspec.Struct, frozen=True):
    """Elapsed so far; `since` is the last reading while the way out was open, None while it was closed."""

    elapsed: int = 0
    since: int | None = None


def tick(held: Held, mono: int, open_: bool) -> Held:
    """The clock read at `mono`: it moved on only if the way out was open then and is open now."""
    if not open_:
        return Held(held.elapsed, None)
    gone = max(0, mono - held.since) if held.since is not None else 0
    return Held(held.elapsed + gone, mono)


def limit(hold_limit_ms: int) -> int:
    """The limit in force."""
    return max(hold_limit_ms, LEAST_LIMIT_MS)


def patience(held: Held, hold_limit_ms: int) -> int:
    """How long one more try may take so that the mail still leaves within the limit; 0: no more tries.

    A tenth of the limit (at most 2 s) is kept for the submission itself.
    """
    whole = limit(hold_limit_ms)
    left = whole - min(whole // 10, 2_000) - held.elapsed
    if left < LEAST_TRY_MS:
        return 0
    return min(TRY_MS, left)
