"""What the API says of content. Made by `make generated` from the API's description."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType


class TemplateShown(msgspec.Struct, kw_only=True):
    """A template."""

    id: str
    key: str
    name: str
    rule: dict[str, Any]
    parts: dict[str, Any]
    priority: int
    fallback: bool


class NewTemplate(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A template; `rule` is wire.rules.Rule (contract/schemas/rule.json)."""

    name: str
    key: str | UnsetType = UNSET
    rule: dict[str, Any] | UnsetType = UNSET
    parts: dict[str, dict[str, SourceForm]] | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    fallback: bool | UnsetType = UNSET


class SourceForm(msgspec.Struct, kw_only=True, omit_defaults=True):
    """wire.source.Source."""

    shape: str
    values: dict[str, str] | UnsetType = UNSET
    text: str | UnsetType = UNSET
    elements: list[ElementForm] | UnsetType = UNSET


class ElementForm(msgspec.Struct, kw_only=True, omit_defaults=True):
    """wire.source.Element."""

    kind: str
    values: dict[str, str] | UnsetType = UNSET


class TemplateChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed; `rule` and `parts` are replaced whole. `fallback: true` takes the place
    from the template that has it, which keeps its words and needs a rule of its own then."""

    name: str | UnsetType | None = UNSET
    key: str | UnsetType | None = UNSET
    rule: dict[str, Any] | UnsetType | None = UNSET
    parts: dict[str, dict[str, SourceForm]] | UnsetType | None = UNSET
    priority: int | UnsetType | None = UNSET
    fallback: bool | UnsetType | None = UNSET


class CampaignShown(msgspec.Struct, kw_only=True):
    """A campaign."""

    id: str
    key: str
    name: str
    rule: dict[str, Any]
    priority: int
    holdout: int
    caps: dict[str, int]
    cool_down_h: int
    sequence: bool
    stop_after_click: bool
    utm: dict[str, str]
    state: Literal["draft", "live", "paused"]


class NewCampaign(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A campaign; `rule` is wire.rules.Rule."""

    name: str
    key: str | UnsetType = UNSET
    rule: dict[str, Any] | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    holdout: int | UnsetType = UNSET
    caps: Any | UnsetType = UNSET
    cool_down_h: int | UnsetType = UNSET
    sequence: bool | UnsetType = UNSET
    stop_after_click: bool | UnsetType = UNSET
    utm: Any | UnsetType = UNSET
    state: Literal["draft", "live", "paused"] | UnsetType = UNSET


class CapsForm(msgspec.Struct, kw_only=True, omit_defaults=True):
    """At most so many to one recipient; 0: no cap."""

    day: int | UnsetType = UNSET
    week: int | UnsetType = UNSET
    ever: int | UnsetType = UNSET


class UtmForm(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What its links say to the websites they lead to; empty: nothing."""

    source: str | UnsetType = UNSET
    medium: str | UnsetType = UNSET
    campaign: str | UnsetType = UNSET


class CampaignChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed; `rule` is replaced whole."""

    name: str | UnsetType | None = UNSET
    key: str | UnsetType | None = UNSET
    rule: dict[str, Any] | UnsetType | None = UNSET
    priority: int | UnsetType | None = UNSET
    holdout: int | UnsetType | None = UNSET
    caps: CapsForm | UnsetType | None = UNSET
    cool_down_h: int | UnsetType | None = UNSET
    sequence: bool | UnsetType | None = UNSET
    stop_after_click: bool | UnsetType | None = UNSET
    utm: UtmForm | UnsetType | None = UNSET
    state: Literal["draft", "live", "paused"] | UnsetType | None = UNSET


class MessageShown(msgspec.Struct, kw_only=True):
    """A message."""

    id: str
    campaign: str
    key: str
    name: str
    slot: Literal["top", "signature", "banner", "footer"]
    variants: list[Literal["new", "reply", "forward"]]
    weight: int
    utm_content: str
    source: dict[str, Any]


class NewMessage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A message of a campaign."""

    campaign: str
    name: str
    key: str | UnsetType = UNSET
    slot: Literal["top", "signature", "banner", "footer"] | UnsetType = UNSET
    variants: list[Literal["new", "reply", "forward"]] | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    utm_content: str | UnsetType = UNSET
    source: SourceForm


class MessageChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed; `source` is replaced whole."""

    name: str | UnsetType | None = UNSET
    key: str | UnsetType | None = UNSET
    slot: Literal["top", "signature", "banner", "footer"] | UnsetType | None = UNSET
    variants: list[Literal["new", "reply", "forward"]] | UnsetType | None = UNSET
    weight: int | UnsetType | None = UNSET
    utm_content: str | UnsetType | None = UNSET
    source: SourceForm | UnsetType | None = UNSET


class Linting(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A source, and what it would be."""

    kind: Literal["template", "message"] | UnsetType = UNSET
    slot: Literal["top", "signature", "banner", "footer"] | UnsetType = UNSET
    source: SourceForm


class LintShown(msgspec.Struct, kw_only=True):
    """All findings, the gravest first; the lines that are read with pictures off; the octets of its
    HTML."""

    findings: list[FindingShown]
    unpictured: list[str]
    octets: int


class FindingShown(msgspec.Struct, kw_only=True):
    """contract/lint.md §2. `part` says where in a template, as `VARIANT/SLOT`."""

    rule: str
    severity: Literal["error", "warning", "notice"]
    part: str
    where: str
    line: int | None
    column: int | None
    what: str
    next: str
    breaks: list[str]
    mend: str
    edits: list[EditShown]


class EditShown(msgspec.Struct, kw_only=True):
    """In the field `where` the characters from `start` up to `end` (code points), which say `was`, become
    `text`."""

    where: str
    start: int
    end: int
    was: str
    text: str


class RulesShown(msgspec.Struct, kw_only=True):
    """All rules, and where the facts about mail programs are from."""

    rules: list[LintRule]
    source: str
    taken: str


class LintRule(msgspec.Struct, kw_only=True):
    """A rule: its sentences have `{places}` for what is seen."""

    id: str
    severity: Literal["error", "warning", "notice"]
    what: str
    next: str
    mend: str


class PictureShown(msgspec.Struct, kw_only=True):
    """A picture; `url` is its public address."""

    id: str
    name: str
    url: str
    type: str
    width: int
    height: int
    alt: str
