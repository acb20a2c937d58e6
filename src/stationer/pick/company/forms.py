"""Forms: what a part of a company file may look like. One declaration reads it, with all errors, and gives its schema.

A form reads a YAML node, not a loaded value: so every error knows its line, and telephone numbers stay as typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, Protocol

import yaml

from stationer.wire.problem import Problem

Node = yaml.Node
Schema = dict[str, Any]


#: A file that is wrong throughout is told so many times.
MOST_PROBLEMS = 500


class TooMuch(Exception):
    """So much is wrong that nobody would read on."""


class Report:
    """What reading finds: problems, the line on which each place begins, and the places whose value was lost."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self.lost: set[str] = set()

    def mark(self, where: str, node: Node) -> None:
        """Remember where a value begins; a block scalar begins on the line after its `|` or `>`."""
        block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        self.lines[where] = node.start_mark.line + (2 if block else 1)

    def wrong(self, where: str, node: Node, what: str, advice: str, lost: str | None = None) -> None:
        """Note a problem at a node. `lost`: the place that now has no value of its own; `where` unless told. Raises
        TooMuch after MOST_PROBLEMS."""
        self.lost.add(where if lost is None else lost)
        self.problems.append(Problem(where, what, advice, node.start_mark.line + 1))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooMuch


class Form(Protocol):
    """Reads a node to plain values; on an error it reports and gives something harmless."""

    def read(self, node: Node, where: str, report: Report) -> Any:
        """The value at `where`."""

    def schema(self) -> Schema:
        """The same as JSON Schema (draft 2020-12)."""


class Text(NamedTuple):
    """Words, exactly as typed."""

    says: str = ""
    may_be_empty: bool = True

    def read(self, node: Node, where: str, report: Report) -> str:
        report.mark(where, node)
        if not isinstance(node, yaml.ScalarNode):
            report.wrong(
                where, node, "Here belong words, not a list or a table.", "Write them after the colon."
            )
            return ""
        if not self.may_be_empty and not node.value.strip():
            report.wrong(where, node, "It is empty.", "Write something after the colon.")
        return str(node.value)

    def schema(self) -> Schema:
        said: Schema = {
            "type": ["string", "number", "boolean", "null"] if self.may_be_empty else ["string", "number"]
        }
        return said | ({"description": self.says} if self.says else {})


class Number(NamedTuple):
    """A whole number."""

    says: str = ""

    def read(self, node: Node, where: str, report: Report) -> int:
        report.mark(where, node)
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"[+-]?\d{1,15}", node.value):
            return int(node.value)
        report.wrong(where, node, "This is not a whole number.", "Write digits, for example 10.")
        return 1

    def schema(self) -> Schema:
        return {"type": "integer", "description": self.says} if self.says else {"type": "integer"}


class Truth(NamedTuple):
    """Yes or no."""

    says: str = ""

    def read(self, node: Node, where: str, report: Report) -> bool:
        report.mark(where, node)
        word = node.value.lower() if isinstance(node, yaml.ScalarNode) else ""
        if word not in ("true", "false", "yes", "no"):
            report.wrong(where, node, "This is neither yes nor no.", "Write true or false.")
        return word in ("true", "yes")

    def schema(self) -> Schema:
        return {"type": "boolean", "description": self.says} if self.says else {"type": "boolean"}


class Choice:
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, node: Node, where: str, report: Report) -> str:
        report.mark(where, node)
        word = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
        if word not in self.words:
            near = get_close_matches(word, self.words, 1)
            advice = f"Did you mean {near[0]!r}?" if near else f"Write {', '.join(self.words)}."
            report.wrong(where, node, f"{word!r} is not one of the words that fit here.", advice)
            return self.words[0]
        return word

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


class Many:
    """A list; one thing alone may stand without the dash."""

    def __init__(self, form: Form, says: str = "") -> None:
        self.form, self.says = form, says

    def read(self, node: Node, where: str, report: Report) -> tuple[Any, ...]:
        report.mark(where, node)
        if _is_nothing(node):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            return (self.form.read(node, where, report),)
        return tuple(self.form.read(item, f"{where}/{n}", report) for n, item in enumerate(node.value))

    def schema(self) -> Schema:
        one = self.form.schema()
        said: Schema = {"anyOf": [{"type": "array", "items": one}, one, {"type": "null"}]}
        return said | ({"description": self.says} if self.says else {})


class Table:
    """Things by their ids, in the file's order."""

    def __init__(self, form: Form, keys: tuple[str, ...] = (), says: str = "") -> None:
        self.form, self.keys, self.says = form, keys, says

    def read(self, node: Node, where: str, report: Report) -> dict[str, Any]:
        report.mark(where, node)
        found = {}
        for key, value in entries(node, where, report):
            if self.keys and key.value not in self.keys:
                _unknown(key, where, self.keys, report)
                continue
            place = f"{where}/{key.value}" if where else str(key.value)
            found[str(key.value)] = self.form.read(value, place, report)
            report.lines[place] = min(report.lines.get(place, 1 << 30), key.start_mark.line + 1)
        return found

    def schema(self) -> Schema:
        said: Schema = {"type": ["object", "null"]}
        if self.keys:
            said |= {
                "properties": {key: self.form.schema() for key in self.keys},
                "additionalProperties": False,
            }
        else:
            said["additionalProperties"] = self.form.schema()
        return said | ({"description": self.says} if self.says else {})


class Record:
    """Named values. `extra` takes the names that are not listed, into the value under `extra_as`."""

    def __init__(
        self,
        fields: Mapping[str, Form],
        *,
        required: tuple[str, ...] = (),
        extra: Form | None = None,
        extra_as: str = "",
        says: str = "",
    ) -> None:
        self.fields, self.required, self.extra, self.extra_as, self.says = (
            fields,
            required,
            extra,
            extra_as,
            says,
        )

    def read(self, node: Node, where: str, report: Report) -> dict[str, Any]:
        report.mark(where, node)
        found: dict[str, Any] = {}
        more: dict[str, Any] = {}
        for key, value in entries(node, where, report):
            name = str(key.value)
            form = self.fields.get(name, self.extra)
            place = f"{where}/{name}" if where else name
            if form is None:
                _unknown(key, where, tuple(self.fields), report)
            elif name in self.fields:
                found[name] = form.read(value, place, report)
            else:
                more[name] = form.read(value, place, report)
        for name in self.required if isinstance(node, yaml.MappingNode) else ():
            if name not in found:
                place = f"{where}/{name}" if where else name
                what, advice = f"Its {name!r} is missing.", f"Add a line `{name}: …`."
                report.wrong(where or "the file", node, what, advice, lost=place)
        if self.extra_as:
            found[self.extra_as] = more
        return found

    def schema(self) -> Schema:
        said: Schema = {"type": "object", "properties": {n: form.schema() for n, form in self.fields.items()}}
        if self.required:
            said["required"] = list(self.required)
        said["additionalProperties"] = self.extra.schema() if self.extra else False
        return said | ({"description": self.says} if self.says else {})


class Either:
    """A single word that stands for more, or the whole form."""

    def __init__(self, words: Mapping[str, Any], form: Form) -> None:
        self.words, self.form = words, form

    def read(self, node: Node, where: str, report: Report) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            return self.form.read(node, where, report)
        return self.words[Choice(*self.words).read(node, where, report)]

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(self.words)}, self.form.schema()]}


def entries(node: Node, where: str, report: Report) -> list[tuple[yaml.ScalarNode, Node]]:
    """The pairs of a table, each key once."""
    if _is_nothing(node):
        return []
    if not isinstance(node, yaml.MappingNode):
        advice = "Write lines of the form `name: value`, indented."
        report.wrong(where or "the file", node, "Here belongs a table of names and values.", advice)
        return []
    seen: dict[str, int] = {}
    found = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            report.wrong(where or "the file", key, "This is not a name.", "Write `name: value`.", lost="")
        elif key.value in seen:
            what = f"{key.value!r} stands here twice; the first time on line {seen[key.value]}."
            place = f"{where}/{key.value}" if where else key.value
            report.wrong(place, key, what, "Keep one of them.", lost="")
        else:
            seen[key.value] = key.start_mark.line + 1
            found.append((key, value))
    return found


def _is_nothing(node: Node) -> bool:
    """Whether nothing stands there, or what YAML takes for it; in quotes that is a word."""
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null") and not node.style


def _unknown(key: yaml.ScalarNode, where: str, known: tuple[str, ...], report: Report) -> None:
    near = get_close_matches(key.value, known, 1)
    advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
    place = f"{where}/{key.value}" if where else str(key.value)
    meant = f"{where}/{near[0]}".removeprefix("/") if near else place
    report.wrong(place, key, f"There is no {key.value!r} here.", advice, lost=meant)
