"""A finding: which rule, and what was seen. The rules by name, read once from `rules.json`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Literal

import msgspec

Level = Literal["bad", "warn", "hint", "unknown"]


class Rule(msgspec.Struct, frozen=True):
    """`bad`: mail is refused or taken for spam; `warn`: it may be, or soon; `hint`: better otherwise; `unknown`: nobody
    answered, so nothing is known. `sentence` and `mend` have `{places}` for what was seen."""

    name: str
    level: Level
    sentence: str
    mend: str


class Finding(msgspec.Struct, frozen=True):
    """A rule's name, and what fills its places."""

    rule: str
    saw: dict[str, str] = {}

    @property
    def level(self) -> Level:
        """How bad it is. A rule that is no more is a hint."""
        return RULES[self.rule].level if self.rule in RULES else "hint"


def _read() -> dict[str, Rule]:
    text = files("stationer.repute").joinpath("rules.json").read_text(encoding="utf-8")
    return {rule.name: rule for rule in msgspec.convert(json.loads(text), list[Rule])}


RULES = _read()


def sentence(finding: Finding) -> str:
    """What was found, in English. A rule that is no more says its name."""
    rule = RULES.get(finding.rule)
    return rule.sentence.format_map(finding.saw) if rule else finding.rule


def mend(finding: Finding) -> str:
    """What to do about it, in English; empty of a rule that is no more."""
    rule = RULES.get(finding.rule)
    return rule.mend.format_map(finding.saw) if rule else ""
