"""The four parts of a template as people call them, and where each lies in variant → slot → Source.

A short signature serves replies and forwarded mails alike. Where an imported template says something else for
forwarded mails, writing the short signature leaves that alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from django.utils.translation import gettext as _

from stationer.portal.content.models import Template
from stationer.portal.content.valid import Parts
from stationer.wire.source import Source
from stationer.wire.words import Slot, Variant


@dataclass(frozen=True)
class Part:
    """One part: its slot, and the variants of the mail that carry it."""

    slot: Slot
    variants: tuple[Variant, ...]
    name: Callable[[], str]
    hint: Callable[[], str]


PARTS: dict[str, Part] = {
    "signature": Part(
        "signature",
        ("new",),
        lambda: _("Signature"),
        lambda: _("Under new mails: name, role, telephone, everything."),
    ),
    "short-signature": Part(
        "signature",
        ("reply", "forward"),
        lambda: _("Short signature"),
        lambda: _("Under replies and forwarded mails: a line or two."),
    ),
    "letterhead": Part(
        "top",
        ("new",),
        lambda: _("Letterhead"),
        lambda: _("Above the first word of a new mail: a logo, a strip of colour."),
    ),
    "disclaimer": Part(
        "footer",
        ("new", "reply", "forward"),
        lambda: _("Disclaimer"),
        lambda: _("At the very end: what the law or your lawyer wants there."),
    ),
}


def source_of(parts: Parts, part: Part) -> Source | None:
    """What is written for a part, from the first of its variants that has it."""
    for variant in part.variants:
        if part.slot in parts.get(variant, {}):
            return parts[variant][part.slot]
    return None


def with_part(parts: Parts, part: Part, source: Source | None) -> Parts:
    """The parts with this one written anew, or taken out (None)."""
    before = source_of(parts, part)
    changed: Parts = {variant: dict(slots) for variant, slots in parts.items()}
    for variant in part.variants:
        slots = changed.setdefault(variant, {})
        if part.slot in slots and slots[part.slot] != before:
            continue  # something else on purpose
        if source is None:
            slots.pop(part.slot, None)
        else:
            slots[part.slot] = source
    return {variant: slots for variant, slots in changed.items() if slots}


def put(row: Template, part: Part, source: Source | None) -> None:
    """Write one part into the row, or take it out (None); the other parts stay as they are. Nothing is saved here."""
    row.parts = msgspec.to_builtins(with_part(row.wire_parts(), part, source))
