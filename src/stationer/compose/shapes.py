"""Shapes: ready-made designs with fields to fill in, one folder each under `shapes/` (contract/content.md §4); and
the kinds of elements that the shape `form` is put together from, under `elements/` (§7).

They are package data, read once when the module is imported; this is the one file access of the craft.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Literal, TypeVar

import msgspec

from stationer.wire import words


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of a field's choices. `tones` are what templates write for it; `box` is that of the design's pictures."""

    value: str
    label: str
    tones: dict[str, str] = {}
    box: tuple[int, int] | None = None


class ShapeField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value the author gives. `otherwise` is used when it is left out; a picture is fitted into `box` pixels.

    A field with a `part` belongs to that part of its design (a column); one that is `rare` is seldom changed.
    """

    name: str
    label: str
    hint: str = ""
    required: bool = False
    kind: Literal["text", "lines", "link", "picture", "colour", "mjml", "rich", "choice"] = "text"
    otherwise: str = ""
    box: tuple[int, int] = (600, 600)
    options: tuple[Option, ...] = ()
    part: int = 0
    rare: bool = False

    def option(self, value: str) -> Option:
        """The choice of that value; the usual one for anything else."""
        found = next((one for one in self.options if one.value == value), None)
        return found or next(one for one in self.options if one.value == self.otherwise)


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A design: what it is for, where it usually stands, its fields, and its two templates."""

    kind: words.Kind
    slot: words.Slot
    label: str
    hint: str
    fields: tuple[ShapeField, ...]
    html: str = ""
    twin: str = ""

    def field(self, name: str) -> ShapeField | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of element: `space` pixels stand above it, in the twin a blank line where it stands `apart`; one that
    `bleeds` reaches the edges of its ground."""

    label: str
    hint: str
    icon: str
    order: int
    fields: tuple[ShapeField, ...]
    space: int = 10
    bleeds: bool = False
    apart: bool = False
    html: str = ""
    twin: str = ""

    def field(self, name: str) -> ShapeField | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


Design = TypeVar("Design", Shape, Kind)


def _read(folder: str, described_in: str, design: type[Design]) -> dict[str, Design]:
    found = {}
    folders = files("stationer.compose").joinpath(folder).iterdir()
    designs = (folder for folder in folders if folder.joinpath(described_in).is_file())
    for entry in sorted(designs, key=lambda entry: entry.name):
        described = msgspec.json.decode(entry.joinpath(described_in).read_bytes(), type=design)
        html, twin = (_text(entry.joinpath(name)) for name in ("shape.html", "twin.txt"))
        lines = (line.strip() for line in html.splitlines())  # line ends and indents are for whoever edits it
        found[entry.name] = msgspec.structs.replace(described, html="".join(lines), twin=twin.rstrip("\n"))
    return found


def _text(file: Traversable) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


SHAPES = MappingProxyType(_read("shapes", "shape.json", Shape))
KINDS = MappingProxyType(_read("elements", "element.json", Kind))
