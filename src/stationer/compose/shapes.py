"""Shapes: ready-made designs with fields to fill in. One folder each under `shapes/` (contract/content.md §3).

They are package data, read once when the module is imported; this is the one file access of the craft.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Literal

import msgspec

from stationer.wire.words import Kind, Slot


class ShapeField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value the author gives. `otherwise` is used when it is left out; a picture is fitted into `box` pixels."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    kind: Literal["text", "lines", "link", "picture", "colour", "mjml"] = "text"
    otherwise: str = ""
    box: tuple[int, int] = (600, 600)


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A design: what it is for, where it usually stands, its fields, and its two templates."""

    kind: Kind
    slot: Slot
    label: str
    hint: str
    fields: tuple[ShapeField, ...]
    html: str = ""
    twin: str = ""

    def field(self, name: str) -> ShapeField | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def _read() -> dict[str, Shape]:
    found = {}
    folders = files("stationer.compose").joinpath("shapes").iterdir()
    shapes = (folder for folder in folders if folder.joinpath("shape.json").is_file())
    for folder in sorted(shapes, key=lambda entry: entry.name):
        described = msgspec.json.decode(folder.joinpath("shape.json").read_bytes(), type=Shape)
        html, twin = (_text(folder.joinpath(name)) for name in ("shape.html", "twin.txt"))
        lines = (line.strip() for line in html.splitlines())  # line ends and indents are for whoever edits it
        found[folder.name] = msgspec.structs.replace(described, html="".join(lines), twin=twin.rstrip("\n"))
    return found


def _text(file: Traversable) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


SHAPES = MappingProxyType(_read())
