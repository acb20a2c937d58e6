"""Rows → `wire.definition.Definition`; or everything that keeps them from being published, in a manager's words."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

import msgspec
from django.conf import settings

from stationer import pick
from stationer.compose import KINDS, SHAPES
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.content.pictures import pictures
from stationer.portal.people.models import Group, Package, Pen
from stationer.portal.publishing.changes import Rows, read
from stationer.portal.publishing.pressing import Press
from stationer.wire import definition
from stationer.wire.content import Content
from stationer.wire.problem import Problem
from stationer.wire.rules import Rule
from stationer.wire.source import Source, Utm
from stationer.wire.words import SLOTS, VARIANTS, Kind, Slot

VARIANT_WORDS = {"new": "new mails", "reply": "replies", "forward": "forwards"}
SLOT_WORDS = {"top": "top", "signature": "signature", "banner": "banner", "footer": "footer"}


class Trouble(msgspec.Struct, frozen=True):
    """One thing to mend before publishing. `kind` and `id` say on which page (template, campaign, message, list,
    settings); `place` says where on it, in words; `what` is wrong; `next` is what to do."""

    kind: str
    id: uuid.UUID | None
    name: str
    place: str
    what: str
    next: str
    line: int | None = None

    def sentence(self) -> str:
        """All of it in one line."""
        place = f"{self.name}, {self.place}" if self.place else self.name
        return f"{place}: {self.what} {self.next}".strip()


class NotReady(Exception):
    """The drafts cannot be published; `troubles` is everything to mend."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self.troubles = list(troubles)
        super().__init__("\n".join(trouble.sentence() for trouble in self.troubles))


def define(pen: Pen, rows: Rows | None = None) -> tuple[definition.Definition, pick.Compiled]:
    """What the PEN in scope would publish now, compiled. Raises NotReady with all troubles at once."""
    rows = rows or read()
    work = _Work(pen, rows)
    work.settings()
    templates = tuple(work.template(row) for row in rows.templates)
    campaigns = tuple(work.campaign(row) for row in rows.live())
    meant = definition.Definition(
        pen=pen.outside_id,
        name=pen.name,
        domains=tuple(pen.domains),
        mark_key=bytes(pen.mark_key),
        templates=templates,
        campaigns=campaigns,
        management=pen.management(),
        lists={row.name: tuple(row.addresses) for row in rows.lists},
        calendars={name: tuple(days) for name, days in pen.calendars.items()},
    )
    try:
        compiled = pick.compile(meant)
    except pick.DefinitionErrors as errors:
        work.troubles += [work.located(problem) for problem in errors.problems]
    if work.troubles:
        raise NotReady(work.troubles)
    return meant, compiled


def troubles(pen: Pen, rows: Rows | None = None) -> list[Trouble]:
    """What `define` would object to; empty when the drafts can be published."""
    try:
        define(pen, rows)
    except NotReady as error:
        return error.troubles
    return []


class _Work:
    """One pass over the rows; collects troubles as it goes."""

    def __init__(self, pen: Pen, rows: Rows) -> None:
        self.pen = pen
        self.troubles: list[Trouble] = []
        management = pen.management()
        embedded = management.pictures == "embedded"
        follows = management.tracking != "off"
        called, decoy = pictures(rows.pictures, embedded=embedded), management.decoy and follows
        self.presser = Press(link_base(pen), called, decoy=decoy, asks=follows)
        self.messages: defaultdict[uuid.UUID, list[Message]] = defaultdict(list)
        for message in rows.messages:
            self.messages[message.campaign_id].append(message)
        self.groups = set(Group.objects.values_list("name", flat=True))
        self.packages = set(Package.objects.values_list("name", flat=True))
        self.named: dict[tuple[str, str], Template | Campaign | Message] = {}

    def template(self, row: Template) -> definition.Template:
        self.named["templates", row.outside_id] = row
        rule = row.wire_rule()
        self.rule(rule, "template", row)
        parts = row.wire_parts()
        return definition.Template(
            id=row.outside_id,
            name=row.name,
            rule=rule,
            priority=row.priority,
            fallback=row.fallback,
            parts={
                variant: self.pressed(row, variant, parts[variant])
                for variant in VARIANTS
                if variant in parts
            },
        )

    def pressed(self, row: Template, variant: str, slots: Mapping[Slot, Source]) -> tuple[Content, ...]:
        place = VARIANT_WORDS[variant]
        return tuple(
            self.press(slots[slot], "template", slot, "template", row, f"{place}, {SLOT_WORDS[slot]}")
            for slot in SLOTS
            if slot in slots
        )

    def campaign(self, row: Campaign) -> definition.Campaign:
        self.named["campaigns", row.outside_id] = row
        rule = row.wire_rule()
        self.rule(rule, "campaign", row)
        shown = tuple(self.message(one, row.wire_utm()) for one in self.messages[row.pk])
        return definition.Campaign(
            id=row.outside_id,
            name=row.name,
            rule=rule,
            messages=shown,
            priority=row.priority,
            holdout=row.holdout,
            caps=row.wire_caps(),
            cool_down_h=row.cool_down_h,
            sequence=row.sequence,
            stop_after_click=row.stop_after_click,
        )

    def message(self, row: Message, utm: Utm) -> definition.Message:
        self.named["messages", row.outside_id] = row
        slot: Slot = next(one for one in SLOTS if one == row.slot)
        tags = utm.tags(row.utm_content)
        content = self.press(row.wire_source(), "message", slot, "message", row, "", tags)
        return definition.Message(
            id=row.outside_id,
            name=row.name,
            content=content,
            variants=tuple(variant for variant in VARIANTS if variant in row.variants),
            weight=row.weight,
        )

    def press(
        self, source: Source, kind: Kind, slot: Slot, page: str, row: Template | Message, place: str,
        tags: Mapping[str, str] = MappingProxyType({}),
    ) -> Content:  # fmt: skip
        """The content; an empty one where there are troubles, so that the rest is checked as well."""
        pressed = self.presser(source, kind, slot, tags)
        for problem in pressed.problems:
            field = field_label(source, problem.where)
            where = ", ".join(part for part in (place, field) if part)
            self.troubles.append(
                Trouble(page, row.pk, row.name, where, problem.what, problem.next, problem.line)
            )
        return pressed.content or Content(kind, slot, (), ())

    def settings(self) -> None:
        """Quiet groups that are not (any longer) there."""
        for name in self.pen.management().quiet_groups:
            if name not in self.groups:
                what, advice = f"There is no group “{name}”.", "Choose a group that exists."
                self.troubles.append(Trouble("settings", None, self.pen.name, "quiet groups", what, advice))

    def rule(self, rule: Rule, page: str, row: Template | Campaign) -> None:
        """Groups and packages that are not (any longer) there; `pick.compile` cannot know."""
        for place, condition in (
            ("who writes", rule.senders), ("who writes, except", rule.except_senders),
            ("to whom", rule.to), ("to whom, except", rule.except_to),
        ):  # fmt: skip
            for name in getattr(condition, "groups", ()):
                if name not in self.groups:
                    advice = _did_you_mean(name, self.groups) or "Choose a group that exists."
                    what = f"There is no group “{name}”."
                    self.troubles.append(Trouble(page, row.pk, row.name, place, what, advice))
            for name in getattr(condition, "packages", ()):
                if name not in self.packages:
                    advice = _did_you_mean(name, self.packages) or "Choose a package that exists."
                    what = f"There is no package “{name}”."
                    self.troubles.append(Trouble(page, row.pk, row.name, place, what, advice))

    def located(self, problem: Problem) -> Trouble:
        """A problem of `pick.compile`, whose `where` is `templates/ID/…`, on its page."""
        kind, _, rest = problem.where.partition("/")
        key, _, place = rest.partition("/")
        row = self.named.get((kind, key))
        inner = place.split("/")
        if kind == "campaigns" and inner[0] == "messages" and len(inner) > 1:
            row, place = self.named.get(("messages", inner[1]), row), ", ".join(inner[2:])
        page = {"templates": "template", "campaigns": "campaign", "lists": "list"}.get(kind, "settings")
        if row is None:
            name = key if page == "list" else self.pen.name
            return Trouble(page, None, name, place, problem.what, problem.next, problem.line)
        page = "message" if isinstance(row, Message) else page
        words = place.replace("/", ", ").replace("_", " ")
        return Trouble(page, row.pk, row.name, words, problem.what, problem.next, problem.line)


def _did_you_mean(name: str, names: set[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"Did you mean “{near[0]}”?" if near else ""


def link_base(pen: Pen) -> str:
    """What a link's token is put after: at the PEN's own link domain, when that is proven (contract/links.md §4)."""
    own = pen.link_host if pen.link_host_proven_at is not None else ""
    return f"https://{own}/c/" if own else f"{settings.LINK_URL}/c/"


def votes_base(pen: Pen) -> str:
    """What the token of a vote is put after: the PEN's page of answers (contract/surveys.md §2)."""
    return f"{settings.PUBLIC_URL}/vote/{pen.outside_id}/"


def field_label(source: Source, name: str) -> str:
    """The label of a shape's field, as the page shows it; in a form, after which element it is."""
    step, _, rest = name.partition("/")
    if step == "elements" and rest:
        number, _, inner = rest.partition("/")
        kind = KINDS.get(source.listed[int(number)].kind)
        field = kind.field(inner) if kind else None
        words = (f"{int(number) + 1}. {kind.label}" if kind else rest, field.label if field else "")
        return ", ".join(word for word in words if word)
    shape = SHAPES.get(source.shape)
    field = shape.field(name) if shape else None
    return field.label if field else {"text": "plain text", "": ""}.get(name, name)
