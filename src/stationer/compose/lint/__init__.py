"""The linter: what of a source will break, in which mail programs, where, and the change that mends it.

`lint` reads a source as its author wrote it and as it is drawn; findings are data (contract/lint.md), their rules and
what is known of mail programs are tables beside this (`rules.json`, `facts.json`). It never touches the network and
never raises for what an author can write. `mended` puts a finding's mend into the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from stationer.compose.bounds import beyond
from stationer.compose.lint.design import Design
from stationer.compose.lint.facts import FACTS, TABLE, Fact
from stationer.compose.lint.fields import Part, parts
from stationer.compose.lint.findings import Edit, Finding, filled, mended, ordered
from stationer.compose.lint.inking import Stretch, check_inks, stretches
from stationer.compose.lint.leading import check_links
from stationer.compose.lint.page import Page
from stationer.compose.lint.reading import filled_in, without_pictures
from stationer.compose.lint.rules import RULES, SEVERITIES, Rule, Severity
from stationer.compose.lint.showing import Known, check_pictures
from stationer.compose.lint.weight import check_twin, check_weight, together
from stationer.compose.pressing import Laid, lay, press
from stationer.compose.shapes import SHAPES
from stationer.wire.problem import Problem
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot

__all__ = [
    "FACTS",
    "RULES",
    "SEVERITIES",
    "TABLE",
    "Edit",
    "Fact",
    "Finding",
    "Known",
    "Linted",
    "Rule",
    "Severity",
    "filled",
    "lint",
    "mended",
    "together",
]
_NO_ALBUM: Mapping[str, Known] = MappingProxyType({})


class Linted(NamedTuple):
    """All findings, the gravest first; and the lines that are read where pictures are off. `octets` is what the HTML
    weighs in UTF-8, before anything is filled in."""

    findings: tuple[Finding, ...]
    unpictured: tuple[str, ...] = ()
    octets: int = 0


def lint(source: Source, *, kind: Kind, slot: Slot, album: Mapping[str, Known] = _NO_ALBUM) -> Linted:
    """Everything that there is to say about a source. `album` are the pictures that it may call by name."""
    pictures = {name: one.picture for name, one in album.items()}
    pressed = press(source, kind=kind, slot=slot, pictures=pictures)
    found = [_refused(problem) for problem in pressed.problems]
    if source.shape not in SHAPES or beyond(source):
        return Linted(ordered(found))
    designs = [Design(Page("mjml", source.values.get("mjml", ""), found))] if source.shape == "mjml" else []
    fields = [] if designs else parts(source, found)
    written: list[Design | Part] = [*designs, *fields]
    for one in written:
        one.check()
    check_links([link for one in written for link in one.links()])
    check_pictures([picture for one in written for picture in one.pictures(album)])
    laid = lay(source, pictures)
    unpictured, has_pictures, has_words = without_pictures(laid.tree, laid.stand)
    if has_pictures and not has_words:
        Page("", "", found).say("picture-only", 0)
    _inks(source, designs, laid, found, drawable=pressed.content is not None)
    octets = check_weight(pressed.content, found)
    check_twin(source, pressed.content, found)
    return Linted(ordered(found), unpictured, octets)


def _refused(problem: Problem) -> Finding:
    """What keeps it from being published."""
    rule = problem.rule or "refused"
    said = {"what": problem.what, "next": problem.next}
    return Finding(rule, RULES[rule].severity, problem.where, problem.line, None, said)


def _inks(
    source: Source, designs: Sequence[Design], laid: Laid, found: list[Finding], *, drawable: bool
) -> None:
    if drawable and designs:
        designs[0].inks()
    elif not designs:
        said = [Stretch(filled_in(words, laid.stand), ground) for words, ground in stretches(laid.tree)]
        check_inks(Page("colour", "", found), said, [])
