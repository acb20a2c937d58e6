"""Hits that a person made → the event `visit.human`, in the transaction that judged them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from stationer.portal.alerts.hearing import Around, look_around
from stationer.portal.alerts.wording import Words
from stationer.portal.content.models import Campaign, Message
from stationer.portal.hooks import events
from stationer.portal.statistics.models import Hit
from stationer.portal.statistics.privacy.outs import followed
from stationer.portal.statistics.visiting.who import Visitor, of_link, of_mail
from stationer.wire import ids


def hear(hits: Sequence[Hit], **_: Any) -> None:
    """The listener of `statistics.signals.judged`."""
    if events.wanted("visit.human"):
        events.emit_many("visit.human", told(hits))


def told(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The data of each event (contract/hooks.md §3)."""
    around, words = look_around(hits), Words()
    hits = followed(hits, around.mails, around.links)
    messages = {row.pk: row for row in Message.objects.filter(pk__in={hit.of for hit in hits if hit.of})}
    wanted = {hit.campaign for hit in hits if hit.campaign}
    campaigns = dict(Campaign.objects.filter(pk__in=wanted).values_list("pk", "name"))
    found = []
    for hit in hits:
        message = messages.get(hit.of) if hit.of else None
        said = words.of(message, hit.number, hit.target)
        found.append(
            {
                "hit": ids.outside("hit", hit.pk),
                "mail": ids.outside("mail", hit.mail_id) if hit.mail_id else None,
                "visitor": events.visitor(_who(hit, around)),
                "campaign": _campaign(hit, campaigns),
                "message": events.named(
                    "message", hit.of if message else None, message.name if message else ""
                ),
                "link": {"words": said, "url": hit.target},
                "at": events.stamp(hit.at),
                "score": hit.score or 0,
            }
        )
    return found


def _who(hit: Hit, around: Around) -> Visitor:
    mail = around.mails.get(hit.mail_id) if hit.mail_id else None
    if mail is not None:
        return of_mail(mail.people, mail.unnamed, around.readers.get(mail.pk, []))
    link = around.links.get(hit.link_id) if hit.link_id else None
    return of_link(link.address if link else "")


def _campaign(hit: Hit, names: dict[uuid.UUID, str]) -> dict[str, str] | None:
    return events.named("campaign", hit.campaign, names.get(hit.campaign, "")) if hit.campaign else None
