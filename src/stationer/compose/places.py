"""Places to fill: `{{attribute}}` in what people write, and the stand-ins that carry them through foreign parsers.

A stand-in is a word of letters and digits that occurs nowhere in the source, so MJML, CSS and HTML parsers pass it
on as it is; afterwards it is found again and becomes a `Field`, a condition or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stationer.wire.content import Field, Target

PLACE = re.compile(r"\{\{\s*+([#/]?)\s*+((?:[^{}|\s]++|\s++(?![|}]))*)\s*+(?:\|([^{}]*+))?\}\}")
#: What to do about an address that leads nowhere, or to two places.
WHOLE = "Write the whole address as it stands in the browser, such as https://www.acme.example/page."
_NAME = re.compile(r"[A-Za-z][\w.-]*")


class Needs(NamedTuple):
    """A condition: at least one of these attributes is filled. None: always; empty: never."""

    names: frozenset[str] | None


class Begin(NamedTuple):
    """A section of a text twin opens."""

    needs: Needs


class End(NamedTuple):
    """A section closes."""


class Nothing(NamedTuple):
    """A value that its author left empty: like an attribute that nobody ever fills."""


class Link(NamedTuple):
    """A link in a text twin."""

    target: Target


Place = Field | Needs | Begin | End | Nothing | Link


class Stand:
    """The stand-ins of one source."""

    def __init__(self, source: str) -> None:
        number = 0
        while f"zq{number}x" in source.lower():
            number += 1
        self._start = f"zq{number}x"
        self._places: list[Place] = []
        self._word = re.compile(rf"{self._start}(\d+)z")

    def put(self, place: Place) -> str:
        """The word that stands for `place`."""
        self._places.append(place)
        return f"{self._start}{len(self._places) - 1}z"

    def split(self, text: str) -> list[str | Place]:
        """The text with its stand-ins turned back; no empty strings."""
        parts = self._word.split(text)
        found: list[str | Place] = [self._places[int(p)] if n % 2 else p for n, p in enumerate(parts)]
        return [part for part in found if part != ""]


def in_text(text: str) -> Iterator[str | tuple[str, str, str]]:
    """What a person wrote: plain stretches, and places as (mark `#`, `/` or empty, name, otherwise)."""
    at = 0
    for match in PLACE.finditer(text):
        if match.start() > at:
            yield text[at : match.start()]
        yield match[1], match[2], (match[3] or "").strip()
        at = match.end()
    if at < len(text):
        yield text[at:]


def is_name(text: str) -> bool:
    """Whether an attribute may be called so."""
    return bool(_NAME.fullmatch(text))


def attributes(text: str) -> Needs:
    """What a value needs to be there at all: always (it has words or a fallback), or one of its attributes."""
    names: set[str] = set()
    for part in in_text(text):
        if isinstance(part, str):
            continue
        if part[2]:
            return Needs(None)
        names.add(part[1])
    return Needs(frozenset(names) if names or not text.strip() else None)


def target(text: str) -> Target:
    """A link's address: plain, or pieces of which a field in front is a whole address and others are parts."""
    parts: list[str | Field] = []
    for part in in_text(text.strip()):
        if isinstance(part, str):
            parts.append(part)
        elif not part[0]:
            parts.append(Field(part[1], part[2], "part" if parts else "address"))
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else tuple(parts)
