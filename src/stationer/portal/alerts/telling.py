"""What an alert says: who clicked, which links of which message, when, how sure that is and why.

Facts only, in the language and by the clock in force (`django.utils.translation`, `timezone`); `alerts.mailing` makes
the mail of them. What was forgotten since (a hit, a mail) is not told, nor what turned out to be a program's.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.alerts.models import CERTAIN, FAIRLY, Due, DueHit
from stationer.portal.alerts.wording import Words
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.statistics.models import Addressee, Hit, Link, Mail
from stationer.portal.statistics.privacy.outs import followed
from stationer.portal.statistics.visiting.reasons import because
from stationer.portal.statistics.visiting.who import Visitor, of_link, of_mail
from stationer.portal.surveys.models import Vote
from stationer.portal.surveys.words import said
from stationer.wire import ids


@dataclass(frozen=True)
class Clicked:
    """A link, how often, and when last."""

    words: str
    target: str
    times: int
    at: datetime


@dataclass(frozen=True)
class Visit:
    """One alert in words. `campaign` is the campaign's id as programs know it, or empty."""

    who: Visitor
    what: str
    of: str
    links: tuple[Clicked, ...]
    last: datetime
    sure: str
    score: int
    why: str
    campaign: str
    hits: tuple[Hit, ...]
    answer: str = ""
    comment: str = ""

    @property
    def counted(self) -> str:
        """`3 links, last at 10:41`; of an answer, when it was given."""
        if self.answer:
            return _("answered at {time}").format(time=clock(self.last))
        count = len(self.links)
        words = ngettext("{count} link, at {time}", "{count} links, last at {time}", count)
        return words.format(count=count, time=clock(self.last))


def clock(at: datetime) -> str:
    """`10:41` today; with the day on any other."""
    here, now = timezone.localtime(at), timezone.localtime()
    time = date_format(here, "H:i")
    if here.date() == now.date():
        return time
    return _("{time} on {day}").format(time=time, day=date_format(here, "j F"))


class Rows:
    """The rows that some alerts speak of, each kind in one query."""

    def __init__(self, dues: Sequence[Due], words: Words | None = None) -> None:
        told: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for due, hit in DueHit.objects.filter(due__in=dues).values_list("due_id", "hit"):
            told[due].append(hit)
        self.hits = {
            row.pk: row
            for row in Hit.objects.filter(pk__in={h for some in told.values() for h in some}).exclude(
                human=False
            )
        }
        self.told = told
        self.votes = {
            row.pk: row for row in Vote.objects.filter(pk__in={due.vote for due in dues if due.vote})
        }
        self.links = {
            row.pk: row for row in Link.objects.filter(pk__in={due.link_id for due in dues if due.link_id})
        }
        self.mails: dict[uuid.UUID, Mail] = {}
        self.readers: dict[uuid.UUID, list[str]] = defaultdict(list)
        self._read_mails({due.mail_id for due in dues if due.mail_id})
        self._leave_out()
        self.campaigns: dict[uuid.UUID, str] = {}
        self._read_contents()
        self.words = words or Words()

    def _read_mails(self, wanted: set[uuid.UUID]) -> None:
        """Mails with their readers; those without any are asked for by themselves."""
        told = Addressee.objects.filter(mail_id__in=wanted).order_by("pk").select_related("mail")
        for row in told:
            self.mails[row.mail_id] = row.mail
            self.readers[row.mail_id].append(row.address)
        self.mails |= {row.pk: row for row in Mail.objects.filter(pk__in=wanted - self.mails.keys())}

    def _leave_out(self) -> None:
        """Hits of whoever has objected since the alert was raised."""
        self.hits = {hit.pk: hit for hit in followed(self.hits.values(), self.mails, self.links)}

    def _read_contents(self) -> None:
        """Messages with their campaigns, templates; campaigns whose message is gone."""
        spoken: list[Hit | Vote] = [*self.hits.values(), *self.votes.values()]
        of = {one.of for one in spoken if one.of}
        self.messages = {row.pk: row for row in Message.objects.filter(pk__in=of).select_related("campaign")}
        others = of - self.messages.keys()
        self.templates = dict(Template.objects.filter(pk__in=others).values_list("pk", "name"))
        self.campaigns = {row.campaign_id: row.campaign.name for row in self.messages.values()}
        more = {one.campaign for one in spoken if one.campaign} - self.campaigns.keys()
        self.campaigns |= dict(Campaign.objects.filter(pk__in=more).values_list("pk", "name"))

    def who(self, due: Due) -> Visitor:
        """Who it was."""
        mail = self.mails.get(due.mail_id) if due.mail_id else None
        if mail is not None:
            return of_mail(mail.people, mail.unnamed, self.readers.get(mail.pk, []))
        link = self.links.get(due.link_id) if due.link_id else None
        return of_link(link.address if link else "")


def visits(dues: Sequence[Due], words: Words | None = None) -> dict[uuid.UUID, Visit]:
    """Each alert in words, by its id; without those of which nothing is left to tell."""
    rows = Rows(dues, words)
    found = {due.pk: _visit(due, rows) for due in dues}
    return {key: visit for key, visit in found.items() if visit is not None}


def _vote(due: Due, row: Vote, rows: Rows) -> Visit:
    """An answer to a survey as it is now, with what was written to it."""
    message = rows.messages.get(row.of) if row.of else None
    return Visit(
        who=rows.who(due),
        what=message.name if message else rows.templates.get(row.of, "") if row.of else "",
        of=rows.campaigns.get(row.campaign, "") if row.campaign else "",
        links=(),
        last=row.at,
        sure="",
        score=100,
        why="",
        campaign=ids.outside("campaign", row.campaign) if row.campaign else "",
        hits=(),
        answer=said(row.voted),
        comment=row.comment,
    )


def _visit(due: Due, rows: Rows) -> Visit | None:
    if due.vote is not None:
        row, mail = rows.votes.get(due.vote), rows.mails.get(due.mail_id) if due.mail_id else None
        there = row is not None and row.pick is not None and mail is not None and not mail.quiet
        return _vote(due, row, rows) if there and row is not None else None
    hits = sorted((rows.hits[key] for key in rows.told[due.pk] if key in rows.hits), key=lambda hit: hit.at)
    if not hits:
        return None
    surest = max(hits, key=lambda hit: hit.score or 0)
    campaign = next((hit.campaign for hit in hits if hit.campaign), None)
    link = rows.links.get(due.link_id) if due.link_id else None
    return Visit(
        who=rows.who(due),
        what=link.name or link.target if link else _what(hits, rows),
        of=rows.campaigns.get(campaign, "") if campaign else "",
        links=tuple(_clicked(hits, link, rows)),
        last=hits[-1].at,
        sure=sure(surest.score or 0),
        score=surest.score or 0,
        why=because(surest.reasons),
        campaign=ids.outside("campaign", campaign) if campaign else "",
        hits=tuple(hits),
    )


def _what(hits: Sequence[Hit], rows: Rows) -> str:
    """The names of the messages and templates whose links these are."""
    names = []
    for hit in hits:
        message = rows.messages.get(hit.of) if hit.of else None
        name = message.name if message else rows.templates.get(hit.of, "") if hit.of else ""
        names.append(name)
    return ", ".join(dict.fromkeys(name for name in names if name))


def _clicked(hits: Sequence[Hit], link: Link | None, rows: Rows) -> Iterable[Clicked]:
    by_link: dict[tuple[uuid.UUID | None, int, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        by_link[hit.of, hit.number, hit.target].append(hit)
    for (of, number, target), some in by_link.items():
        message = rows.messages.get(of) if of else None
        words = link.name if link and link.name else rows.words.of(message, number, target)
        yield Clicked(words, target, len(some), some[-1].at)


def sure(score: int) -> str:
    """How sure it is that a person clicked, as a sentence."""
    if score >= CERTAIN:
        return _("It was almost certainly a person.")
    return _("It was very likely a person.") if score >= FAIRLY else _("It may have been a person.")
