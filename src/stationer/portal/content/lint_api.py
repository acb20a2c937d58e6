"""`/api/v1/lint`: what will break in a source, where, in which mail programs, and the change that mends it. Nothing is
changed by asking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Router, Schema

from stationer.compose.lint import RULES, TABLE, Finding, Linted
from stationer.portal.access import programs
from stationer.portal.access.programs import Asked, found
from stationer.portal.content.api import SourceForm
from stationer.portal.content.linting import Album, linted
from stationer.portal.content.models import Asset, Message, Template
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot

router = Router(tags=["content"], auth=programs.Key("see-content"))
Grave = Literal["error", "warning", "notice"]


class Linting(Asked):
    """A source, and what it would be."""

    kind: Kind = "message"
    slot: Slot = "banner"
    source: SourceForm


class EditShown(Schema):
    """In the field `where` the characters from `start` up to `end` (code points), which say `was`, become `text`."""

    where: str
    start: int
    end: int
    was: str
    text: str


class FindingShown(Schema):
    """contract/lint.md §2. `part` says where in a template, as `VARIANT/SLOT`."""

    rule: str
    severity: Grave
    part: str
    where: str
    line: int | None
    column: int | None
    what: str
    next: str
    breaks: list[str]
    mend: str
    edits: list[EditShown]


class LintShown(Schema):
    """All findings, the gravest first; the lines that are read with pictures off; the octets of its HTML."""

    findings: list[FindingShown]
    unpictured: list[str]
    octets: int


class LintRule(Schema):
    """A rule: its sentences have `{places}` for what is seen."""

    id: str
    severity: Grave
    what: str
    next: str
    mend: str


class RulesShown(Schema):
    """All rules, and where the facts about mail programs are from."""

    rules: list[LintRule]
    source: str
    taken: str


def shown(finding: Finding, part: str = "") -> dict[str, Any]:
    """A finding as the API shows it."""
    names = ("rule", "severity", "where", "line", "column", "what", "next", "breaks", "mend")
    edits = [msgspec.to_builtins(edit) for edit in finding.edits]
    return {name: getattr(finding, name) for name in names} | {"part": part, "edits": edits}


def _answer(parts: Iterable[tuple[str, Linted]]) -> dict[str, Any]:
    every = list(parts)
    return {
        "findings": [shown(one, part) for part, found in every for one in found.findings],
        "unpictured": [line for _part, found in every for line in found.unpictured],
        "octets": sum(found.octets for _part, found in every),
    }


def _album() -> Album:
    return Album(Asset.objects.all())


@router.post("/lint", response=LintShown)
def lint_source(request: HttpRequest, asked: Linting) -> dict[str, Any]:
    """What is to be said of a source that is nowhere kept."""
    source = msgspec.convert(asked.source.dict(), Source)
    return _answer([("", linted(source, asked.kind, asked.slot, _album()))])


@router.get("/lint/rules", response=RulesShown)
def list_rules(request: HttpRequest) -> dict[str, Any]:
    """Every rule by its id."""
    names = ("id", "severity", "what", "next", "mend")
    rules = [{name: getattr(rule, name) for name in names} for rule in RULES.values()]
    return {"rules": rules, "source": TABLE.source, "taken": TABLE.taken}


@router.get("/messages/{message_id}/findings", response=LintShown)
def lint_message(request: HttpRequest, message_id: str) -> dict[str, Any]:
    """What is to be said of a message's draft."""
    row = found(Message.objects.all(), "message", message_id)
    return _answer([("", linted(row.wire_source(), "message", row.slot, _album()))])  # type: ignore[arg-type]


@router.get("/templates/{template_id}/findings", response=LintShown)
def lint_template(request: HttpRequest, template_id: str) -> dict[str, Any]:
    """What is to be said of a template's draft, part by part."""
    row, album = found(Template.objects.all(), "template", template_id), _album()
    return _answer(
        (f"{variant}/{slot}", linted(source, "template", slot, album))
        for variant, slots in row.wire_parts().items()
        for slot, source in slots.items()
    )
