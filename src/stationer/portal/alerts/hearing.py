"""Hits that a person made → due rows, in the transaction that judged them: none is lost, and none is told twice.

What one reader does with one mail within an hour is one alert for each who is told of it; what comes after that
begins another. Nobody is told of their own clicks.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.utils import timezone

from stationer.portal.access.models import Membership
from stationer.portal.alerts import actions, wanting
from stationer.portal.alerts.models import AlertPreference, AlertRule, Due, DueHit
from stationer.portal.people.models import Pen
from stationer.portal.statistics.models import Addressee, Hit, Link, Mail
from stationer.portal.statistics.privacy.outs import followed
from stationer.wire import ids

#: What one reader does with one mail in this time is one alert.
TOGETHER = timedelta(hours=1)


@dataclass
class Around:
    """What stands around some hits of one PEN: mails with sender and readers, links, who the owners are."""

    mails: dict[uuid.UUID, Mail]
    links: dict[uuid.UUID, Link]
    readers: dict[uuid.UUID, list[str]]
    owners: list[str] = field(default_factory=list)


@dataclass
class Wanted:
    """An alert that is to be there: how soon, by which rule, of which hits."""

    pace: str
    rule: AlertRule
    hits: list[Hit]


def hear(hits: Sequence[Hit], **_: Any) -> None:
    """The listener of `statistics.signals.judged`."""
    around = look_around(hits)
    told = followed(hits, around.mails, around.links)
    raise_alerts(hits[0].pen_id, told, around)
    actions.act(hits[0].pen_id, told, around.mails, around.readers)


def look_around(hits: Sequence[Hit]) -> Around:
    """The rows around these hits, in five queries."""
    mail_ids = {hit.mail_id for hit in hits if hit.mail_id}
    link_ids = {hit.link_id for hit in hits if hit.link_id}
    mails = {row.pk: row for row in Mail.objects.filter(pk__in=mail_ids).select_related("sender")}
    links = {row.pk: row for row in Link.objects.filter(pk__in=link_ids).select_related("owner")}
    readers: dict[uuid.UUID, list[str]] = defaultdict(list)
    for mail, address in Addressee.objects.filter(mail_id__in=mail_ids).values_list("mail_id", "address"):
        readers[mail].append(address)
    owners = Membership.objects.filter(role=Membership.Role.OWNER).values_list("member__address", flat=True)
    return Around(mails, links, readers, list(owners))


def raise_alerts(pen_id: uuid.UUID, hits: Sequence[Hit], around: Around) -> None:
    """Write what is due because of these hits."""
    rules = list(AlertRule.objects.exclude(pace=AlertRule.Pace.NEVER))
    if not rules:
        return
    told = [(hit, rule, to) for hit in hits for rule in rules for to in whom(rule, hit, around)]
    wishes = wanting.preferences(to for _, _, to in told)
    wanted: dict[tuple[str, str], Wanted] = {}
    for hit, rule, to in told:
        pace = wanting.pace_for(wishes[to], rule, hit)
        if pace == AlertRule.Pace.NEVER:
            continue
        one = wanted.setdefault((to, key_of(hit, around)), Wanted(pace, rule, []))
        if pace == AlertRule.Pace.ONCE:
            one.pace = pace
        if hit not in one.hits:
            one.hits.append(hit)
    if wanted:
        keep(pen_id, wanted, wishes)


def whom(rule: AlertRule, hit: Hit, around: Around) -> list[str]:
    """The addresses that this rule has told of this hit, in lower case; not the reader's own."""
    if (hit.score or 0) < rule.least or not is_about(rule, hit):
        return []
    link = around.links.get(hit.link_id) if hit.link_id else None
    mail = around.mails.get(hit.mail_id) if hit.mail_id else None
    found: list[str] = []
    if rule.whom == AlertRule.Whom.SENDER:
        member = link.owner if link else mail.sender if mail else None
        found = [member.address] if member else []
    elif rule.whom == AlertRule.Whom.OWNER:
        found = around.owners
    elif rule.address:
        found = [rule.address]
    readers = around.readers.get(hit.mail_id, []) if hit.mail_id else [link.address] if link else []
    alone = readers[0].lower() if len(readers) == 1 else ""
    return [address.lower() for address in found if address.lower() != alone]


def is_about(rule: AlertRule, hit: Hit) -> bool:
    """Whether the rule speaks of such a link."""
    if rule.about == AlertRule.About.SURVEYS:  # heard as votes (`alerts.answers`)
        return False
    if rule.about == AlertRule.About.LINKS:
        return hit.link_id is not None
    if rule.about == AlertRule.About.CAMPAIGNS:
        return hit.campaign is not None and ids.outside("campaign", hit.campaign) in rule.campaigns
    return True


def key_of(hit: Hit, around: Around) -> str:
    """What hits of one reader have in common: the mail's copy; of a link for nobody in particular, also where they
    came from (as a hash: a due row holds no network address)."""
    if hit.mail_id:
        return f"mail:{hit.mail_id}"
    link = around.links.get(hit.link_id) if hit.link_id else None
    if link is not None and link.address:
        return f"link:{link.pk}"
    came = blake2b(hit.address.encode(), digest_size=8, key=hit.pen_id.bytes).hexdigest()
    return f"link:{hit.link_id}:{came}"


def keep(
    pen_id: uuid.UUID, wanted: dict[tuple[str, str], Wanted], wishes: dict[str, AlertPreference]
) -> None:
    """Join each to the alert that is open for it, or begin one."""
    latest = _latest(wanted)
    pen, held, now = Pen.objects.get(pk=pen_id), wanting.terms(), timezone.now()
    fresh: list[Due] = []
    for (to, key), one in wanted.items():
        row, first = latest.get((to, key)), min(hit.at for hit in one.hits)
        if row is not None and _is_open(row, one, first):
            continue
        at = wanting.due_at(one.pace, wishes[to], pen, held, now)
        last = max(hit.at for hit in one.hits)
        fresh.append(
            Due(to=to, key=key, number=row.number + 1 if row else 1, pace=one.pace, rule=one.rule,
                mail_id=one.hits[0].mail_id, link_id=one.hits[0].link_id, first_at=first, last_at=last, due_at=at)
        )  # fmt: skip
    if fresh:
        Due.objects.bulk_create(fresh, ignore_conflicts=True)  # another worker may have begun it this moment
        latest = _latest(wanted)
    _attach(wanted, latest)


def _latest(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Due]:
    """The last alert of each, under lock: whoever tells it waits until the hits are in it, or is done before."""
    to, keys = {to for to, _ in wanted}, {key for _, key in wanted}
    rows = Due.objects.select_for_update().filter(to__in=to, key__in=keys).order_by("number")
    return {(row.to, row.key): row for row in rows}


def _is_open(row: Due, one: Wanted, first: Any) -> bool:
    """Whether these hits belong to that alert: a digest's until it is told, the others for an hour; never to one that
    will not be told."""
    waits = row.state == Due.State.WAITING
    if row.pace == AlertRule.Pace.DIGEST:
        return waits and one.pace == row.pace
    return waits or (row.state == Due.State.DONE and first - row.first_at < TOGETHER)


def _attach(wanted: dict[tuple[str, str], Wanted], latest: dict[tuple[str, str], Due]) -> None:
    pairs = [(latest[who], hit) for who, one in wanted.items() for hit in one.hits]
    DueHit.objects.bulk_create([DueHit(due=row, hit=hit.pk) for row, hit in pairs], ignore_conflicts=True)
    for who, one in wanted.items():
        last = max(hit.at for hit in one.hits)
        if last > latest[who].last_at:
            Due.objects.filter(pk=latest[who].pk).update(last_at=last)
