"""The surveys of the PEN in scope and what was answered, by when their mails left: for pages, files and the API."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Min, Q, Sum

from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.statistics.addressing import pieces
from stationer.portal.statistics.figures.period import Period
from stationer.portal.statistics.rolled import HourFigure
from stationer.portal.surveys.models import Question, Vote, scale_of
from stationer.portal.surveys.tallying import Tally
from stationer.wire import ids
from stationer.wire.words import Scale

#: A message or a template, and a scale that it asked in.
Which = tuple[uuid.UUID, Scale]
#: And the words of the question.
Key = tuple[uuid.UUID, Scale, str]
#: Surveys that began within the days asked for, of one question to the database.
YOUNG = 100


@dataclass
class Survey:
    """One question that a message or template asks in one scale, and what came of it. `since`: when it asked so first,
    in the first of `contents`."""

    of: uuid.UUID
    campaign: uuid.UUID | None
    scale: Scale
    question: str
    words: list[str]
    since: datetime
    tally: Tally
    contents: list[str] = field(default_factory=list)
    name: str = ""
    campaign_name: str = ""

    @property
    def outside_id(self) -> str:
        """`msg_…`, or `tpl_…` of a template."""
        return ids.outside("message" if self.campaign else "template", self.of)


def surveys(period: Period, only: Which | None = None) -> list[Survey]:
    """Those that were published, the most answered first; or those of the one message and scale."""
    asked = Question.objects.order_by("asked_at", "id")
    if only is not None:
        asked = asked.filter(of=only[0], scale=only[1])
    found: dict[Key, Survey] = {}
    for row in asked:
        scale = scale_of(row.scale)
        one = found.get((row.of, scale, row.question))
        if one is None:
            one = Survey(row.of, row.campaign, scale, row.question, [], row.asked_at, Tally(scale))
            found[row.of, scale, row.question] = one
        one.words = row.words
        one.contents.append(row.content)
    _count(found.values(), period, only)
    _name(found.values())
    return sorted(found.values(), key=lambda one: (-one.tally.votes, -one.since.timestamp()))


def _count(found: Collection[Survey], period: Period, only: Which | None) -> None:
    rows = Vote.objects.filter(sent_at__gte=period.since, sent_at__lt=period.until)
    if only is not None:
        rows = rows.filter(of=only[0], scale=only[1])
    asked = {(one.of, one.scale, content): one for one in found for content in one.contents}
    for row in rows.order_by().values("of", "scale", "content", "value").annotate(n=Count("pk")):
        asking = asked.get((row["of"], scale_of(row["scale"]), row["content"])) if row["of"] else None
        if asking is not None:
            asking.tally.add({row["value"]: row["n"]})
    mails = _mails({one.of for one in found}, period)
    for one in found:
        one.tally.mails = mails[one.of]


def _mails(found: Collection[uuid.UUID], period: Period) -> dict[uuid.UUID, int]:
    """How many mails carried each since it first asked anything: by whole hours, as figures are kept."""
    made: dict[uuid.UUID, int] = defaultdict(int)
    first_asked: dict[uuid.UUID, datetime] = {}
    for some in pieces(list(found)):
        rows_asked = Question.objects.filter(of__in=some).order_by().values_list("of")
        first_asked |= dict(rows_asked.annotate(first=Min("asked_at")))
    begun = {of: max(period.since, _hour(at)) for of, at in first_asked.items()}
    hours = HourFigure.objects.filter(at__lt=period.until).order_by()
    for some in pieces([of for of, first in begun.items() if first == period.since]):
        rows = hours.filter(of__in=some, at__gte=period.since)
        made |= dict(rows.values_list("of").annotate(n=Sum("mails")))
    for some in pieces([of for of, first in begun.items() if first > period.since], YOUNG):
        since = reduce(or_, (Q(of=of, at__gte=begun[of]) for of in some))
        made |= dict(hours.filter(since).values_list("of").annotate(n=Sum("mails")))
    return made


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _name(some: Iterable[Survey]) -> None:
    """What their messages, templates and campaigns are called now; empty for what is gone."""
    rows = list(some)
    of = {row.of for row in rows}
    names = dict(Message.objects.filter(pk__in=of).values_list("pk", "name"))
    names |= dict(Template.objects.filter(pk__in=of).values_list("pk", "name"))
    campaigns = dict(
        Campaign.objects.filter(pk__in={row.campaign for row in rows if row.campaign}).values_list(
            "pk", "name"
        )
    )
    for row in rows:
        row.name = names.get(row.of, "")
        row.campaign_name = campaigns.get(row.campaign, "") if row.campaign else ""
