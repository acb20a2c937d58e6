"""Starters: block forms to begin with, each for one thing that somebody wants to do. Their words are examples.

A starter holds in mail programs as any block form does (tests/portal/test_starters.py looks at each). What it begins
in a PEN wears the PEN's colour; its example addresses stay behind, so that nothing can be published that leads
nowhere; its drawings, made here, are taken into the PEN's pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

import msgspec
from django.utils.translation import gettext as _

from stationer.compose import KINDS
from stationer.portal.content import starting
from stationer.portal.content.starting import EXAMPLE
from stationer.wire.source import Element, Source
from stationer.wire.words import Kind, Slot


@dataclass(frozen=True)
class Starter:
    """`label` says what one wants to do with it. `pictures` are its drawings by the name it calls them."""

    kind: Kind
    slot: Slot
    label: Callable[[], str]
    hint: Callable[[], str]
    source: Callable[[], Source]
    pictures: tuple[str, ...] = ()

    def begun(self, colour: str) -> Source:
        """What a PEN begins with: in its colour (empty: the starter's), without example addresses."""
        source = self.source()
        elements = tuple(Element(one.kind, dict(_own(one.kind, one.values))) for one in source.listed)
        values = source.values | ({"colour": colour} if colour else {})
        return msgspec.structs.replace(source, values=values, elements=elements)


def _own(kind: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The values without the example addresses; where something else would stand instead, it is left empty."""
    for name, value in values.items():
        field = KINDS[kind].field(name)
        if not value.startswith(EXAMPLE):
            yield name, value
        elif field is not None and field.otherwise:
            yield name, ""


def drawing(name: str) -> bytes:
    """One of our own drawings. Raises FileNotFoundError."""
    return files("stationer.portal.site").joinpath("static", "starters", f"{name}.png").read_bytes()


STARTERS: dict[str, Starter] = {
    "portrait": Starter(
        "template",
        "signature",
        lambda: _("Show who writes, with a portrait"),
        lambda: _("Photo, name, role, every way to reach them. Without a photo the words stand alone."),
        starting.portrait,
    ),
    "rules": Starter(
        "template",
        "signature",
        lambda: _("Show who writes, without pictures"),
        lambda: _("Two hairlines and good letters: looks the same everywhere."),
        starting.rules,
    ),
    "reply": Starter(
        "template",
        "signature",
        lambda: _("Sign replies in two lines"),
        lambda: _("Name, role and telephone beside a bar of your colour."),
        starting.reply,
    ),
    "letterhead-rule": Starter(
        "template",
        "top",
        lambda: _("Head the letter with name and rule"),
        lambda: _("Your logo or name above the printer’s double rule."),
        starting.letterhead_rule,
    ),
    "letterhead-band": Starter(
        "template",
        "top",
        lambda: _("Head the letter with a band of colour"),
        lambda: _("Your name on a strip in your own colour."),
        starting.letterhead_band,
    ),
    "register": Starter(
        "template",
        "footer",
        lambda: _("Say what the law wants"),
        lambda: _("Company, register, directors, address, in small print."),
        starting.register,
    ),
    "confidential": Starter(
        "template",
        "footer",
        lambda: _("Ask for discretion, kindly"),
        lambda: _("One sentence for mail that reached the wrong person."),
        starting.confidential,
    ),
    "invitation": Starter(
        "message",
        "banner",
        lambda: _("Invite to something"),
        lambda: _("What, when and where, and one button."),
        starting.invitation,
    ),
    "news": Starter(
        "message",
        "banner",
        lambda: _("Tell news with a picture"),
        lambda: _("A picture over the whole width, a heading, two sentences, a link."),
        starting.news,
        ("paper",),
    ),
    "opinion": Starter(
        "message",
        "banner",
        lambda: _("Ask what people think"),
        lambda: _("One question and three answers; one press is the whole answer."),
        starting.opinion,
    ),
    "season": Starter(
        "message",
        "banner",
        lambda: _("Say when you are closed"),
        lambda: _("Season’s greetings with your opening times."),
        starting.season,
        ("winter",),
    ),
    "holiday": Starter(
        "message",
        "banner",
        lambda: _("Say that somebody is away"),
        lambda: _("Until when, and whom to turn to meanwhile."),
        starting.holiday,
    ),
    "services": Starter(
        "message",
        "banner",
        lambda: _("Show two or three things side by side"),
        lambda: _("Columns with a heading, a sentence and a link each."),
        starting.services,
    ),
    "vacancy": Starter(
        "message",
        "banner",
        lambda: _("Look for new colleagues"),
        lambda: _("A strong field of colour, for what should not be overlooked."),
        starting.vacancy,
    ),
}


def starters(kind: Kind, slot: str = "") -> dict[str, Starter]:
    """Those of a kind, and of a place if it is told."""
    return {
        name: one for name, one in STARTERS.items() if one.kind == kind and (not slot or one.slot == slot)
    }
