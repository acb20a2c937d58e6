"""From drafts to what stands in the preview: the blocks that publishing would make, and what is wrong with them."""

from __future__ import annotations

from stationer.compose import Problem, press
from stationer.portal.content.letter import Shown
from stationer.portal.content.models import Message, Template
from stationer.portal.content.pictures import pictures
from stationer.portal.people.models import Member
from stationer.portal.publishing.preview import preview
from stationer.wire.rules import Senders
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot, Variant


def problems(source: Source, kind: Kind, slot: Slot) -> tuple[Problem, ...]:
    """What must be mended before this can be published; `where` is the name of the field."""
    return press(source, kind=kind, slot=slot, pictures=pictures()).problems


def shown(
    member: Member, variant: Variant, template: Template | None, messages: tuple[Message, ...] = ()
) -> list[Shown]:
    """The blocks of this template and these messages on the member's mail."""
    parts = preview(member, variant, template=template, messages=messages).parts
    return [Shown(part.slot, part.html, part.text) for part in parts]


def stationery_of(member: Member) -> Template | None:
    """The first template, in the order in which they are asked, whose senders include this member."""
    groups = set(member.groups.values_list("name", flat=True))
    for row in Template.objects.all():
        rule = row.wire_rule()
        but = rule.except_senders
        if row.fallback or (among(rule.senders, member, groups) and not (but and among(but, member, groups))):
            return row
    return None


def among(senders: Senders, member: Member, groups: set[str]) -> bool:
    """Whether a condition on the sender names this member; one without entries names everyone."""
    if not (senders.addresses or senders.groups or senders.packages):
        return True
    named = member.address in senders.addresses or member.package.name in senders.packages
    return named or bool(groups & set(senders.groups))
