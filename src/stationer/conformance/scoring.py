"""Verdicts → scores by law, by client and in all; and the report as JSON (contract/conformance.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from stationer.conformance.cases import digest
from stationer.conformance.judging import Verdict
from stationer.conformance.laws import LAWS, Law

FORMAT = 1


class Score(NamedTuple):
    """`held` of `asked`."""

    held: int
    asked: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all."""
        return self.held * 100 // self.asked if self.asked else 0

    def __str__(self) -> str:
        return f"{self.held}/{self.asked}"


def score(held: Iterable[bool]) -> Score:
    """Count."""
    each = list(held)
    return Score(sum(each), len(each))


def by_law(verdicts: Sequence[Verdict]) -> dict[str, Score]:
    """Each law that was asked: in how many mails it held."""
    marks = [mark for verdict in verdicts for mark in verdict.marks]
    found = {law.key: score(mark.held for mark in marks if mark.law == law.key) for law in LAWS}
    return {key: one for key, one in found.items() if one.asked}


def by_client(verdicts: Sequence[Verdict]) -> dict[str, Score]:
    """Each client whose mails were asked: how many of them kept every law."""
    names = sorted({verdict.case.client for verdict in verdicts if verdict.case.client})
    return {name: score(v.held for v in verdicts if v.case.client == name) for name in names}


def by_language(verdicts: Sequence[Verdict]) -> dict[str, Score]:
    """The same by language."""
    names = sorted({verdict.case.language for verdict in verdicts if verdict.case.language})
    return {name: score(v.held for v in verdicts if v.case.language == name) for name in names}


def mails(verdicts: Sequence[Verdict]) -> Score:
    """How many mails kept every law."""
    return score(verdict.held for verdict in verdicts)


def checks(verdicts: Sequence[Verdict]) -> Score:
    """How many single checks held."""
    return score(mark.held for verdict in verdicts for mark in verdict.marks)


class Finding(NamedTuple):
    """A law that was broken: in how many mails, and the first as the example."""

    law: Law
    broken: int
    said: str
    example: str


def findings(verdicts: Sequence[Verdict]) -> list[Finding]:
    """One for each broken law, in the laws' order (the gravest first). A mail without an answer counts there only."""
    found: list[Finding] = []
    for law in LAWS:
        broken = [
            (mark.said, verdict.case.name)
            for verdict in verdicts
            for mark in verdict.marks
            if mark.law == law.key and not mark.held
        ]
        silent = {v.case.name for v in verdicts if not v.marks[0].held}
        telling = [one for one in broken if law.key == "answers" or one[1] not in silent]
        told = [one for one in telling if one[0] != "nothing was put in"] or telling
        if told:
            found.append(Finding(law, len(telling), *told[0]))
    return found


def report(command: str, block: dict[str, str], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The report as plain values."""
    every, single = mails(verdicts), checks(verdicts)
    return {
        "format": FORMAT,
        "mails_digest": digest(),
        "command": command,
        "block": block,
        "mails": {"held": every.held, "asked": every.asked},
        "checks": {"held": single.held, "asked": single.asked},
        "laws": [{"law": key, "held": one.held, "asked": one.asked} for key, one in by_law(verdicts).items()],
        "clients": [
            {"client": key, "held": one.held, "asked": one.asked} for key, one in by_client(verdicts).items()
        ],
        "languages": [
            {"language": key, "held": one.held, "asked": one.asked}
            for key, one in by_language(verdicts).items()
        ],
        "cases": [_told(verdict) for verdict in verdicts],
    }


def _told(verdict: Verdict) -> dict[str, Any]:
    case, run = verdict.case, verdict.run
    return {
        "name": case.name,
        "group": case.group,
        "expect": case.expect,
        "client": case.client,
        "language": case.language,
        "held": verdict.held,
        "exit": run.code,
        "seconds": round(run.seconds, 3),
        "memory": run.memory,
        "marks": [{"law": mark.law, "held": mark.held, "said": mark.said} for mark in verdict.marks],
    }
