"""One line of a file → a person as the columns say, or what is wrong with it. Asks no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError

from stationer.portal.people.attributes import proper
from stationer.portal.people.importing.files import Line
from stationer.portal.people.models import Attribute
from stationer.portal.people.valid import MOST_CHARACTERS, normal_address, normal_domain

_PARTS = re.compile(r"[;,|\n]+")
_ADDRESSES = re.compile(r"[\s;,|]+")
#: What spreadsheets take for a formula; `exporting.safe` puts an apostrophe before it.
_GUARDED = re.compile(r"'+[=+\-@]")


class Said(NamedTuple):
    """What a line says. None: the file has no such column, or its cell is empty and empty cells change nothing."""

    line: int
    address: str
    aliases: tuple[str, ...] | None
    attributes: Mapping[str, str]
    cleared: frozenset[str]
    package: str | None
    groups: tuple[str, ...] | None


class Wrong(ValueError):
    """A line that cannot be taken: `code` is a key of importing.telling, `said` what it names."""

    def __init__(self, code: str, **said: str | int) -> None:
        self.code, self.said = code, said
        super().__init__(code)

    def problem(self) -> dict[str, str | int]:
        """As a row keeps it."""
        return {"code": self.code, **self.said}


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    return normal_domain(text)


_SIMPLE = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*")


def address_of(text: str) -> str:
    """`normal_address`, quick for the many that are plain. Raises Wrong."""
    text = text.strip().removeprefix("mailto:")
    local, at, domain = text.rpartition("@")
    try:
        if at and len(local) <= 64 and _SIMPLE.fullmatch(local.lower()):
            return f"{local.lower()}@{_domain(domain)}"
        return normal_address(text)
    except ValidationError:
        raise Wrong("address", value=text[:120]) from None


def cell(text: str) -> str:
    """Without blanks around it, and without the apostrophe that keeps a spreadsheet from reckoning."""
    text = text.strip()
    return text[1:] if _GUARDED.match(text) else text


class Reader:
    """Reads lines by the columns. `known` are the PEN's attributes by name."""

    def __init__(self, columns: Sequence[str], known: Mapping[str, Attribute], *, clear: bool) -> None:
        self.columns, self.known, self.clear = columns, known, clear
        self.place = {target: place for place, target in enumerate(columns) if target}
        self.attributes = [(p, t[2:]) for t, p in self.place.items() if t.startswith("a:")]

    def __call__(self, line: Line) -> Said:
        """Raises Wrong."""
        if not line.whole:
            raise Wrong("quotes")
        if len(line.cells) > len(self.columns) and any(
            one.strip() for one in line.cells[len(self.columns) :]
        ):
            raise Wrong("cells", there=len(line.cells), wanted=len(self.columns))
        cells = line.cells + [""] * (len(self.columns) - len(line.cells))
        address = cell(cells[self.place["address"]])
        if not address:
            raise Wrong("no-address")
        said, cleared = self._attributes(cells)
        return Said(
            line.number,
            self._limited(address_of(address)),
            self._aliases(cells),
            said,
            frozenset(cleared),
            self._one(cells, "package"),
            self._many(cells, "groups"),
        )

    def _limited(self, address: str) -> str:
        if len(address) > 254:
            raise Wrong("address", value=address[:120])
        return address

    def _attributes(self, cells: Sequence[str]) -> tuple[dict[str, str], list[str]]:
        said: dict[str, str] = {}
        cleared = []
        for place, name in self.attributes:
            value = cell(cells[place])
            if value:
                said[name] = self._valid(name, " ".join(value.split()))
            elif self.clear:
                cleared.append(name)
        if "name" not in said and "a:name" not in self.place:
            both = " ".join(said[one] for one in ("first_name", "last_name") if one in said)
            if both:
                said["name"] = both
        return said, cleared

    def _valid(self, name: str, value: str) -> str:
        if len(value) > MOST_CHARACTERS or not value.isprintable():
            raise Wrong("text", name=name, most=MOST_CHARACTERS)
        meant = self.known.get(name)
        if meant is None or meant.kind == "text":
            return value
        try:
            return proper(meant, value)
        except ValidationError:
            raise Wrong(meant.kind, name=name, value=value[:120]) from None

    def _one(self, cells: Sequence[str], target: str) -> str | None:
        return (cell(cells[self.place[target]]) or None) if target in self.place else None

    def _aliases(self, cells: Sequence[str]) -> tuple[str, ...] | None:
        if "aliases" not in self.place:
            return None
        words = [word for word in _ADDRESSES.split(cell(cells[self.place["aliases"]])) if word]
        if not words and not self.clear:
            return None
        return tuple(dict.fromkeys(self._limited(address_of(word)) for word in words))

    def _many(self, cells: Sequence[str], target: str) -> tuple[str, ...] | None:
        if target not in self.place:
            return None
        names = split(cell(cells[self.place[target]]))
        if any(len(name) > 120 or not name.isprintable() for name in names):
            raise Wrong("group")
        return names if names or self.clear else None


def split(text: str) -> tuple[str, ...]:
    """Several names in one cell, each once."""
    return tuple(dict.fromkeys(_stripped(_PARTS.split(text))))


def _stripped(words: Iterable[str]) -> Iterable[str]:
    return (word for word in (one.strip() for one in words) if word)
