"""Which declarations of foreign CSS stay: an allow-list of properties, and of what a value may be made of.

Nothing that fetches (`url()`, `image-set()`, `@import`), that lies over something else (`position`, `transform`,
`opacity`, a margin below nothing) or that reads something (`attr()`, `var()`, `env()`) is on it.
"""

from __future__ import annotations

import re

_SIDE = r"(?:-(?:top|right|bottom|left))?"
_EDGE = rf"{_SIDE}(?:-(?:color|style|width))?"
_PROPERTY = re.compile(
    rf"(?:background(?:-color)?|border{_EDGE}|border-(?:collapse|radius|spacing)|caption-side|clear|color|direction|"
    r"display|empty-cells|float|font(?:-(?:family|size|style|variant|weight))?|height|letter-spacing|line-height|"
    rf"list-style(?:-(?:position|type))?|margin{_SIDE}|max-(?:height|width)|min-(?:height|width)|"
    rf"overflow-wrap|padding{_SIDE}|table-layout|text-(?:align|decoration|indent|transform)|unicode-bidi|"
    r"vertical-align|white-space|width|word-(?:break|spacing|wrap))"
).fullmatch
_VALUE = re.compile(r"""[\w\s#%.,()'"!+-]*""").fullmatch
_CALL = re.compile(r"([\w-]*)\s*\(")
_COLOURS = {"rgb", "rgba", "hsl", "hsla"}
_BELOW_NOTHING = re.compile(r"-\s*[\d.]")
_QUOTED = re.compile(r"""'[^'"]*'|"[^'"]*\"""")
_INK = re.compile(r"(?:color|background(?:-color)?)").fullmatch
#: Characters of one `style` attribute that are read; the rest of a longer one is left out with all of it.
MOST = 10_000


def declarations(style: str) -> list[tuple[str, str]]:
    """What stays of a `style` attribute: properties in lower case with their values."""
    if len(style) > MOST:
        return []
    pairs = (declaration.partition(":") for declaration in style.split(";"))
    return [(name, value.strip()) for prop, _, value in pairs if stays(name := prop.strip().lower(), value)]


def stays(prop: str, value: str) -> bool:
    """Whether this declaration stays. A value with an escape, a comment or an unpaired quote never does."""
    if not value.strip() or not _PROPERTY(prop) or not _VALUE(value):
        return False
    bare = _QUOTED.sub("", value)
    if "'" in bare or '"' in bare or bare.count("(") != bare.count(")"):
        return False
    return set(map(str.lower, _CALL.findall(value))) <= _COLOURS and not _BELOW_NOTHING.search(bare)


def is_ink(prop: str) -> bool:
    """Whether this property sets a colour that the page behind it should know of."""
    return bool(_INK(prop))


def written(pairs: list[tuple[str, str]]) -> str:
    """The declarations as a `style` attribute has them."""
    return "; ".join(f"{prop}: {value}" for prop, value in pairs)
