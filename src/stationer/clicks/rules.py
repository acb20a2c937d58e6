"""The rules by name: what each weighs, and what it says in a plain sentence. Read once from `rules.json`."""

from __future__ import annotations

import json
from importlib.resources import files

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """`weight` is added to the score: below nothing it speaks for a program, above for a person, 0 only explains.

    `sentence` has `{places}` for what was seen; a place whose name ends in `_s` is a number of seconds."""

    name: str
    weight: int
    sentence: str


def _read() -> dict[str, Rule]:
    text = files("stationer.clicks").joinpath("rules.json").read_text(encoding="utf-8")
    return {rule.name: rule for rule in msgspec.convert(json.loads(text), list[Rule])}


RULES = _read()
