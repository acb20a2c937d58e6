"""Hits are judged: at once, when they have settled, and again when it may have changed (contract/clicks.md §3).

A hit whose time has come is a row with `due_at`; a worker that is killed leaves it due. What is said of a person is
said once, in the transaction in which it is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from stationer.clicks import Verdict, judge
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.statistics.addressing import pieces
from stationer.portal.statistics.models import Hit
from stationer.portal.statistics.signals import judged, weighed
from stationer.portal.statistics.surroundings import AROUND, MOST, Surroundings, seen

#: How long a hit is left to settle: a program that sweeps is known by its next steps.
SETTLES = timedelta(seconds=4)
#: What later evidence gives to a person is news for so long.
NEWS = timedelta(days=1)
AT_ONCE = 500
#: Pieces of work in one turn, so that mail does not wait behind a backlog.
PIECES = 10
WRITTEN = ("score", "human", "reasons", "judged_at", "due_at", "settled_at", "told_at", "corrected_at")


def turn() -> int:
    """Judge what is due in every PEN. Returns how many hits were judged."""
    now = timezone.now()
    with outside_scope(reason="which PENs' hits are due to be judged"):
        due = Hit.objects.filter(due_at__lte=now).order_by()
        pens = list(due.values_list("pen_id", flat=True).distinct())
    done = 0
    for pen_id in pens:
        with pen_scope(pen_id):
            for _ in range(PIECES):
                some = piece(timezone.now())
                done += some
                if some < AT_ONCE:
                    break
    return done


def piece(now: datetime) -> int:
    """Judge some of the hits that are due in the PEN in scope, in one transaction. Returns how many."""
    with transaction.atomic():
        due = Hit.objects.filter(due_at__lte=now).order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        rows = list(due.select_related("mail", "link")[:AT_ONCE])
        judge_rows(rows, now)
    return len(rows)


def judge_rows(rows: Sequence[Hit], now: datetime) -> None:
    """Judge these rows of the PEN in scope, write it down, and make known which are people's and settled."""
    if not rows:
        return
    around = Surroundings(rows)
    news = []
    for row in rows:
        hit = seen(row)
        if _note(row, judge(hit, around.of(row, hit)), now):
            news.append(row)
    Hit.objects.bulk_update(rows, WRITTEN, batch_size=100)
    weighed.send(sender=Hit, hits=list(rows))
    if news:
        judged.send(sender=Hit, hits=news)


def _note(row: Hit, verdict: Verdict, now: datetime) -> bool:
    """Put the verdict into the row. Returns whether it is to be made known now."""
    before, row.human, row.score = row.human, verdict.human, verdict.score
    row.reasons = msgspec.to_builtins(verdict.reasons)
    if row.judged_at is None:
        row.judged_at, row.due_at = now, now + SETTLES
        return False
    if row.judged_at + SETTLES > now:  # looked at again before it has settled
        row.due_at = row.judged_at + SETTLES
        return False
    row.due_at = None
    if row.settled_at is not None and before != row.human:
        row.corrected_at = now
    late = row.settled_at is not None and row.judged_at + NEWS < now
    row.settled_at = row.settled_at or now
    known = row.mail_id is not None or row.link_id is not None
    if row.told_at or not verdict.human or verdict.repeat or late or not known:
        return False
    row.told_at = now
    return True


def again(new: Sequence[Hit], at: datetime) -> None:
    """Before these new hits of the PEN in scope are kept: what they may change of others is due again."""
    picks = sorted({row.pick for row in new if row.pick is not None})
    addresses = sorted({row.address for row in new if row.address})
    settled = Hit.objects.exclude(settled_at=None)
    for some in pieces(picks):
        _due(settled.filter(pick__in=some), at, MOST * len(some))
    if addresses:
        first, last = min(row.at for row in new) - AROUND, max(row.at for row in new) + AROUND
        people = settled.filter(human=True, at__gte=first, at__lte=last)
        for few in pieces(addresses):
            _due(people.filter(address__in=few), at, MOST * len(few))


def _due(rows: QuerySet[Hit], at: datetime, most: int) -> None:
    found = list(rows.order_by("-at").values_list("pk", flat=True)[:most])
    for some in pieces(found):
        Hit.objects.filter(pk__in=some).update(due_at=at)
