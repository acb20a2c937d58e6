"""The body of `POST /v1/sent`, and what is written down of it (contract/memory.md §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from stationer.wire.memory import Report, Sent, Used
from stationer.wire.uplink import Reported

MOST_REPORTS = 1_000
UNWRITABLE = "The journal cannot be written now. Send the same again in a minute; nothing is counted twice."

read_reports = msgspec.json.Decoder(list[Report]).decode


def records(reports: Sequence[Report], now: int) -> list[Sent]:
    """What is written down at `now` (Unix ms). A copy that left as written, or did not leave, used nothing."""
    return [
        Sent(one.pick, one.copy, now, one.outcome.used if isinstance(one.outcome, Used) else ())
        for one in reports
    ]


def told_up(pen: str, reports: Sequence[Report], now: int) -> Iterator[Reported]:
    """The same as the portal is told of it (contract/uplink.md §2)."""
    for one in reports:
        if isinstance(one.outcome, Used):
            yield Reported(pen, one.pick, one.copy, now, "used", one.outcome.used, one.rest)
        else:
            yield Reported(pen, one.pick, one.copy, now, one.outcome, rest=one.rest)
