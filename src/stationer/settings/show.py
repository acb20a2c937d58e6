"""Settings as a person or a program reads them, with secrets masked, and the page of all settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from stationer.settings.leaves import LEAVES, Leaf
from stationer.settings.load import Loaded

MASK = "•••"
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):([^@]*)@")


class Row(msgspec.Struct, frozen=True):
    """One line of `stationer settings`."""

    name: str
    value: Any
    origin: str
    variable: str


def masked(leaf: Leaf, value: Any) -> Any:
    """The value fit to print: a secret is a mask, a URL's password is."""
    if not value or not leaf.secret:
        return str(value) if isinstance(value, Path) else value
    return _PASSWORD.sub(rf"\1:{MASK}@", value) if leaf.extra["secret"] == "url" else MASK


def rows(loaded: Loaded) -> list[Row]:
    """Every setting in force."""
    return [
        Row(name, masked(leaf, loaded.values[name]), loaded.origins[name], leaf.variable)
        for name, leaf in LEAVES.items()
    ]


def table(loaded: Loaded) -> str:
    """Name, value and origin, in columns."""
    lines = [(row.name, _written(row.value), row.origin) for row in rows(loaded)]
    wide = [max(len(line[column]) for line in lines) for column in (0, 1)]
    return "\n".join(f"{name:<{wide[0]}}  {value:<{wide[1]}}  {origin}" for name, value, origin in lines)


def _written(value: Any) -> str:
    if value in ("", ()):
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _form(leaf: Leaf) -> str:
    if get_origin(leaf.plain) is Literal:
        return " · ".join(str(word) for word in get_args(leaf.plain))
    names = {Path: "path", int: "number", bool: "true · false", str: "text"}
    return names.get(leaf.plain, "list of texts")


def _default(leaf: Leaf) -> str:
    if "under" in leaf.extra:
        return f"`{{data}}/{leaf.extra['under']}`"
    value = leaf.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value not in ("", ()) else "empty"


def page() -> str:
    """The table rows of contract/settings.md, in Markdown."""
    lines = ["| setting | form | default | what it is |", "|---|---|---|---|"]
    for leaf in LEAVES.values():
        secret = " Secret." if leaf.secret else ""
        lines.append(f"| `{leaf.name}` | {_form(leaf)} | {_default(leaf)} | {leaf.description}{secret} |")
    return "\n".join(lines) + "\n"
