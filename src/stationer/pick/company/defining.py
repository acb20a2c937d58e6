"""define: a company file with its contents pressed becomes the input of compile."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from stationer.pick.company.file import CampaignEntry, CompanyFile, TemplateEntry, message_place
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Definition, Message, Template


def define(
    company: CompanyFile,
    contents: Mapping[str, Content],
    lists: Mapping[str, tuple[str, ...]],
    mark_key: bytes = b"",
) -> Definition:
    """`contents` by `Piece.where`; `lists` are those that stand in files. A file alone has no secret to key its
    marks by, so its PEN's id stands in; a portal gives its own."""
    return Definition(
        pen=company.pen.id,
        name=company.pen.name,
        domains=company.pen.domains,
        mark_key=mark_key or sha256(b"stationer company file\0" + company.pen.id.encode()).digest(),
        templates=tuple(_template(template, contents) for template in company.templates),
        campaigns=tuple(_campaign(campaign, contents) for campaign in company.campaigns if campaign.shown),
        management=company.management,
        lists={name: lists.get(name, entry.addresses) for name, entry in company.lists.items()},
        calendars=company.calendars,
    )


def _template(entry: TemplateEntry, contents: Mapping[str, Content]) -> Template:
    parts = {
        variant: tuple(contents[f"templates/{entry.id}/{variant}/{slot}"] for slot in slots)
        for variant, slots in entry.parts.items()
    }
    return Template(entry.id, entry.name, entry.rule, parts, entry.priority, entry.fallback)


def _campaign(entry: CampaignEntry, contents: Mapping[str, Content]) -> Campaign:
    messages = []
    for message in entry.messages:
        content = contents[message_place(entry.id, message.id)]
        messages.append(Message(message.id, message.name, content, message.variants, message.weight))
    return Campaign(
        id=entry.id,
        name=entry.name,
        rule=entry.rule,
        messages=tuple(messages),
        priority=entry.priority,
        holdout=entry.holdout,
        caps=entry.caps,
        cool_down_h=entry.cool_down_h,
        sequence=entry.sequence,
        stop_after_click=entry.stop_after_click,
    )
