"""Scores → text for a terminal: a table by law, one by client, the total, and one sentence for each broken law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stationer.conformance import scoring
from stationer.conformance.cases import Case
from stationer.conformance.judging import Verdict
from stationer.conformance.laws import BY_KEY, LAWS
from stationer.conformance.scoring import Score

WIDTH = 32


def told(verdicts: Sequence[Verdict]) -> str:
    """The whole report."""
    titles = {key: BY_KEY[key].title for key in BY_KEY}
    laws = {titles[key]: one for key, one in scoring.by_law(verdicts).items()}
    pages = [table("law", laws)]
    if clients := scoring.by_client(verdicts):
        pages.append(table("client (mails that keep every law)", clients))
    every, single = scoring.mails(verdicts), scoring.checks(verdicts)
    pages.append(
        f"{every.held} of {every.asked} mails keep every law ({every.percent} %); "
        f"{single.held} of {single.asked} checks hold ({single.percent} %)."
    )
    if wrong := found(verdicts):
        pages.append("What happened, the gravest first:\n" + wrong)
    return "\n\n".join(pages) + "\n"


def table(head: str, rows: Mapping[str, Score]) -> str:
    """Three columns: name, held/asked, percent."""
    wide = max([WIDTH, *map(len, rows)])
    lines = [f"{name:<{wide}}  {one!s:>9}  {one.percent:>3} %" for name, one in rows.items()]
    return "\n".join([head, "-" * (wide + 18), *lines])


def found(verdicts: Sequence[Verdict]) -> str:
    """One sentence for each broken law: what happened, in which mail, and why it matters."""
    return "\n".join(
        f"- {one.law.title} ({one.broken} {'mail' if one.broken == 1 else 'mails'}): {one.said} "
        f"[{one.example}]. Why it matters: {one.law.matters}."
        for one in scoring.findings(verdicts)
    )


def listed(cases: Sequence[Case]) -> str:
    """The cases by group, each with its reason."""
    lines: list[str] = []
    for law in LAWS:
        group = [case for case in cases if case.group == law.key]
        if group:
            lines.append(f"{law.key}: {law.says} ({law.source})")
            lines += [f"  {case.name:<40} {case.why}" for case in group]
    return "\n".join(lines) + "\n"
