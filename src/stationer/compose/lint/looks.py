"""What a source declares about looks, held against what mail programs lack, and Word's engine most of all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from stationer.compose.cleaning import stays
from stationer.compose.lint.findings import Edit
from stationer.compose.lint.inks import NUMBER, hexed
from stationer.compose.lint.page import Page
from stationer.compose.lint.tags import Declared

#: Property → fact, where the fact is not called `css-` and the property.
_FACTS = {
    "bottom": "css-left-right-top-bottom", "left": "css-left-right-top-bottom", "right": "css-left-right-top-bottom",
    "top": "css-left-right-top-bottom", "inset": "css-left-right-top-bottom", "column-gap": "css-gap",
    "row-gap": "css-gap", "grid-template-columns": "css-grid-template", "grid-template-rows": "css-grid-template",
    "grid-template-areas": "css-grid-template", "animation-name": "css-animation",
    "animation-duration": "css-animation", "flex": "css-display-flex", "flex-wrap": "css-display-flex",
}  # fmt: skip
#: Properties that say nothing to a reader where they are missing.
_HARMLESS = re.compile(
    r"box-sizing|cursor|-?[a-z]*-?user-select|border-(?:collapse|spacing)|outline-offset|content|src|page.*"
)
#: Elements whose padding Word does not know.
_UNPADDED = {
    "p",
    "div",
    "span",
    "a",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "center",
}
_BLOCKS = _UNPADDED - {"span", "a"}
_ALONE = re.compile(r"^(\d{1,4})px$")
_GENERIC = re.compile(
    r"(?:^|,)\s*(?:serif|sans-serif|monospace|cursive|fantasy|system-ui)\s*$", re.IGNORECASE
)
_INSTALLED = {
    "arial", "calibri", "courier new", "georgia", "helvetica", "segoe ui", "tahoma", "times new roman", "trebuchet ms",
    "verdana", "inherit", "initial",
}  # fmt: skip
_SHORTHAND = re.compile(
    r"(?P<style>italic\s+)?(?P<weight>(?:bold|normal|\d00)\s+)?(?P<size>\d+px)(?:\s*/\s*(?P<line>[\w.%]+))?\s+(?P<family>.+)"
)
SMALLEST = 12
#: Nobody's style is longer; of one that is, this is looked through for each of its declarations.
MOST_BESIDE = 2_000
#: A number that is all of a number: a search that begins within one would look at it again and again.
_NUMBER = rf"(?<![\w.]){NUMBER}"


def check_looks(page: Page, looks: Iterable[Declared]) -> None:
    """All declarations of a source."""
    for one in looks:
        for check in _CHECKS:
            check(page, one)


def _gone(page: Page, one: Declared) -> Edit:
    """The declaration taken away."""
    return page.edit(one.begin, one.done, "")


def _written(page: Page, one: Declared, value: str) -> Edit:
    return page.edit(one.start, one.end, value)


def _beside(one: Declared) -> str:
    """All of the style that it stands in."""
    return one.tag.get("style")[:MOST_BESIDE] if one.tag else ""


def _dropped(page: Page, one: Declared) -> None:
    """What is taken out of a block, since too many programs lack it."""
    if one.css and not stays(one.prop) and not _HARMLESS.fullmatch(one.prop):
        fact = _FACTS.get(one.prop, f"css-{one.prop}")
        page.say("css-dropped", one.begin + _blank(page, one), _gone(page, one), fact=fact, prop=one.prop)


def _blank(page: Page, one: Declared) -> int:
    """How many blanks stand before it."""
    text = page.text[one.begin : one.done]
    return len(text) - len(text.lstrip())


def _layout(page: Page, one: Declared) -> None:
    kind = one.value.lower()
    if one.prop == "display" and kind in ("flex", "inline-flex", "grid", "inline-grid"):
        fact = "css-display-grid" if "grid" in kind else "css-display-flex"
        page.say("css-layout", one.start, _gone(page, one), fact=fact, value=kind)


def _max_width(page: Page, one: Declared) -> None:
    pixels = _ALONE.match(one.value)
    if (
        one.css
        and one.prop == "max-width"
        and pixels
        and one.tag
        and not one.tag.get("width")
        and one.tag.name != "img"
    ):
        place = one.tag.place
        edits = [page.edit(place, place, f' width="{pixels[1]}"')] if one.tag.name in ("table", "td") else []
        page.say("max-width", one.start, *edits, width=pixels[1])


def _width_alone(page: Page, one: Declared) -> None:
    pixels = _ALONE.match(one.value)
    here = one.tag is not None and one.tag.name in ("table", "td", "th") and not one.tag.get("width")
    if one.css and one.prop == "width" and pixels and here and one.tag:
        place = one.tag.place
        page.say("width-alone", one.start, page.edit(place, place, f' width="{pixels[1]}"'), width=pixels[1])


def _corners(page: Page, one: Declared) -> None:
    if one.prop in ("border-radius", "inner-border-radius") and re.search(r"[1-9]", one.value):
        page.say("corners", one.start, _written(page, one, "0"))


def _padding(page: Page, one: Declared) -> None:
    if not (one.css and one.prop.startswith("padding") and one.tag and one.tag.name in _UNPADDED):
        return
    if not re.search(r"[1-9]", one.value):
        return
    plain = one.tag.name in _BLOCKS and not re.search(r"\b(?:background|border|margin)", _beside(one))
    at = one.begin + _blank(page, one)
    edits = [page.edit(at, at + len("padding"), "margin")] if plain else []
    page.say("padding-ignored", at, *edits, tag=one.tag.name)


def _margins(page: Page, one: Declared) -> None:
    if one.css and one.prop.startswith("margin") and re.search(r"(?:^|\s)-\d", one.value):
        page.say("margin-negative", one.start, _gone(page, one))
    if (
        one.css
        and one.prop.startswith("margin")
        and "auto" in one.value
        and one.tag
        and not one.tag.get("align")
    ):
        place = one.tag.place
        edits = [page.edit(place, place, ' align="center"')] if one.tag.name == "table" else []
        page.say("margin-auto", one.start, *edits)


def _shorthand(page: Page, one: Declared) -> None:
    found = _SHORTHAND.fullmatch(" ".join(one.value.split())) if one.prop == "font" and one.css else None
    if one.prop != "font" or not one.css:
        return
    edits = []
    if found and one.tag is not None:
        said = {"font-style": found["style"], "font-weight": found["weight"], "font-size": found["size"]}
        said |= {"line-height": found["line"], "font-family": found["family"]}
        exact = (found["line"] or "").endswith("px") and "mso-line-height-rule" not in _beside(one)
        said |= {"mso-line-height-rule": "exactly" if exact else None}
        whole = ";".join(f"{prop}:{value.strip()}" for prop, value in said.items() if value)
        single = page.text[one.tag.attributes["style"].start - 1] == "'"
        quotes = single and '"' in whole
        edits = [] if quotes else [page.edit(one.begin, one.done, whole.replace('"', "'") + ";")]
    page.say("font-shorthand", one.start, *edits)


def _line_height(page: Page, one: Declared) -> None:
    if not (one.css and one.prop == "line-height" and one.tag) or "mso-line-height-rule" in _beside(one):
        return
    size = re.search(r"font-size\s*+:\s*+(\d{1,4})px", _beside(one))
    share = re.fullmatch(rf"({NUMBER})(em|%)?", one.value)
    pixels = _ALONE.match(one.value)
    value = ""
    if pixels and int(pixels[1]):
        value = one.value
    elif share and size and float(share[1]):
        factor = float(share[1]) / (100 if share[2] == "%" else 1)
        value = f"{round(int(size[1]) * factor)}px"
    edits = (
        [page.edit(one.begin, one.done, f"line-height:{value};mso-line-height-rule:exactly;")]
        if value
        else []
    )
    if not re.fullmatch(r"0(?:px)?|normal", one.value):
        page.say("line-height", one.start, *edits)


def _colour(page: Page, one: Declared) -> None:
    found = re.search(
        r"(?:rgba|hsla?|lch|oklch|lab|oklab|color-mix|color|light-dark)\([^)]{0,200}\)", one.value, re.I
    )
    if found is None:
        return
    fact = "css-rgba" if found[0].lower().startswith(("rgba", "hsl")) else "css-modern-color"
    colour = hexed(found[0])
    edits = [_written(page, one, one.value.replace(found[0], colour))] if colour else []
    page.say("colour-unknown", one.start, *edits, fact=fact, value=found[0], colour=colour)


def _units(page: Page, one: Declared) -> None:
    unit = re.search(rf"{_NUMBER}(rem|vw|vh)\b", one.value)
    if unit is None:
        return
    turned = re.sub(rf"({_NUMBER})rem\b", lambda m: f"{round(float(m[1]) * 16)}px", one.value)
    edits = (
        [_written(page, one, turned)] if turned != one.value and not re.search(r"\dv[wh]\b", turned) else []
    )
    page.say("unit-unknown", one.start, *edits, fact=f"css-unit-{unit[1]}", unit=unit[1])


def _functions(page: Page, one: Declared) -> None:
    found = re.search(r"(var|calc|min|max|clamp)\(", one.value)
    if found is None:
        return
    otherwise = re.fullmatch(r"var\([^,()]*,\s*+([^()]++)\)", one.value.strip())
    fact = "css-variables" if found[1] == "var" else "css-unit-calc"
    edits = [_written(page, one, otherwise[1].strip())] if otherwise else []
    page.say("value-unknown", one.start, *edits, fact=fact, value=f"{found[1]}()")


def _important(page: Page, one: Declared) -> None:
    if found := re.search(r"(?<!\s)\s*+!\s*+important", one.value, re.I):
        page.say("important", one.start, _written(page, one, one.value.replace(found[0], "")))


def _family(page: Page, one: Declared) -> None:
    if one.prop != "font-family" or _GENERIC.search(one.value.replace("!important", "")):
        return
    families = {name.strip(" '\"").lower() for name in one.value.split(",")}
    if families & _INSTALLED:
        return
    raw = page.text[one.start : one.end]
    page.say(
        "font-fallback",
        one.start,
        _written(page, one, f"{raw}, Arial, Helvetica, sans-serif"),
        family=one.value,
    )


def _small(page: Page, one: Declared) -> None:
    pixels = re.fullmatch(r"(\d{1,4})(?:\.\d+)?px", one.value)
    if one.prop == "font-size" and pixels and 1 < int(pixels[1]) < SMALLEST:
        said = {"size": pixels[1], "least": str(SMALLEST)}
        page.say("font-small", one.start, _written(page, one, f"{SMALLEST}px"), **said)


def _hidden(page: Page, one: Declared) -> None:
    said = f"{one.prop}:{one.value}".lower().replace(" ", "")
    if one.css and re.fullmatch(
        r"display:none|visibility:hidden|font-size:[01](?:px)?|opacity:0|mso-hide:all|max-height:0(?:px)?",
        said,
    ):
        page.say("words-hidden", one.start, _gone(page, one), value=said)


def _unwrapped(page: Page, one: Declared) -> None:
    if (
        one.css
        and one.prop == "white-space"
        and one.value.lower() in ("nowrap", "pre")
        and one.tag is not None
    ):
        words = re.sub(r"<[^>]*(?:>|\Z)|\{\{[^{}]*\}\}", "", page.text[one.tag.end : one.tag.inner]).strip()
        if len(words) > 40:
            page.say("nowrap", one.start, _gone(page, one), length=str(len(words)))


def _behind(page: Page, one: Declared) -> None:
    if one.prop == "background-url" or (one.prop.startswith("background") and "url(" in one.value.lower()):
        page.say("picture-behind", one.start, _gone(page, one))
    elif "gradient(" in one.value.lower():
        page.say("css-dropped", one.start, _gone(page, one), fact="css-linear-gradient", prop=one.prop)


_CHECKS: tuple[Callable[[Page, Declared], None], ...] = (
    _dropped, _layout, _max_width, _width_alone, _corners, _padding, _margins, _shorthand, _line_height, _colour,
    _units, _functions, _important, _family, _small, _hidden, _unwrapped, _behind,
)  # fmt: skip
