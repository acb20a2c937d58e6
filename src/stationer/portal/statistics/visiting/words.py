"""A hit in words: who it was (no more than is known), what was followed, and how sure it is, with every reason."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.people.models import Member
from stationer.portal.statistics.models import Addressee, Hit
from stationer.portal.statistics.tokens import DECOY
from stationer.portal.statistics.visiting.reasons import reasons_of
from stationer.portal.statistics.visiting.who import of_link, of_mail
from stationer.portal.visits.words import Page, pages
from stationer.wire import ids


@dataclass
class Visit:
    """One hit as a page shows it. `visitor` is the id of the visitor's own page, where one person is known.

    `among`: the addresses of which it was one. `weight` of a reason below nothing speaks for a program. `then`: what
    was looked at on the company's own site after it."""

    row: Hit
    who: str
    visitor: str
    among: list[str]
    what: str
    campaign: str
    campaign_id: str
    sender: str
    sure: str
    kind: str
    reasons: list[tuple[int, str]] = field(default_factory=list)
    then: list[Page] = field(default_factory=list)

    @property
    def id(self) -> str:
        """`hit_…`"""
        return ids.outside("hit", self.row.pk)

    @property
    def at(self) -> datetime:
        """When it was."""
        return self.row.at

    @property
    def page(self) -> str:
        """The web page it led to, for reading: without `https://` and its query."""
        parts = urlsplit(self.row.target)
        return f"{parts.netloc}{parts.path}".rstrip("/")


def visits(rows: QuerySet[Hit] | Sequence[Hit]) -> list[Visit]:
    """These hits in words, with few queries however many there are."""
    found = list(rows)
    prefetch_related_objects(found, "mail__addressees", "link")
    names, then = Names(found), pages(row.pk for row in found)
    return [_visit(row, names, then.get(row.pk, [])) for row in found]


class Names:
    """What the campaigns, messages, templates and senders of some hits are called."""

    def __init__(self, rows: Iterable[Hit]) -> None:
        rows = list(rows)
        of = {row.of for row in rows if row.of}
        self.campaigns = _names(Campaign.objects.filter(pk__in={r.campaign for r in rows if r.campaign}))
        self.of = _names(Message.objects.filter(pk__in=of)) | _names(Template.objects.filter(pk__in=of))
        senders = {row.mail.sender_id for row in rows if row.mail and row.mail.sender_id}
        senders |= {row.link.owner_id for row in rows if row.link and row.link.owner_id}
        self.senders = {row.pk: row.name for row in Member.objects.filter(pk__in=senders)}


def _names(rows: QuerySet[Campaign] | QuerySet[Message] | QuerySet[Template]) -> dict[uuid.UUID, str]:
    return dict(rows.values_list("pk", "name"))


def _visit(row: Hit, names: Names, then: list[Page]) -> Visit:
    people = list(row.mail.addressees.all()) if row.mail else []
    who, visitor = _who(row, people)
    sender = (row.mail.sender_id if row.mail else None) or (row.link.owner_id if row.link else None)
    campaign = names.campaigns.get(row.campaign, "") if row.campaign else ""
    return Visit(
        row,
        who,
        visitor,
        sorted({one.address for one in people}) if len(people) > 1 else [],
        _what(row, names),
        campaign,
        ids.outside("campaign", row.campaign) if row.campaign else "",
        names.senders.get(sender, "") if sender else "",
        *_sure(row),
        reasons_of(row.reasons),
        then,
    )


# ── who ──


def who_of(row: Hit) -> str:
    """Who it was, in one phrase: an address, or one of so many."""
    return _who(row, list(row.mail.addressees.all()) if row.mail else [])[0]


def _who(row: Hit, people: Sequence[Addressee]) -> tuple[str, str]:
    if row.link is not None:
        return of_link(row.link.address).said, ""
    if row.mail is None:
        return _("a reader of a mail that is not known yet"), ""
    found = of_mail(max(row.mail.people, len(people)), row.mail.unnamed, [one.address for one in people])
    one = row.mail.people <= 1 and len(people) == 1 and not row.mail.unnamed
    return found.said, ids.outside("addressee", people[0].pk) if one else ""


def _what(row: Hit, names: Names) -> str:
    if row.link is not None:
        return row.link.name or row.link.target
    if row.number == DECOY:
        return _("a link that no reader can see")
    if row.of in names.of:
        return names.of[row.of]
    return _("something that is no more") if row.of else _("a mail that is not known yet")


# ── how sure ──


def _sure(row: Hit) -> tuple[str, str]:
    """In words, and the kind of its badge."""
    if row.score is None:
        return _("being looked at"), "waiting"
    if row.human:
        return (_("surely a person"), "good") if row.score >= 80 else (_("probably a person"), "good")
    return (_("a program"), "machine") if row.score < 25 else (_("probably a program"), "machine")
