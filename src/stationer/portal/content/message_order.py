"""Messages of a company file within their campaign: what each is called, and in which order they stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from stationer.pick.company.file import CampaignEntry, MessageEntry
from stationer.portal.content.models import Campaign, Message


def key_of(campaign: CampaignEntry, message: MessageEntry) -> str:
    """What a message is called within its campaign."""
    return message.id.removeprefix(f"{campaign.id}/")


def order_of(known: Mapping[Any, Message]) -> dict[uuid.UUID, list[str]]:
    """The messages of each campaign, as they stand."""
    found: dict[uuid.UUID, list[str]] = {}
    for of, key in known:
        found.setdefault(of, []).append(key)
    return found


def is_moved(campaign: Campaign, entry: CampaignEntry, order: Mapping[uuid.UUID, list[str]]) -> bool:
    """Whether the file has the messages in another order than they would stand in by themselves, new ones last."""
    wanted = [key_of(entry, message) for message in entry.messages]
    there = [key for key in order.get(campaign.pk, ()) if key in wanted]
    return [*there, *(key for key in wanted if key not in there)] != wanted
