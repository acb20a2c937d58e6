"""At Publish: which contents ask what, so that it is known still when they are shown no more."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from stationer.pick import Compiled
from stationer.portal.statistics.addressing import inside
from stationer.portal.surveys.models import Question
from stationer.wire import base32
from stationer.wire.content import Asks


def note(compiled: Compiled, at: datetime) -> None:
    """Write down the questions of a snapshot of the PEN in scope that were not asked before `at`."""
    rows = [
        Question(
            content=base32.decode(digest)[:6].hex(),
            campaign=campaign,
            of=of,
            scale=asks.scale,
            question=asks.question,
            words=list(asks.words),
            asked_at=at,
        )
        for digest, campaign, of, asks in _asking(compiled)
    ]
    if rows:
        Question.objects.bulk_create(rows, ignore_conflicts=True)


def _asking(compiled: Compiled) -> Iterator[tuple[str, uuid.UUID | None, uuid.UUID, Asks]]:
    """Content, campaign, message or template, question."""
    asking = {digest: one.asks for digest, one in compiled.contents.items() if isinstance(one.asks, Asks)}
    if not asking:
        return
    for offer in compiled.campaigns:
        campaign = inside("campaign", offer.id)
        for message in offer.messages:
            of = inside("message", message.id)
            if message.content in asking and of is not None:
                yield message.content, campaign, of, asking[message.content]
    for template in compiled.templates:
        of = inside("template", template.id)
        for part in {part.content for parts in template.parts.values() for part in parts}:
            if part in asking and of is not None:
                yield part, None, of, asking[part]
