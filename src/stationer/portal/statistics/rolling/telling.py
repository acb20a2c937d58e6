"""Raw rows of some time, put together mail by mail (contract/figures.md §1), some thousand mails at a time.

A mail's id is of its moment, so its rows are ranges of `mail_id`: each table is read once, in its own order, through
an index, and whatever there is in an hour, little of it is in memory. The queries are the scoped manager's, with its
wall; their rows are taken as the database gives them, ids as text: most are only compared, and to make UUIDs and
objects of them would take longer than all the rest.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast

from stationer.portal.people.owned import ScopedQuerySet
from stationer.portal.people.scope import ForeignPen
from stationer.portal.statistics.models import Addressee, Hit, Mail, Shown, first_id

#: Mails that are brought at once, with all that is theirs.
SOME = 5_000
USED = "used"
Rows = list[tuple[Any, ...]]


class Told(NamedTuple):
    """A mail: who sent it, whether it was reported used, and whether to one person alone, of whom a click is known.

    `shown`: (mail, campaign, of, used, held); `hits`: (mail, campaign, of, human); `to`: (mail, address)."""

    sender: str | None
    used: bool
    alone: bool
    shown: Rows
    hits: Rows
    to: Rows


_NONE: Rows = []


def _text(name: str) -> Cast:
    return Cast(name, CharField())


def mails(since: datetime, until: datetime, *, people: bool) -> Iterator[Told]:
    """Mails of the PEN in scope from that time, in the order of their ids; `to` is empty without `people`."""
    after, high = {"pk__gte": first_id(since)}, first_id(until)
    while True:
        rows = Mail.objects.filter(**after, pk__lt=high).order_by("pk")
        found = _rows(
            rows.values_list(_text("pk"), _text("sender_id"), "outcome", "people", "unnamed")[:SOME]
        )
        if not found:
            return
        first, last = uuid.UUID(found[0][0]), uuid.UUID(found[-1][0])
        yield from _together(found, {"mail_id__gte": first, "mail_id__lte": last}, people)
        if len(found) < SOME:
            return
        after = {"pk__gt": last}


def _together(found: Rows, theirs: dict[str, uuid.UUID], people: bool) -> Iterator[Told]:
    shown = _by_mail(Shown.objects.filter(**theirs), _text("campaign"), _text("of"), "used", "held")
    hits = _by_mail(Hit.objects.filter(**theirs), _text("campaign"), _text("of"), "human")
    to = _by_mail(Addressee.objects.filter(**theirs), "address") if people else {}
    for mail, sender, outcome, count, unnamed in found:
        used = outcome == USED
        yield Told(
            sender, used, used and count == 1 and not unnamed,
            shown.get(mail, _NONE), hits.get(mail, _NONE), to.get(mail, _NONE),
        )  # fmt: skip


def _by_mail(rows: QuerySet[Any], *columns: Any) -> Mapping[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in _rows(rows.order_by("mail_id").values_list(_text("mail_id"), *columns)):
        found[row[0]].append(row)
    return found


def _rows(rows: QuerySet[Any]) -> Rows:
    """As the database gives them. Raises ForeignPen for a query that has no wall."""
    if not isinstance(rows, ScopedQuerySet):
        raise ForeignPen("rows that are counted are the PEN's in scope")
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def hits_then(since: datetime, until: datetime) -> list[tuple[str | None, int, int]]:
    """Hits of that time, on links of mails or of senders' own: (campaign, raw, human), for each campaign and none."""
    rows = Hit.objects.filter(at__gte=since, at__lt=until).order_by().values_list(_text("campaign"))
    return list(rows.annotate(n=Count("pk"), h=Count("pk", filter=Q(human=True))))
