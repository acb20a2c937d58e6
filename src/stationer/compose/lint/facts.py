"""Which mail programs lack what: a small table of facts, read once from `facts.json`.

The facts are those that caniemail.com has measured (the file says when they were taken, each fact when it was
tested); `lacking` programs do not show a thing at all, `partly` ones not always. Other formats of the same site and
all its words stay there.
"""

from __future__ import annotations

import json
from importlib.resources import files

import msgspec


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One feature of CSS or HTML, or a kind of picture. `tested` is a date (ISO 8601)."""

    feature: str
    lacking: tuple[str, ...]
    partly: tuple[str, ...]
    tested: str

    def breaks(self) -> tuple[str, ...]:
        """The programs in which it breaks, those that lack it first."""
        return self.lacking + self.partly


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: where its facts are from, and the day they were taken."""

    source: str
    taken: str
    facts: dict[str, Fact]


def _read() -> Facts:
    text = files("stationer.compose").joinpath("lint", "facts.json").read_text(encoding="utf-8")
    return msgspec.convert(json.loads(text), Facts)


TABLE = _read()
FACTS = TABLE.facts
