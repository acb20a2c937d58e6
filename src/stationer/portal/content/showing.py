"""From a draft to what stands in the preview: the same `compose` that makes the mail, with plain link targets."""

from __future__ import annotations

from collections.abc import Iterable

from stationer.compose import Problem, complete, fill, press
from stationer.portal.content.pictures import pictures
from stationer.portal.content.letter import Shown
from stationer.portal.content.models import Message, Template
from stationer.portal.people.models import Member
from stationer.wire.rules import Senders
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot, Variant


def problems(source: Source, kind: Kind, slot: Slot) -> tuple[Problem, ...]:
    """What must be mended before this can be published."""
    return press(source, kind=kind, slot=slot, pictures=pictures()).problems


def block(source: Source, kind: Kind, slot: Slot, attributes: dict[str, str]) -> list[Shown]:
    """The block for a person; nothing while the source cannot be pressed."""
    content = press(source, kind=kind, slot=slot, pictures=pictures()).content
    if content is None:
        return []
    html, text = complete(fill(content, attributes, name="preview"))
    return [Shown(slot, html, text)]


def facts_of(member: Member) -> dict[str, str]:
    """What fields are filled from: the member's attributes, and the address (as the roll says it)."""
    return {"address": member.address, "email": member.address} | {str(k): str(v) for k, v in member.attributes.items()}


def of_template(row: Template, variant: Variant, member: Member) -> list[Shown]:
    """The blocks of a template in one variant."""
    sources: Iterable[tuple[Slot, Source]] = row.wire_parts().get(variant, {}).items()
    return [shown for slot, source in sources for shown in block(source, "template", slot, facts_of(member))]


def of_message(row: Message, variant: Variant, member: Member) -> list[Shown]:
    """The block of a message, where it is shown in this variant."""
    if variant not in row.variants:
        return []
    return block(row.wire_source(), "message", row.slot, facts_of(member))  # type: ignore[arg-type]


def stationery_for(member: Member, variant: Variant) -> list[Shown]:
    """The first template, in the order in which they are asked, whose senders include this member."""
    groups = set(member.groups.values_list("name", flat=True))
    for row in Template.objects.all():
        rule = row.wire_rule()
        if row.fallback or _among(rule.senders, member, groups) and not (
            rule.except_senders and _among(rule.except_senders, member, groups)
        ):
            return of_template(row, variant, member)
    return []


def _among(senders: Senders, member: Member, groups: set[str]) -> bool:
    if not (senders.addresses or senders.groups or senders.packages):
        return True
    return (
        member.address in senders.addresses
        or bool(groups & set(senders.groups))
        or member.package.name in senders.packages
    )
