"""The sums of one hour, made anew from its raw rows (contract/figures.md §2): each row is read once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from stationer.portal.statistics.rolled import HourFigure
from stationer.portal.statistics.rolling import tally, telling
from stationer.portal.statistics.rolling.clock import HOUR
from stationer.portal.statistics.rolling.inserting import insert
from stationer.portal.statistics.rolling.removing import sweep

COLUMNS = (
    "at", "campaign", "of", "mails", "clicked", "raw", "human", "held", "raw_then", "human_then",
)  # fmt: skip


def roll(since: datetime, day: tally.Day | None = None) -> None:
    """Take the hour's sums out and make them again; add its mails to the day too, if one is made.

    Runs in the caller's transaction, under the PEN's lock."""
    until = since + HOUR
    sweep(HourFigure.objects.filter(at=since))
    hour = tally.Hour()
    for mail in telling.mails(since, until, people=day is not None):
        found = hour.add(mail)
        if day is not None:
            day.add(mail, found)
    hour.then(telling.hits_then(since, until))
    if hour.sums:
        at = _as_kept(since)
        insert(HourFigure, COLUMNS, ((at, *key, *sums) for key, sums in hour.sums.items() if any(sums)))


def _as_kept(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC))
