"""What a brand colour becomes in a notification, light and dark: contrast kept by computation (WCAG 2.2 §1.4.3)."""

from __future__ import annotations

import re
from typing import NamedTuple

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
Rgb = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
#: The sheet, and the desk under it; each light, dark.
SHEET, DESK = ("#ffffff", "#1d2226"), ("#f3f0ea", "#121518")
WANTED = 4.5


class Inks(NamedTuple):
    """`rule` and the `button` are of the brand; `on` is upon the button, `link` and `name` upon the desk."""

    button: str
    on: str
    link: str


def light(colour: str) -> Inks:
    """For a bright sheet: the colour itself on the button, deepened until white reads on it; and for links."""
    button = _towards(_rgb(colour), BLACK, WHITE)
    return Inks(_hex(button), "#ffffff", _hex(_towards(_rgb(colour), BLACK, _rgb(DESK[0]))))


def dark(colour: str) -> Inks:
    """For a dark sheet: the same button, and links brightened until they read on both grounds."""
    button = _towards(_rgb(colour), BLACK, WHITE)
    return Inks(_hex(button), "#ffffff", _hex(_towards(_rgb(colour), WHITE, _rgb(SHEET[1]), 5.5)))


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, 1 to 21 (WCAG 2.2, contrast ratio)."""
    low, high = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (high + 0.05) / (low + 0.05)


def _towards(colour: Rgb, end: Rgb, ground: Rgb, wanted: float = WANTED) -> Rgb:
    """The first mix with `end` that reads on the ground; `end` itself reads on any ground that is used here."""
    mixes = (_mixed(colour, end, step / 20) for step in range(21))
    return next(mixed for mixed in mixes if contrast(_hex(mixed), _hex(ground)) >= wanted)


def _mixed(colour: Rgb, end: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, end, strict=True))
    return red, green, blue


def _rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _luminance(colour: Rgb) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
