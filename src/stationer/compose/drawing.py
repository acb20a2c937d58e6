"""A shape and its author's values become HTML and a text twin with stand-ins; every wrong value becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from stationer.compose import rich
from stationer.compose.colours import is_colour, shades
from stationer.compose.pictures import fit
from stationer.compose.places import (
    PLACE,
    WHOLE,
    Begin,
    End,
    Link,
    Needs,
    Nothing,
    Stand,
    attributes,
    in_text,
    is_name,
    target,
)
from stationer.compose.shapes import Kind, Shape, ShapeField
from stationer.links import fault
from stationer.wire.content import Field
from stationer.wire.problem import Problem
from stationer.wire.source import Picture, Source

_NEEDS = re.compile(r'data-(needs|lacks|is)="([^"]*)"')
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


class Drawn(NamedTuple):
    """HTML and text, with stand-ins."""

    html: str
    text: str


def draw(
    shape: Shape, source: Source, pictures: Mapping[str, Picture], stand: Stand, problems: list[Problem]
) -> Drawn:
    """The shape's two templates with the author's values in them."""
    if source.listed:
        what, advice = "This shape has no elements.", "Take them away, or use the shape 'form'."
        problems.append(Problem("elements", what, advice))
    return Sheet(shape, source.values, pictures, stand, problems).drawn()


def values_of(design: Shape | Kind, given: Mapping[str, str]) -> dict[str, str]:
    """Every field's value: as given, or what stands there otherwise."""
    return {field.name: _value(field, given) for field in design.fields}


def _value(field: ShapeField, given: Mapping[str, str]) -> str:
    value = given.get(field.name)
    if value is None or (field.kind in ("colour", "choice") and not value.strip()):
        return field.otherwise
    return value.strip()


def _unknown(name: str, known: Mapping[str, str]) -> Problem:
    near = get_close_matches(name, known, 1)
    advice = f"Did you mean {near[0]!r}?" if near else f"It has: {', '.join(known)}."
    return Problem(name, f"This shape has no field {name!r}.", advice)


def check(field: ShapeField, value: str, pictures: Mapping[str, Picture]) -> list[Problem]:
    """What is wrong with one value."""
    if not value:
        what = f"{field.label} is missing."
        rule = "picture-without-words" if field.name == "alt" else ""
        return [Problem(field.name, what, field.hint or "Fill it in.", rule=rule)] if field.required else []
    found = places(field.name, value)
    if field.kind == "rich":
        found += rich.check(field.name, value)
    if field.kind == "choice" and all(value != option.value for option in field.options):
        known = [option.value for option in field.options]
        near = get_close_matches(value, known, 1)
        advice = f"Did you mean {near[0]!r}?" if near else f"Write one of: {', '.join(known)}."
        found.append(Problem(field.name, f"{value!r} is not one of the choices.", advice))
    if field.kind == "link" and not value.startswith((*_SCHEMES, "{{")):
        what = f"{value!r} is not a link."
        found.append(Problem(field.name, what, "Begin it with https://, mailto: or tel:."))
    elif field.kind == "link" and not found and (what := fault(target(value))):
        found.append(Problem(field.name, what, WHOLE))
    if field.kind == "colour" and not is_colour(value):
        what = f"{value!r} is not a colour that every mail program knows."
        found.append(Problem(field.name, what, "Write # and six digits, such as #0e6e73."))
    if field.kind == "picture" and value not in pictures and not value.startswith(("https://", "{{")):
        near = get_close_matches(value, pictures, 1)
        advice = (
            f"Did you mean {near[0]!r}?" if near else "Add the picture, or give an address with https://."
        )
        found.append(Problem(field.name, f"There is no picture {value!r}.", advice))
    return found


def places(where: str, text: str, sections: bool = False) -> list[Problem]:
    """What is wrong with the `{{…}}` of a text, each with its line."""
    found = []
    for match in PLACE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        names = match[2].split() if match[1] else [match[2]]
        if match[1] and not sections:
            what = f"{match[0]} belongs into a text twin alone."
            found.append(Problem(where, what, 'In MJML write <span data-needs="…">.', line))
        elif not all(map(is_name, names)) or not (names or match[1] == "/"):
            what = f"{match[0]} does not name an attribute."
            found.append(Problem(where, what, "Write {{name}} or {{name|otherwise}}.", line))
    rest = PLACE.sub(lambda match: "\n" * match[0].count("\n"), text)
    if "{{" in rest:
        line = rest[: rest.index("{{")].count("\n") + 1
        found.append(Problem(where, "A {{ is never closed.", "Write }} after the attribute's name.", line))
    return found


class Sheet:
    """One design, one set of values: writes the places of either template.

    `tones` are what else templates may write, as it is: colours and widths that belong to no field. Pictures are no
    wider than `widest`.
    """

    def __init__(
        self,
        design: Shape | Kind,
        given: Mapping[str, str],
        pictures: Mapping[str, Picture],
        stand: Stand,
        problems: list[Problem],
        tones: Mapping[str, str] = MappingProxyType({}),
        widest: int = 600,
    ) -> None:
        self._design, self._pictures, self._stand, self._tones = design, pictures, stand, tones
        self._values, self._widest = values_of(design, given), widest
        problems.extend(_unknown(name, self._values) for name in given if name not in self._values)
        for field in design.fields:
            problems.extend(check(field, self._values[field.name], pictures))

    def drawn(self) -> Drawn:
        """Both templates with the values in them."""
        html = self.write(_NEEDS.sub(self.needs, self._design.html), self.html)
        return Drawn(html, self.write(self._design.twin, self.text))

    def write(self, template: str, put: Callable[[ShapeField, str, str], str]) -> str:
        """The template with `put(field, value, derived)` in every place, and sections as stand-ins."""
        found = []
        for part in in_text(template):
            if isinstance(part, str):
                found.append(part)
            elif part[0] == "#":
                found.append(self._stand.put(Begin(self._condition(part[1]))))
            elif part[0] == "/":
                found.append(self._stand.put(End()))
            else:
                name, _, derived = part[1].partition(".")
                field = self._design.field(name)
                found.append(put(field, self._values[name], derived) if field else self._tones[part[1]])
        return "".join(found)

    def needs(self, match: re.Match[str]) -> str:
        """`data-needs` with the design's fields → the attributes behind them; `data-lacks`: the author gave none;
        `data-is`: the author chose this."""
        if match[1] == "is":
            name, _, wanted = match[2].partition(" ")
            return f'data-needs="{self._stand.put(Needs(None if self._values[name] == wanted else frozenset()))}"'
        needs = self._condition(match[2])
        if match[1] == "lacks":
            needs = Needs(None) if needs.names == frozenset() else Needs(frozenset())
        return f'data-needs="{self._stand.put(needs)}"'

    def _condition(self, names: str) -> Needs:
        found: set[str] = set()
        for name in names.split():
            value = self._values[name]
            if not value:
                continue
            needs = attributes(value).names
            if needs is None:
                return Needs(None)
            found |= needs
        return Needs(frozenset(found))

    def html(self, field: ShapeField, value: str, derived: str) -> str:
        """A value where the HTML template wants it."""
        if field.kind == "colour":
            return shades(value if is_colour(value) else field.otherwise)[derived]
        if field.kind == "choice":
            option = field.option(value)
            return option.tones[derived] if derived else option.value
        if field.kind == "picture" and value:
            return self._picture(field, value, derived)
        if not value:
            return self._stand.put(Nothing())
        if derived == "host":
            return self._mark(value) + fields(host(value), self._stand, escape, "host")
        if field.kind == "link":
            return fields(value, self._stand, escape)
        if field.kind == "rich":
            return self._mark(value) + rich.html(
                fields(value, self._stand, escape), self._tones["link_colour"]
            )
        lines = value.splitlines() if field.kind == "lines" else [" ".join(value.split())]
        return self._mark(value) + "<br>".join(fields(line, self._stand, escape) for line in lines)

    def text(self, field: ShapeField, value: str, derived: str) -> str:
        """A value where the text template wants it."""
        if not value or field.kind in ("picture", "colour", "choice"):
            return self._stand.put(Nothing())
        if field.kind == "rich":
            return self._mark(value) + rich.text(value, self._linked, self._words)
        if field.kind == "link":
            return self._linked(value)
        words = value if field.kind == "lines" else " ".join(value.split())
        return self._mark(value) + fields(words, self._stand, str)

    def _linked(self, address: str) -> str:
        """A link's address in a twin: to be followed, or, where it is no web address, to be read."""
        if not address.lower().startswith(("mailto:", "tel:")):
            return self._stand.put(Link(target(address)))
        return self._mark(address) + self._words(host(address))

    def _words(self, text: str) -> str:
        return fields(text, self._stand, str)

    def _mark(self, value: str) -> str:
        """A value that is always there keeps its line."""
        return self._stand.put(Needs(None)) if attributes(value).names is None else ""

    def _picture(self, field: ShapeField, value: str, derived: str) -> str:
        picture = self._pictures.get(value)
        options = (one.option(self._values[one.name]) for one in self._design.fields if one.options)
        box = next((option.box for option in options if option.box), field.box)
        box = min(box[0], self._widest), box[1]
        width, height = fit(picture.width, picture.height, *box) if picture else (box[0], 0)
        if derived == "width":
            return str(width)
        if derived == "height":
            return str(height or "auto")
        return fields(picture.url if picture else value, self._stand, escape)


def fields(text: str, stand: Stand, write: Callable[[str], str], form: str = "text") -> str:
    """What a person wrote, with its words written by `write` and its attributes as stand-ins."""
    found = []
    for part in in_text(text):
        if isinstance(part, str):
            found.append(write(part))
        elif not part[0]:
            found.append(stand.put(Field(part[1], part[2], "host" if form == "host" else "text")))
    return "".join(found)


def host(address: str) -> str:
    """A web address as people read it: `https://www.acme.example/` → `www.acme.example`."""
    bare = re.sub(r"^(https?://|mailto:|tel:)", "", address, flags=re.IGNORECASE)
    return bare.rstrip("/") or address
