"""Values of a company file that are written in a manner of their own: lengths of time, weekdays, the format."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from stationer.pick.company.forms import Many, Node, Report, Schema, Text

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


class Format(NamedTuple):
    """The number of the edition; nothing else is read as it."""

    number: int

    def read(self, node: Node, where: str, report: Report) -> int:
        report.mark(where, node)
        if not isinstance(node, yaml.ScalarNode) or node.value != str(self.number):
            said = f"{node.value!r}" if isinstance(node, yaml.ScalarNode) else "a table"
            what = f"This file says that it is of format {said}; here format {self.number} is read."
            report.wrong(where, node, what, "Export it anew, or bring it in where it came from.")
        return self.number

    def schema(self) -> Schema:
        return {"const": self.number, "description": "The edition of this layout; 1 where nothing is said"}


class Weekdays:
    """`mon-fri`, `[sat, sun]`, `mon, wed-fri`: numbers from 0 for Monday."""

    def read(self, node: Node, where: str, report: Report) -> tuple[int, ...]:
        words = Many(Text()).read(node, where, report)
        found: list[int] = []
        for word in re.split(r"[,\s]+", " ".join(words).lower().strip()):
            first, dash, last = word.partition("-")
            if first[:3] not in _DAYS or (dash and last[:3] not in _DAYS):
                report.wrong(where, node, f"{word!r} is no weekday.", "Write mon, tue, … or mon-fri.")
                continue
            begin = _DAYS.index(first[:3])
            end = _DAYS.index(last[:3]) if dash else begin
            found += [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]
        return tuple(sorted(set(found)))

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"enum": list(_DAYS)}}]}


class Duration:
    """`60s`, `2m`, `500ms`: milliseconds."""

    def read(self, node: Node, where: str, report: Report) -> int:
        match = re.fullmatch(r"(\d{1,9})\s*(ms|s|m|h)", Text().read(node, where, report).strip())
        if match is None:
            report.wrong(where, node, "This is not a length of time.", "Write for example 60s or 2m.")
            return 0
        return int(match[1]) * _UNITS[match[2]]

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\d+\s*(ms|s|m|h)$"}
