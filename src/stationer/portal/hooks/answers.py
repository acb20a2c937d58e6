"""Votes → the event `survey.vote`, in the transaction that made them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from stationer.portal.content.models import Campaign, Message
from stationer.portal.hooks import events
from stationer.portal.surveys.models import Question, Vote
from stationer.portal.surveys.telling import told
from stationer.wire import ids


def hear(votes: Sequence[Vote], **_: Any) -> None:
    """The listener of `surveys.signals.voted`."""
    if events.wanted("survey.vote"):
        events.emit_many("survey.vote", data(votes))


def data(votes: Sequence[Vote]) -> list[dict[str, Any]]:
    """The data of each event (contract/hooks.md §3); none of whoever does not want to be followed."""
    messages = dict(Message.objects.filter(pk__in={v.of for v in votes if v.of}).values_list("pk", "name"))
    wanted = {vote.campaign for vote in votes if vote.campaign}
    campaigns = dict(Campaign.objects.filter(pk__in=wanted).values_list("pk", "name"))
    asked = Question.objects.filter(content__in={vote.content for vote in votes})
    questions = {(row.content, row.scale): row.question for row in asked}
    return [
        {
            "vote": one.row.outside_id,
            "mail": ids.outside("mail", one.mail.pk),
            "visitor": events.visitor(one.who),
            "campaign": events.named("campaign", one.row.campaign, _of(campaigns, one.row.campaign)),
            "message": events.named(
                "message", one.row.of if one.row.campaign else None, _of(messages, one.row.of)
            ),
            "scale": one.row.scale,
            "value": one.row.value,
            "question": questions.get((one.row.content, one.row.scale), ""),
            "comment": one.row.comment,
            "at": events.stamp(one.row.at),
        }
        for one in told(votes)
        if one.mail is not None and not one.mail.quiet
    ]


def _of(names: Mapping[uuid.UUID, str], key: uuid.UUID | None) -> str:
    return names.get(key, "") if key else ""
