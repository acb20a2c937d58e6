"""A finding: which rule, how grave, where, what breaks in which programs, what to do; and the change that mends it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from stationer.compose.lint.facts import FACTS
from stationer.compose.lint.rules import RULES, SEVERITIES, Severity
from stationer.compose.shapes import KINDS, SHAPES
from stationer.wire.source import Element, Source

#: So many findings are told of one source.
MOST_FOUND = 500


class Edit(msgspec.Struct, frozen=True):
    """In the field `where` the characters from `start` up to `end`, which say `was`, become `text`."""

    where: str
    start: int
    end: int
    was: str
    text: str


class Finding(msgspec.Struct, frozen=True):
    """`where` is a field as in a `Problem`; `line` and `column` count from 1 in it, where they are known. `said` is
    what the rule's sentences are filled with; `edits`, when there are any, mend it."""

    rule: str
    severity: Severity
    where: str
    line: int | None = None
    column: int | None = None
    said: Mapping[str, str] = {}
    fact: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def what(self) -> str:
        """What is wrong, in a sentence."""
        return filled(RULES[self.rule].what, self.said)

    @property
    def next(self) -> str:
        """What to do about it."""
        return filled(RULES[self.rule].next, self.said)

    @property
    def mend(self) -> str:
        """What its mend does; empty where it has none."""
        return filled(RULES[self.rule].mend, self.said) if self.edits else ""

    @property
    def breaks(self) -> tuple[str, ...]:
        """The mail programs in which it breaks."""
        rule = RULES[self.rule]
        fact = FACTS.get(self.fact or rule.fact)
        return fact.breaks() if fact else rule.breaks

    @property
    def key(self) -> str:
        """Names this finding with its mend: 12 characters, the same as long as both say the same."""
        said = msgspec.json.encode([self.rule, self.where, self.line, self.column, self.edits])
        return hashlib.sha256(said).hexdigest()[:12]


def filled(sentence: str, said: Mapping[str, str]) -> str:
    """The sentence with its `{places}` filled; a place that nothing fills stays."""
    for name, value in said.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence


def ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then by place; each once, and no more than anybody reads."""
    once = {msgspec.json.encode(one): one for one in findings}
    every = sorted(
        once.values(), key=lambda f: (SEVERITIES.index(f.severity), f.where, f.line or 0, f.column or 0)
    )
    return tuple(every[:MOST_FOUND])


def mended(source: Source, finding: Finding) -> Source | None:
    """The source with the finding's mend in it; None where it has none, or where the source says something else now."""
    if not finding.edits:
        return None
    for edit in sorted(finding.edits, key=lambda edit: -edit.start):
        changed = _edited(source, edit)
        if changed is None:
            return None
        source = changed
    return source


def _edited(source: Source, edit: Edit) -> Source | None:
    value = value_at(source, edit.where)
    if value is None or value[edit.start : edit.end] != edit.was:
        return None
    if len(edit.text) > len(edit.was) and value.startswith(edit.text, edit.start):
        return None  # put in already
    new = value[: edit.start] + edit.text + value[edit.end :]
    if edit.where == "text":
        return msgspec.structs.replace(source, text=new)
    steps = edit.where.split("/")
    if steps[0] != "elements":
        return msgspec.structs.replace(source, values=source.values | {edit.where: new})
    listed = list(source.listed)
    one = listed[int(steps[1])]
    listed[int(steps[1])] = Element(one.kind, one.values | {steps[2]: new})
    return msgspec.structs.replace(source, elements=tuple(listed))


def value_at(source: Source, where: str) -> str | None:
    """What stands in a field: as given, or as it is otherwise. None where there is no such field."""
    if where == "text":
        return source.text
    steps = where.split("/")
    if steps[0] != "elements":
        shape = SHAPES.get(source.shape)
        field = shape.field(where) if shape else None
        return source.values.get(where, field.otherwise if field else None)
    if len(steps) != 3 or int(steps[1]) >= len(source.listed):
        return None
    one = source.listed[int(steps[1])]
    kind = KINDS.get(one.kind)
    field = kind.field(steps[2]) if kind else None
    return one.values.get(steps[2], field.otherwise if field else None)
