"""A change as a person would tell it: what it is about, what it said, what it says now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.compose import KINDS, SHAPES
from stationer.portal.content.parts import PARTS, source_of
from stationer.portal.content.sentence import (
    PLACES,
    VARIANTS,
    all_of,
    by_clock,
    off,
    pieces,
    plain,
    template_sentence,
    when_sentence,
    who,
    whom,
)
from stationer.portal.content.valid import Parts
from stationer.portal.publishing.changes import Change, Difference
from stationer.wire import ids
from stationer.wire.definition import Caps
from stationer.wire.rules import Rule, Schedule
from stationer.wire.source import Element, Source

LONGEST = 160


@dataclass(frozen=True)
class Line:
    """One thing that differs: `before` and `after` are empty where there was or is nothing."""

    about: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Told:
    """One change, ready for the page. `url` leads to where it can be looked at, or is empty."""

    icon: str
    title: str
    word: str
    tone: str
    lines: list[Line]
    url: str
    by: str
    at: datetime | None


ICONS = {
    "template": "template",
    "campaign": "campaign",
    "message": "mail",
    "list": "people",
    "picture": "image",
}
WORDS: dict[str, tuple[Callable[[], str], str]] = {
    "added": (lambda: _("new"), "good"),
    "changed": (lambda: _("changed"), "warn"),
    "removed": (lambda: _("no longer shown"), "bad"),
}


def told(change: Change, zone: str = "UTC") -> Told:
    """The change in words; `zone` is the company's clock."""
    word, tone = WORDS[change.what]
    differs = [line for field in change.fields for line in lines(change.kind, field, zone)]
    return Told(
        icon=ICONS.get(change.kind, "settings"),
        title=change.name,
        word=word(),
        tone=tone,
        lines=[line for line in differs if line.before != line.after],
        url=_url(change),
        by=change.by,
        at=change.at,
    )


def _url(change: Change) -> str:
    if change.kind == "settings":
        return reverse("settings")
    if change.kind == "list":
        return reverse("lists")
    if change.id is None or (change.what == "removed" and change.kind != "campaign"):
        return ""
    return page_of(change.kind, ids.outside(change.kind, change.id)) if change.kind in PAGES else ""


PAGES = {"template": "template", "campaign": "campaign", "message": "message"}


def page_of(kind: str, outside: str) -> str:
    """The page of a template, campaign or message."""
    return reverse(PAGES[kind], args=[outside])


def _short(text: str) -> str:
    line = " / ".join(part for part in text.split("\n") if part.strip())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _rule(kind: str, before: Any, after: Any, zone: str) -> Iterator[Line]:
    old = msgspec.convert(before, Rule) if before is not None else None
    new = msgspec.convert(after, Rule) if after is not None else None

    def scope(rule: Rule | None) -> str:
        if rule is None:
            return ""
        if kind == "template":
            return plain(template_sentence(rule, fallback=False))
        return plain(pieces(_("When {who} writes to {to}"), {"who": who(rule), "to": whom(rule)}))

    def times(rule: Rule | None) -> str:
        return plain(when_sentence(by_clock(rule.when, zone))) if rule is not None else ""

    yield Line(_("Who sees it"), scope(old), scope(new))
    if kind == "campaign":
        yield Line(_("When"), times(old), times(new))


def _source(about: str, before: Source | None, after: Source | None) -> Iterator[Line]:
    if before is None or after is None or before.shape != after.shape:
        yield Line(about or _("What it shows"), _gist(before), _gist(after))
        return
    shape = SHAPES.get(after.shape)
    for name in {**before.values, **after.values}:
        field = shape.field(name) if shape else None
        otherwise = field.otherwise if field else ""
        label = f"{about}: {_(field.label)}" if field and about else _(field.label) if field else name
        yield Line(
            label, _short(before.values.get(name, otherwise)), _short(after.values.get(name, otherwise))
        )
    yield from _elements(about, before, after)
    yield Line(_("Plain text"), _short(before.text), _short(after.text))


def _elements(about: str, before: Source, after: Source) -> Iterator[Line]:
    """Elements that went, came or changed, in their order."""
    old, new = before.listed, after.listed
    for deed, a, b, c, d in SequenceMatcher(None, _hashable(old), _hashable(new), False).get_opcodes():
        if deed == "equal":
            continue
        for gone, come in zip_longest(old[a:b], new[c:d]):
            kind = (come or gone).kind
            label = _(KINDS[kind].label) if kind in KINDS else kind
            yield Line(f"{about}: {label}" if about else label, _said(gone), _said(come))


def _hashable(elements: Sequence[Element]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [(one.kind, tuple(sorted(one.values.items()))) for one in elements]


def _said(element: Element | None) -> str:
    """An element in its own words; one without any says that it is there."""
    if element is None:
        return ""
    said = ", ".join(" ".join(value.split()) for value in element.values.values() if value)
    return _short(said) or _("as usual")


def _gist(source: Source | None) -> str:
    """The first words of a source."""
    if source is None:
        return ""
    shape = SHAPES.get(source.shape)
    own = source.listed[0].values if source.listed else source.values
    said = next((value for value in own.values() if value and not value.startswith("#")), "")
    return _short(said) or (_(shape.label) if shape else source.shape)


def _parts(before: Any, after: Any) -> Iterator[Line]:
    old: Parts = msgspec.convert(before or {}, Parts)
    new: Parts = msgspec.convert(after or {}, Parts)
    for part in PARTS.values():
        yield from _source(part.name(), source_of(old, part), source_of(new, part))


def _number(value: Any) -> str:
    return "" if value is None else str(value)


def _addresses(before: Any, after: Any) -> Iterator[Line]:
    old, new = set(before or ()), set(after or ())
    gone, come = len(old - new), len(new - old)
    yield Line(
        _("Addresses"),
        ngettext("{count} taken out", "{count} taken out", gone).format(count=gone) if gone else "",
        ngettext("{count} put in", "{count} put in", come).format(count=come) if come else "",
    )


def _seconds(value: Any) -> str:
    return "" if value is None else _("{count} seconds").format(count=value // 1000)


def lines(kind: str, differs: Difference, zone: str) -> Iterator[Line]:
    """One field's difference in words; what says nothing to a person (a digest) says only that it is another."""
    field, before, after = differs.field, differs.before, differs.after
    if field == "rule":
        yield from _rule(kind, before, after, zone)
    elif field == "parts":
        yield from _parts(before, after)
    elif field == "source":
        old = msgspec.convert(before, Source) if before is not None else None
        new = msgspec.convert(after, Source) if after is not None else None
        yield from _source("", old, new)
    elif field == "addresses":
        yield from _addresses(before, after)
    else:
        yield from _plain(field, before, after)


MIXED: dict[str, Callable[[], str]] = {
    "shared": lambda: _("everybody gets what suits all of them"),
    "strictest": lambda: _("everybody gets what suits those outside"),
    "copies": lambda: _("each audience gets a copy of its own"),
}

STATES: dict[str, Callable[[], str]] = {
    "live": lambda: _("Running"),
    "paused": lambda: _("Paused"),
    "draft": lambda: _("Draft"),
}

PICTURES: dict[str, Callable[[], str]] = {
    "linked": lambda: _("fetched when the mail is opened"),
    "embedded": lambda: _("inside each mail"),
}

TRACKING: dict[str, Callable[[], str]] = {
    "people": lambda: _("is noted"),
    "domains": lambda: _("only the company is noted"),
    "off": lambda: _("is not noted"),
}


def _blackout(value: Any) -> str:
    times = msgspec.convert(value or [], list[Schedule])
    return " / ".join(plain(when_sentence(when)) for when in times)


def _calendars(value: Any) -> str:
    said = (f"{name}: {all_of([off(day) for day in days])}" for name, days in (value or {}).items())
    return _short("\n".join(said))


def _caps(value: Any) -> str:
    caps = msgspec.convert(value or {}, Caps)
    said = [
        _("{count} a day").format(count=caps.day) if caps.day else "",
        _("{count} a week").format(count=caps.week) if caps.week else "",
        _("{count} in all").format(count=caps.ever) if caps.ever else "",
    ]
    return all_of([one for one in said if one])


def _utm(value: Any) -> str:
    return ", ".join((value or {}).values())


def _plain(field: str, before: Any, after: Any) -> Iterator[Line]:
    words: Mapping[str, tuple[str, Callable[[Any], str]]] = {
        "name": (_("Name"), _number),
        "state": (_("State"), lambda value: STATES[value]() if value else ""),
        "slot": (_("Where it stands"), lambda value: PLACES[value]() if value else ""),
        "variants": (_("In which mails"), lambda value: all_of([VARIANTS[name]() for name in value or ()])),
        "priority": (_("Rank"), lambda value: str(value) if value else ""),
        "fallback": (_("For everyone else"), lambda value: _("yes") if value else ""),
        "weight": (_("Share"), lambda value: str(value) if value not in (None, 1) else ""),
        "holdout": (_("Held back, in per cent"), lambda value: str(value) if value else ""),
        "caps": (_("At most, to one recipient"), _caps),
        "cool_down_h": (_("Not again before, in hours"), lambda value: str(value) if value else ""),
        "sequence": (_("Messages one after the other"), lambda value: _("yes") if value else ""),
        "stop_after_click": (_("Stops after a click"), lambda value: _("yes") if value else ""),
        "utm": (_("What its links say"), _utm),
        "utm_content": (_("What its links call it"), _number),
        "place": (_("Order of the messages"), lambda value: "" if value is None else str(value + 1)),
        "slots": (
            _("Where messages and letterheads may stand"),
            lambda value: all_of([PLACES[s]() for s in value or ()]),
        ),
        "quiet_groups": (_("Groups whose mails carry no messages"), lambda value: ", ".join(value or ())),
        "blackout": (_("When no message is shown"), _blackout),
        "calendars": (_("Calendars"), _calendars),
        "mixed": (_("Mails to several audiences"), lambda value: MIXED[value or "shared"]()),
        "most_copies": (_("Copies of one mail, at most"), _number),
        "replay": (_("Records for trying drafts"), lambda value: _("kept") if value else ""),
        "pictures": (_("Pictures in mails"), lambda value: PICTURES[value or "linked"]()),
        "tracking": (_("Who follows a link"), lambda value: TRACKING[value or "people"]()),
        "decoy": (_("A link that nobody sees"), lambda value: _("yes") if value else ""),
        "link_host": (_("Domain of its links"), _number),
        "inherited": (
            _("What your partner sets"),
            lambda value: (
                _("{count} settings").format(count=len((value or {}).get("management", {}))) if value else ""
            ),
        ),
        "domains": (_("Domains"), lambda value: ", ".join(value or ())),
        "hold_limit_ms": (_("How long a mail may wait for us"), _seconds),
        "most_messages": (_("Messages in one mail, at most"), _number),
        "digest": (_("Picture"), lambda value: _("another file") if value else ""),
    }
    if field in words:
        about, say = words[field]
        old, new = say(before), say(after)
        yield Line(about, "" if field == "digest" else old, new)
