"""The body of `POST /v1/sent`, and what is written down of it (contract/memory.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stationer.wire.memory import Report, Sent, Used

MOST_REPORTS = 1_000
UNWRITABLE = "The journal cannot be written now. Send the same again in a minute; nothing is counted twice."

read_reports = msgspec.json.Decoder(list[Report]).decode


def records(reports: Sequence[Report], now: int) -> list[Sent]:
    """What is written down at `now` (Unix ms). A copy that left as written, or did not leave, used nothing."""
    return [
        Sent(one.pick, one.copy, now, one.outcome.used if isinstance(one.outcome, Used) else ())
        for one in reports
    ]
