"""Which campaigns come before this one: said on its page, since its preview shows it alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from stationer.portal.content.models import Campaign
from stationer.portal.content.sentence import any_of, short
from stationer.portal.content.standing import has_ended
from stationer.portal.publishing.changes import Rows
from stationer.wire.rules import Rule


def rivals(campaign: Campaign, rows: Rows, now: datetime) -> list[Campaign]:
    """Live campaigns of higher rank with a message for the same place of the same mails (contract/pick.md §1)."""
    places: dict[uuid.UUID, set[tuple[str, str]]] = {}
    for text in rows.messages:
        places.setdefault(text.campaign_id, set()).update((variant, text.slot) for variant in text.variants)
    wanted = places.get(campaign.pk, set())
    return [
        row
        for row in rows.live()
        if row.priority > campaign.priority
        and places.get(row.pk, set()) & wanted
        and not has_ended(row, now)
        and _meet(row.wire_rule(), campaign.wire_rule())
    ]


def _meet(one: Rule, other: Rule) -> bool:
    """Whether a mail may suit both: not one that goes inside and one that goes outside."""
    sides = {one.to.side, other.to.side} - {"anyone"}
    return len(sides) < 2


def said(campaign: Campaign, rows: Rows, now: datetime) -> str:
    """One sentence about them; empty where there are none."""
    names = [_("“{name}”").format(name=row.name) for row in rivals(campaign, rows, now)]
    if not names:
        return ""
    sentence = _("In mails that {names} also suits, that one comes first (its rank is higher).")
    return sentence.format(names=any_of(short(names)))
