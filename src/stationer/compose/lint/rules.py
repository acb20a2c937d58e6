"""The rules by their id (contract/lint.md §3): how grave, what is said, what to do. Read once from `rules.json`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Literal

import msgspec

Severity = Literal["error", "warning", "notice"]
#: The gravest first.
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`what` and `next` are sentences with `{places}` for what was seen; `mend` says what the button does, empty
    where no program can mend it. `fact` names the fact behind it, `breaks` the programs where no fact does."""

    id: str
    severity: Severity
    what: str
    next: str
    mend: str = ""
    fact: str = ""
    breaks: tuple[str, ...] = ()


def _read() -> dict[str, Rule]:
    text = files("stationer.compose").joinpath("lint", "rules.json").read_text(encoding="utf-8")
    return {rule.id: rule for rule in msgspec.convert(json.loads(text), list[Rule])}


RULES = _read()
