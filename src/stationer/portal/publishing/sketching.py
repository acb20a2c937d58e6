"""A sketch of what drafts say: whom everything is for, with names in the place of contents.

What a pick decides hangs on rules alone, and pressing a thousand contents takes seconds; so whoever asks about rules
asks a sketch. Two contents of a sketch are the same when their sources are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from stationer import pick
from stationer.portal.people.models import Pen
from stationer.portal.publishing.changes import Drafts
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Caps, Definition, Message, Template
from stationer.wire.rules import Rule, Schedule
from stationer.wire.source import Source, Utm
from stationer.wire.words import VARIANTS, Kind, Slot


def sketched(pen: Pen, drafts: Drafts, ageless: str = "") -> pick.Compiled:
    """The drafts compiled, without their contents; the campaign `ageless` as if it had no first and no last day.
    Raises pick.DefinitionErrors."""
    messages: dict[str, dict[str, Any]] = {}
    for key, text in drafts["message"].items():
        messages.setdefault(text["campaign"], {})[key] = text
    settings = Pen(id=pen.pk, **drafts["settings"]["pen"])
    meant = Definition(
        pen=pen.outside_id,
        name=pen.name,
        domains=tuple(settings.domains),
        mark_key=bytes(pen.mark_key),
        templates=tuple(_template(key, one) for key, one in drafts["template"].items()),
        campaigns=tuple(
            _campaign(key, one, messages.get(key, {}), key == ageless)
            for key, one in drafts["campaign"].items()
        ),
        management=settings.management(),
        lists={name: tuple(one["addresses"]) for name, one in drafts["list"].items()},
        calendars={name: tuple(days) for name, days in settings.calendars.items()},
    )
    return pick.compile(meant)


def _template(key: str, said: Mapping[str, Any]) -> Template:
    parts = {
        variant: tuple(_named("template", slot, source) for slot, source in said["parts"][variant].items())
        for variant in VARIANTS
        if variant in said["parts"]
    }
    rule = msgspec.convert(said["rule"], Rule)
    return Template(key, said["name"], rule, parts, said["priority"], said["fallback"])


def _campaign(key: str, said: Mapping[str, Any], messages: Mapping[str, Any], ageless: bool) -> Campaign:
    rule = msgspec.convert(said["rule"], Rule)
    if ageless:
        when = msgspec.structs.replace(rule.when, starts="", ends="")
        rule = msgspec.structs.replace(rule, when=Schedule() if when == Schedule(zone=when.zone) else when)
    utm = said.get("utm", {})
    return Campaign(
        id=key,
        name=said["name"],
        rule=rule,
        messages=tuple(
            Message(
                id=one,
                name=text["name"],
                content=_named(
                    "message", text["slot"], text["source"], one, utm, text.get("utm_content", "")
                ),
                variants=tuple(variant for variant in VARIANTS if variant in text["variants"]),
                weight=text["weight"],
            )
            for one, text in messages.items()
        ),
        priority=said["priority"],
        holdout=said.get("holdout", 0),
        caps=msgspec.convert(said.get("caps", {}), Caps),
        cool_down_h=said.get("cool_down_h", 0),
        sequence=said.get("sequence", False),
        stop_after_click=said.get("stop_after_click", False),
    )


def _named(kind: Kind, slot: str, *said: Any) -> Content:
    """A content that is its source's name."""
    where: Slot = msgspec.convert(slot, Slot)
    return Content(kind, where, (msgspec.json.encode(said, order="deterministic").decode(),), ())


def source_of(content: Content) -> tuple[Source, dict[str, str]]:
    """The source that a content of a sketch stands for, and what its links say."""
    (name,) = content.html
    source, *about = msgspec.json.decode(str(name))
    utm, word = about[1:] if about else ({}, "")
    return msgspec.convert(source, Source), msgspec.convert(utm, Utm).tags(word)
