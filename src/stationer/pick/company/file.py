"""A company file as values: people, groups, lists, templates, campaigns; contents are still sources, unpressed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from stationer.pick.terms import settle
from stationer.wire.definition import Caps, Inherited, Management, Terms
from stationer.wire.problem import Problem
from stationer.wire.roll import Person
from stationer.wire.rules import Rule
from stationer.wire.source import Source, Utm
from stationer.wire.words import Kind, PackageRight, Slot, Variant

#: Only a live campaign is shown to anybody.
State = Literal["live", "paused", "draft"]


class CompanyErrors(Exception):
    """The file is wrong: `problems` are all of them, each with its line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(problem.sentence() for problem in self.problems))


class PenEntry(msgspec.Struct, frozen=True):
    """The company: `links` is what link tokens are written after, `assets` where pictures are hosted."""

    id: str
    name: str
    domains: tuple[str, ...]
    links: str = ""
    assets: str = ""
    zone: str = "UTC"


class ListEntry(msgspec.Struct, frozen=True):
    """A list of addresses: here, or in a file beside this one (a path relative to it)."""

    addresses: tuple[str, ...] = ()
    file: str = ""


class PictureEntry(msgspec.Struct, frozen=True):
    """A picture in a file beside this one. Of one that is served already `url` says where, and `sha256` (hexadecimal)
    and `size` (bytes) what its file was when that was written."""

    file: str
    url: str = ""
    sha256: str = ""
    size: int | None = None

    def is_another(self, data: bytes) -> bool:
        """Whether these bytes are not those that are served."""
        told, size = self.sha256.lower(), len(data) if self.size is None else self.size
        return len(data) != size or (bool(told) and sha256(data).hexdigest() != told)


class PackageEntry(msgspec.Struct, frozen=True):
    """What a file says of a package besides its name (contract/people.md §2, §5); None where it says nothing of that:
    then it is as such a package comes."""

    disclaimer: str | None = None
    rights: tuple[PackageRight, ...] | None = None
    guests: bool | None = None
    most_octets: int | None = None
    messages_a_day: int | None = None
    retention_days: int | None = None
    level: int | None = None


class TemplateEntry(msgspec.Struct, frozen=True):
    """A template with its sources by variant and slot."""

    id: str
    name: str
    rule: Rule
    parts: dict[Variant, dict[Slot, Source]]
    priority: int = 0
    fallback: bool = False


class MessageEntry(msgspec.Struct, frozen=True):
    """A message with its source. `slot` is None when the file leaves it to the shape."""

    id: str
    name: str
    source: Source
    slot: Slot | None = None
    variants: tuple[Variant, ...] = ("new", "reply", "forward")
    weight: int = 1
    utm_content: str = ""


class CampaignEntry(msgspec.Struct, frozen=True):
    """A campaign with its messages. `state` is None where the file leaves it to what is there, or to live."""

    id: str
    name: str
    rule: Rule
    messages: tuple[MessageEntry, ...]
    state: State | None = None
    priority: int = 0
    holdout: int = 0
    caps: Caps = Caps()
    cool_down_h: int = 0
    sequence: bool = False
    stop_after_click: bool = False
    utm: Utm = Utm()

    @property
    def shown(self) -> bool:
        """Whether it is compiled; one that is not may be unfinished."""
        return self.state in (None, "live")


class Piece(NamedTuple):
    """A source to press: where it stands in the file, as what, and what its links say (contract/content.md §8). No
    slot: the usual one of its shape."""

    where: str
    kind: Kind
    slot: Slot | None
    source: Source
    tags: Mapping[str, str] = MappingProxyType({})


class CompanyFile(msgspec.Struct, frozen=True):
    """The whole file. `lines` says on which line each place (`campaigns/open-evening/when`) begins; `lost` are the
    places that could not be read and hold something harmless. `packages` are all that it names; `terms_of` those of
    which it says more. `terms` are the PEN's own settings; `says_partner`:
    whether the file has a `partner`, if only an empty one."""

    pen: PenEntry
    terms: Terms
    people: tuple[Person, ...]
    groups: tuple[str, ...]
    packages: tuple[str, ...]
    lists: dict[str, ListEntry]
    pictures: dict[str, PictureEntry]
    templates: tuple[TemplateEntry, ...]
    campaigns: tuple[CampaignEntry, ...]
    partner: Inherited = Inherited()
    says_partner: bool = False
    calendars: dict[str, tuple[str, ...]] = {}
    terms_of: dict[str, PackageEntry] = {}
    lines: dict[str, int] = {}
    lost: frozenset[str] = frozenset()

    @property
    def management(self) -> Management:
        """The settings in force, with what the partner hands down (contract/pick.md §8)."""
        return settle(self.partner, self.terms)

    def sources(self) -> Iterator[Piece]:
        """Every source that is compiled."""
        for template in self.templates:
            for variant, parts in template.parts.items():
                for slot, source in parts.items():
                    yield Piece(f"templates/{template.id}/{variant}/{slot}", "template", slot, source)
        for campaign in self.campaigns:
            for message in campaign.messages if campaign.shown else ():
                where, tags = message_place(campaign.id, message.id), campaign.utm.tags(message.utm_content)
                yield Piece(where, "message", message.slot, message.source, tags)

    def line(self, where: str) -> int | None:
        """The line of a place, or of the nearest place round it."""
        while where:
            if where in self.lines:
                return self.lines[where]
            where = where.rpartition("/")[0]
        return None

    def placed(self, problem: Problem, inside: str = "") -> Problem:
        """A problem of some part with its place and line in the file. A line it has counts within its value."""
        where = self._level("/".join(part for part in (inside, problem.where) if part))
        line = self.line(where)
        if problem.line and line:
            line += problem.line - 1
        return msgspec.structs.replace(problem, where=where, line=line)

    def _level(self, where: str) -> str:
        """A place in the settings in force as that of the level which said it: a PEN's own come first."""
        steps = where.split("/")
        if steps[0] != "management" or len(steps) < 2 or where in self.lines:
            return where
        own = getattr(self.terms, steps[1], None) or ()
        handed = getattr(self.partner.management, steps[1], None)
        if steps[1] == "blackout" and len(steps) > 2 and handed and int(steps[2]) >= len(own):
            steps[2] = str(handed.index(self.management.blackout[int(steps[2])]))
        return "/".join(steps) if handed is None else "/".join(["partner", *steps])

    def follows(self, problem: Problem) -> bool:
        """Whether a problem only follows from a place that could not be read, so that it says nothing new."""
        steps = problem.where.split("/")
        above = {"/".join(steps[:count]) for count in range(1, len(steps) + 1)}
        tables = {NAMED_IN[step] for step in steps[-2:] if step in NAMED_IN}
        return not self.lost.isdisjoint(above | tables)


#: Where the names come from that a place of this kind refers to.
NAMED_IN = {
    "groups": "groups", "lists": "lists", "package": "packages", "packages": "packages", "picture": "pictures",
    "not_on": "calendars", "quiet_groups": "groups",
}  # fmt: skip


def message_place(campaign: str, message: str) -> str:
    """Where a message's content stands in the file; a message's id is `campaign/key`."""
    return f"campaigns/{campaign}/messages/{message.removeprefix(campaign + '/')}/content"
