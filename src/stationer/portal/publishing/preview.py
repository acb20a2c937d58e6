"""What a mail would look like: drafts pressed, filled for a member and completed by the functions that the edge and
the agent use, put round an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import msgspec

from stationer.compose import complete, fill, press, sketch
from stationer.portal.access.roll import person
from stationer.portal.content.models import Message, Template
from stationer.portal.content.pictures import pictures
from stationer.portal.people.models import Member
from stationer.portal.publishing.defining import field_label
from stationer.wire.content import Content
from stationer.wire.problem import Problem
from stationer.wire.source import Source
from stationer.wire.words import SLOTS, Kind, Slot, Variant

EXAMPLE = {
    "new": ("Hello Carol,\n\nthank you for your call. The offer is attached.\n\nKind regards", ""),
    "reply": (
        "Hello Carol,\n\nTuesday at ten suits us well.\n\nKind regards",
        "Could we meet on Tuesday at ten?",
    ),
    "forward": ("Please see below.", "Could we meet on Tuesday at ten?"),
}
QUOTE_LINE = {
    "reply": "On Monday, Carol Nance wrote:",
    "forward": "---------- Forwarded message ----------",
}


class Part(msgspec.Struct, frozen=True):
    """One block as it would stand in the mail."""

    slot: Slot
    kind: Kind
    html: str
    text: str


class Preview(msgspec.Struct, frozen=True):
    """An example mail with its blocks. `html` is a whole document; `problems` say what could not be shown."""

    parts: list[Part]
    html: str
    text: str
    problems: list[Problem]


def preview(
    member: Member,
    variant: Variant,
    *,
    template: Template | None = None,
    messages: Iterable[Message] = (),
    attributes: Mapping[str, str] | None = None,
) -> Preview:
    """The drafts on this member's mail, or on that of somebody who has these attributes instead. Rows need not be
    saved, and messages are shown whatever their campaign."""
    attributes = person(member).attributes if attributes is None else attributes
    parts: list[Part] = []
    problems: list[Problem] = []
    for kind, slot, source in _sources(variant, template, tuple(messages)):
        html, text = complete(fill(_pressed(kind, slot, source, problems), attributes, name="preview"))
        parts.append(Part(slot, kind, html, text))
    return Preview(parts, _html(parts, variant), _text(parts, variant), problems)


def _sources(
    variant: Variant, template: Template | None, messages: tuple[Message, ...]
) -> Iterable[tuple[Kind, Slot, Source]]:
    slots = template.wire_parts().get(variant, {}) if template is not None else {}
    for slot in SLOTS:
        if slot in slots:
            yield "template", slot, slots[slot]
        for message in messages:
            if message.slot == slot and variant in message.variants:
                yield "message", slot, message.wire_source()


def _pressed(kind: Kind, slot: Slot, source: Source, problems: list[Problem]) -> Content:
    pressed = press(source, kind=kind, slot=slot, pictures=pictures())
    for problem in pressed.problems:
        where = ", ".join(word for word in (slot, field_label(source, problem.where)) if word)
        problems.append(msgspec.structs.replace(problem, where=where))
    if pressed.content is None:  # what is unfinished is shown as far as it goes
        return sketch(source, kind=kind, slot=slot, pictures=pictures())
    return pressed.content


def _html(parts: list[Part], variant: Variant) -> str:
    words, quoted = EXAMPLE[variant]
    written = "".join(f"<p>{escape(line)}</p>" for line in words.split("\n\n"))
    quote = (
        f"<p>{escape(QUOTE_LINE[variant])}</p><blockquote><p>{escape(quoted)}</p></blockquote>"
        if quoted
        else ""
    )
    above = "".join(part.html for part in parts if part.slot == "top")
    below = "".join(part.html for part in parts if part.slot != "top")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
        f'<body style="margin:16px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5">'
        f"{above}{written}{below}{quote}</body></html>"
    )


def _text(parts: list[Part], variant: Variant) -> str:
    words, quoted = EXAMPLE[variant]
    quote = f"{QUOTE_LINE[variant]}\n> {quoted}" if quoted else ""
    above = [part.text for part in parts if part.slot == "top"]
    below = [part.text for part in parts if part.slot != "top"]
    return "\n\n".join(text for text in (*above, words, *below, quote) if text) + "\n"
