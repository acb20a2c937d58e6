"""What a brand colour becomes in a block: ink, tint and what can be read upon it, with contrast kept by computation.

Contrast is that of WCAG 2.2 (relative luminance); text reaches 4.5 : 1.
"""

from __future__ import annotations

import re

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
Rgb = tuple[int, int, int]


def is_colour(text: str) -> bool:
    """Whether it is `#` and six hexadecimal digits, the one way of writing a colour that every mail client knows."""
    return bool(_COLOUR.fullmatch(text))


def shades(text: str) -> dict[str, str]:
    """From `#rrggbb`: the colour itself (``), `on` (text upon it), `link` (the colour as text on white or on its
    tint), `tint` (a pale ground of it) and `ink` (dark text on that ground)."""
    colour = _read(text)
    tint = mix(colour, _WHITE, 0.93)
    return {
        "": _write(colour),
        "on": _write(_WHITE if contrast(colour, _WHITE) >= 4.5 else _towards(colour, _BLACK, colour)),
        "link": _write(_towards(colour, _BLACK, tint)),
        "tint": _write(tint),
        "ink": _write(_towards(mix(colour, (24, 24, 24), 0.6), _BLACK, tint, 9.0)),
    }


def palette(text: str, ground: str) -> dict[str, str]:
    """From `#rrggbb` and a ground (`none`, `pale`, `grey`, `full`): all colours of a block that stands on it.

    `paper` is the ground itself (empty: that of the mail), `ink` and `quiet` are texts on it, `link_colour` a link,
    `accent` what is drawn on it in the brand's colour, `line` a quiet rule, `button` and `button_on` a button and its
    words, `box` and `box_ink` a field to press.
    """
    own = shades(text)
    if own["on"] != _write(_WHITE):
        own[""], own["on"] = _apart(_read(text))
    brand = {"button": own[""], "button_on": own["on"], "box": own["tint"], "box_ink": own["ink"]}
    if ground == "full":
        on, line = own["on"], _write(mix(_read(text), _read(own["on"]), 0.5))
        turned = {"button": on, "button_on": own[""], "box": own[""], "box_ink": on}
        return {
            "paper": own[""],
            "ink": on,
            "quiet": on,
            "link_colour": on,
            "accent": on,
            "line": line,
        } | turned
    paper = {"none": _WHITE, "pale": _read(own["tint"]), "grey": (244, 244, 242)}[ground]
    link, quiet = _towards(_read(text), _BLACK, paper), _towards((90, 100, 112), _BLACK, paper)
    drawn = _towards(_read(text), _BLACK, paper, 3.0)  # WCAG 2.2 §1.4.11
    said = {"link_colour": _write(link), "quiet": _write(quiet), "accent": _write(drawn), "line": "#b9bec6"}
    if ground == "pale":
        return {"paper": own["tint"], "ink": own["ink"], **said, **brand, "box": "#ffffff"}
    return {"paper": "" if ground == "none" else _write(paper), "ink": "#23303f", **said, **brand}


def _apart(colour: Rgb) -> tuple[str, str]:
    """A bright colour and dark words on it, so far apart that a program which turns both keeps them apart; one that
    is too dark for that is deepened until white can be read on it."""
    on = _towards(colour, _BLACK, colour, 9.0)
    if contrast(on, colour) >= 9.0:
        return _write(colour), _write(on)
    return _write(_towards(colour, _BLACK, _WHITE)), _write(_WHITE)


def _read(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _write(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(colour: Rgb, other: Rgb, share: float) -> Rgb:
    """So much of the other in the one."""
    mixed = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return next(mixed), next(mixed), next(mixed)


def _luminance(colour: Rgb) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """How far apart two colours are, 1 to 21 (WCAG 2.2, contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _towards(colour: Rgb, end: Rgb, ground: Rgb, wanted: float = 4.5) -> Rgb:
    """The first mix of `colour` with `end` that can be read on `ground`."""
    mixes = (mix(colour, end, step / 20) for step in range(21))
    return next((mixed for mixed in mixes if contrast(mixed, ground) >= wanted), end)
