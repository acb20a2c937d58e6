"""Colours as mail programs read them, and what becomes of them where a program turns a mail dark by itself.

A mail is read as it was written, and turned dark in four ways: all lightness turned round and the hues kept, as
Outlook for Windows and Gmail for iOS do; light grounds and dark inks alone turned, as Outlook.com and Gmail for Android
do; the same with grounds of middling lightness left as they are, such as an orange button's; and by the filter that our
own dark view and many add-ons use. No program publishes how it reckons: these are models. Contrast is that of WCAG 2.2.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stationer.compose.colours import Rgb, contrast, mix

#: The names that every mail program knows.
_NAMES = {
    "aqua": "00ffff", "black": "000000", "blue": "0000ff", "brown": "a52a2a", "crimson": "dc143c", "cyan": "00ffff",
    "darkblue": "00008b", "darkgray": "a9a9a9", "darkgreen": "006400", "darkgrey": "a9a9a9", "darkred": "8b0000",
    "fuchsia": "ff00ff", "gold": "ffd700", "gray": "808080", "green": "008000", "grey": "808080", "indigo": "4b0082",
    "ivory": "fffff0", "lightblue": "add8e6", "lightgray": "d3d3d3", "lightgrey": "d3d3d3", "lime": "00ff00",
    "magenta": "ff00ff", "maroon": "800000", "navy": "000080", "olive": "808000", "orange": "ffa500",
    "pink": "ffc0cb", "purple": "800080", "red": "ff0000", "silver": "c0c0c0", "teal": "008080", "white": "ffffff",
    "whitesmoke": "f5f5f5", "yellow": "ffff00",
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
#: A number as CSS writes it, of as many digits as anybody needs.
NUMBER = r"(?:[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})"
_NUMBERS = re.compile(
    rf"(rgb|hsl)a?\(\s*+({NUMBER})(?:deg)?[\s,]++({NUMBER})%?[\s,]++({NUMBER})%?(?:\s*+[,/]\s*+({NUMBER})(%?))?\s*+\)",
    re.IGNORECASE,
)
WHITE: Rgb = (255, 255, 255)
#: What white becomes (lightness of CIELAB, as a share); where light grounds begin, and where those surely do.
_DARKEST, _HALF, _LIGHT = 0.13, 50.0, 70.0
#: Contrast that is asked for: as written (of big letters less), and where a program turned the colours.
LIGHT, BIG, DARK = 4.5, 3.0, 2.5


def colour_of(value: str) -> Rgb | None:
    """The colour that a value names; None where it names none, or one that cannot be computed."""
    value = value.strip().lower()
    value = f"#{_NAMES[value]}" if value in _NAMES else value
    if found := _HEX.fullmatch(value):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * one for one in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _NUMBERS.fullmatch(value):
        return _numbers(found)
    return None


def _numbers(found: re.Match[str]) -> Rgb:
    one, two, three = (float(found[n]) for n in (2, 3, 4))
    colour = (
        _of_hue(one, two / 100, three / 100)
        if found[1].lower() == "hsl"
        else (_byte(one), _byte(two), _byte(three))
    )
    if found[5] is None:
        return colour
    alpha = float(found[5]) / (100 if found[6] else 1)
    return mix(colour, WHITE, 1 - min(1.0, alpha))


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))


def _of_hue(hue: float, saturation: float, light: float) -> Rgb:
    """CSS Color Module Level 4 §7."""

    def part(n: int) -> int:
        k = (n + hue / 30) % 12
        return _byte(255 * (light - saturation * min(light, 1 - light) * max(-1, min(k - 3, 9 - k, 1))))

    return part(0), part(8), part(4)


def hexed(value: str) -> str:
    """A colour as `#` and six digits, with what shines through mixed upon white; empty where it is not known."""
    found = colour_of(value)
    return written(found) if found else ""


def written(colour: Rgb) -> str:
    """`#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def turned(colour: Rgb) -> Rgb:
    """The colour with its lightness turned round and its hue kept, in CIELAB: white becomes a dark grey, black white.
    What a screen cannot show is cut off."""
    light, a, b = _lab(colour)
    return _rgb(100 - (1 - _DARKEST) * light, a, b)


def _lab(colour: Rgb) -> tuple[float, float, float]:
    """CIELAB of an sRGB colour, white point D65 (CIE 15:2018, IEC 61966-2-1)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in colour)
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _rgb(light: float, a: float, b: float) -> Rgb:
    fy = (light + 16) / 116
    x, y, z = (t**3 if t > 0.20689 else (t - 16 / 116) / 7.787 for t in (fy + a / 500, fy, fy - b / 200))
    x, z = x * 0.9505, z * 1.089
    red, green, blue = (
        _byte(255 * (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055))
        for c in (
            max(0.0, 3.2406 * x - 1.5372 * y - 0.4986 * z),
            max(0.0, -0.9689 * x + 1.8758 * y + 0.0415 * z),
            max(0.0, 0.0557 * x - 0.2040 * y + 1.0570 * z),
        )
    )
    return red, green, blue


def filtered(colour: Rgb) -> Rgb:
    """`invert(0.9) hue-rotate(180deg)` (Filter Effects Level 1 §8), as our dark view shows it."""
    red, green, blue = (0.9 * 255 + c * (0.1 - 0.9) for c in colour)
    rows = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))
    mixed = (_byte(a * red + b * green + c * blue) for a, b, c in rows)
    return next(mixed), next(mixed), next(mixed)


def dark_readings(ink: Rgb, paper: Rgb) -> tuple[tuple[Rgb, Rgb], ...]:
    """Ink and paper in the four ways of turning a mail dark."""
    light = _lab(paper)[0]
    half_ink = turned(ink) if _lab(ink)[0] < _HALF else ink
    half_paper = turned(paper) if light >= _HALF else paper
    left = turned(paper) if light >= _LIGHT else paper
    whole = (turned(ink), turned(paper))
    return whole, (half_ink, half_paper), (half_ink, left), (filtered(ink), filtered(paper))


@lru_cache(4_096)
def darkest(ink: Rgb, paper: Rgb) -> float:
    """The worst contrast of the four."""
    return min(contrast(one, other) for one, other in dark_readings(ink, paper))


@lru_cache(4_096)
def readable(ink: Rgb, paper: Rgb, wanted: float = LIGHT) -> Rgb | None:
    """The ink nearest to this one that can be read on the paper, as written and turned dark; None where none can.
    One that is as clear in the dark goes before one that is just enough there."""
    mixes = [mix(ink, end, step / 20) for step in range(21) for end in ((0, 0, 0), WHITE)]
    clear = [mixed for mixed in mixes if contrast(mixed, paper) >= wanted]
    fitting = (mixed for least in (wanted, DARK) for mixed in clear if darkest(mixed, paper) >= least)
    return next(fitting, None)
