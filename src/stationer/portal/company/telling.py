"""An arrival in words: groups of changes with how many there are, and each change with what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from stationer.portal.access.rights import SENTENCES, Right
from stationer.portal.audit.words import FIELDS
from stationer.portal.content.comparing import Change
from stationer.portal.people.attributes import label
from stationer.portal.publishing.telling import Line

NAMES: dict[str, tuple[str, str | Promise]] = {
    "person": ("people", gettext_lazy("People")),
    "group": ("people", gettext_lazy("Groups")),
    "package": ("people", gettext_lazy("Packages")),
    "list": ("mail", gettext_lazy("Lists of addresses")),
    "template": ("template", gettext_lazy("Templates")),
    "campaign": ("campaign", gettext_lazy("Campaigns")),
    "message": ("mail", gettext_lazy("Messages")),
    "picture": ("image", gettext_lazy("Pictures")),
    "settings": ("settings", gettext_lazy("Settings")),
}
WORDS: dict[str, tuple[str | Promise, str]] = {
    "removed": (gettext_lazy("is taken out"), "bad"),
    "changed": (gettext_lazy("changed"), "warn"),
    "added": (gettext_lazy("new"), "good"),
    "kept": (gettext_lazy("stays: can sign in"), "plain"),
}


@dataclass(frozen=True)
class Group:
    """All changes of one kind: how many of each sort, with its word and its tone."""

    kind: str
    icon: str
    name: str | Promise
    sorts: list[tuple[int, str | Promise, str]]
    count: int


@dataclass(frozen=True)
class Told:
    """One change."""

    icon: str
    title: str
    word: str | Promise
    tone: str
    lines: list[Line]


def groups(counts: Mapping[str, Mapping[str, int]]) -> list[Group]:
    """In the order of the page."""
    return [
        Group(
            kind,
            *NAMES[kind],
            [(number, *WORDS[what]) for what, number in found.items()],
            sum(found.values()),
        )
        for kind, found in counts.items()
    ]


def told(change: Change) -> Told:
    """The change in words of the reader's language."""
    word, tone = WORDS[change.what]
    title = change.name.removeprefix("of ") if change.kind == "settings" else change.name
    lines = change.lines()
    if change.kind == "person":
        lines = [replace(line, about=str(FIELDS.get(line.about) or label(line.about))) for line in lines]
    return Told(NAMES[change.kind][0], title, word, tone, lines)


def rights(lacking: Iterable[Right]) -> list[str]:
    """What somebody may not do, as the end of a sentence."""
    return [str(SENTENCES[one]) for one in lacking]
