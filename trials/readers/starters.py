"""The portal's starters as mails: each as its office would begin with it, on a short mail of Ann's."""

from __future__ import annotations

import os
from dataclasses import dataclass

import django

from stationer.compose import complete, fill, measure, press
from stationer.portal.content.starters import STARTERS, drawing
from stationer.stamp import Block, Order
from stationer.wire.source import Picture
from trials.readers.letterhead import Letterhead
from trials.readers.letters import PAGE, PLAIN, WORDS, Letter
from trials.stamping.mails import html_mail

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")  # for the words of starters

#: Somebody of whom everything is known.
PERSON = {
    "name": "Ann Example", "title": "Architect", "company": "Example & Sons", "phone": "+44 1632 960001",
    "mobile": "+44 7700 900001", "email": "ann@example.com", "website": "https://www.example.com/",
    "postal": "1 Example Street", "department": "Planning",
}  # fmt: skip


@dataclass(frozen=True)
class Begun(Letter):
    """A mail that carries one starter and nothing else."""

    starter: str = ""

    def order(self, letterhead: Letterhead, pictures: str) -> Order:
        """The starter, pressed and filled as a snapshot has it."""
        one = STARTERS[self.starter]
        named = {
            name: Picture(f"{pictures}{name}.png", shot.width, shot.height)
            for name in one.pictures
            for shot in [measure(drawing(name))]
            if shot is not None
        }
        pressed = press(one.source(), kind=one.kind, slot=one.slot, pictures=named)
        assert pressed.content, pressed.problems
        html, text = complete(fill(pressed.content, PERSON, name="n"))
        return Order(f"starter-{self.starter}", (Block(one.slot, html, text),))


def starters() -> list[Letter]:
    """A mail for each, anew."""
    django.setup()  # their words are the portal's
    return [
        Begun(f"starter-{name}", html_mail("Appointment", PAGE, PLAIN), WORDS, starter=name)
        for name in STARTERS
    ]


def drawings() -> dict[str, bytes]:
    """The pictures of all starters, by the name under which their mails link them."""
    return {f"{name}.png": drawing(name) for one in STARTERS.values() for name in one.pictures}
