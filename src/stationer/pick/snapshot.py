"""The snapshot's payload: a definition checked, sorted and indexed (contract/pick.md §6).

Rules are numbered in the order in which they are asked: (priority descending, id), a fallback last. A posting list
holds the numbers of the rules that an entry speaks for; `index.load` turns posting lists into int bitmasks.
"""

from __future__ import annotations

import msgspec

from stationer.wire.content import Content, Target
from stationer.wire.definition import Caps, Management
from stationer.wire.roll import Person
from stationer.wire.rules import Rule, Side
from stationer.wire.words import PictureType, Slot, Variant

Postings = tuple[int, ...]

#: Raised when a newer compile writes what an older pick would read wrongly. A pick refuses what is newer than itself.
VERSION = 3
#: What is written where nothing newer is used, so that an older pick reads it: 3 brought memory (caps and their like)
#: and pictures that travel along.
WITHOUT_MEMORY = 2


class Attribute(msgspec.Struct, frozen=True):
    """The rules that ask about an attribute of the sender, and by value (trimmed, case-folded) those it satisfies."""

    asked: Postings
    values: dict[str, Postings]


class Senders(msgspec.Struct, frozen=True):
    """Posting lists by what a rule says of the sender; `where` by the name of an attribute."""

    anyone: Postings = ()
    addresses: dict[str, Postings] = {}
    groups: dict[str, Postings] = {}
    packages: dict[str, Postings] = {}
    where: dict[str, Attribute] = {}


class Audiences(msgspec.Struct, frozen=True):
    """Posting lists by what a rule says of the recipients. `unnamed` rules name nobody and ask for a side alone.

    `suffixes` holds `*.` entries without the `*.`. `all` rules want every recipient named, the others any.
    """

    sides: dict[Side, Postings] = {}
    unnamed: Postings = ()
    all: Postings = ()
    addresses: dict[str, Postings] = {}
    domains: dict[str, Postings] = {}
    suffixes: dict[str, Postings] = {}
    groups: dict[str, Postings] = {}
    lists: dict[str, Postings] = {}


class Time(msgspec.Struct, frozen=True):
    """When a rule holds: `starts` ≤ now < `ends` (Unix ms), and the wall clock in `zone` shows these days and hours.

    `weekdays` has bit 0 for Monday. `from_minute` and `until_minute` count from midnight; when `until` is not
    later than `from`, the hours run past midnight and belong to the day on which they began. `off` are spans of days
    (first and last, counted from 1 January 1970, sorted, apart) which the clock must not show.
    """

    starts: int | None = None
    ends: int | None = None
    zone: str = ""
    weekdays: int = 127
    from_minute: int = 0
    until_minute: int = 1440
    off: tuple[tuple[int, int], ...] = ()

    def recurs(self) -> bool:
        """Whether days or hours are limited at all."""
        return bool(self.off) or (self.weekdays, self.from_minute, self.until_minute) != (127, 0, 1440)


class Zone(msgspec.Struct, frozen=True):
    """A zone's offsets from UTC: from `at[n]` (Unix ms) on, the wall clock is UTC + `offsets[n]` ms."""

    at: tuple[int, ...]
    offsets: tuple[int, ...]


class Rules(msgspec.Struct, frozen=True):
    """The index over all templates, or over all campaigns. `times[n]` belongs to rule n; None is always."""

    count: int
    senders: Senders
    except_senders: Senders
    to: Audiences
    except_to: Audiences
    times: tuple[Time | None, ...]


class Lists(msgspec.Struct, frozen=True):
    """Every address of every list in one table of sorted keyed hashes (contract/pick.md §6).

    The first `prefix` bytes of a hash choose a bucket; `keys` has the other 8 - `prefix` of each, and `classes` a
    number each, of as few bytes as the greatest needs (none when there is one class): which combination of lists,
    `members[class]`, as numbers into `names`. `buckets` has 256 ** prefix + 1 u32 offsets into `keys`.
    """

    names: tuple[str, ...] = ()
    prefix: int = 0
    buckets: bytes = b""
    keys: bytes = b""
    classes: bytes = b""
    members: tuple[tuple[int, ...], ...] = ()


class Part(msgspec.Struct, frozen=True):
    """A template's content in one slot, by its digest."""

    slot: Slot
    content: str


class Stationery(msgspec.Struct, frozen=True):
    """A template in asking order."""

    id: str
    name: str
    rule: Rule
    priority: int
    fallback: bool
    parts: dict[Variant, tuple[Part, ...]]


class Showing(msgspec.Struct, frozen=True):
    """A message: which content, in which slot and variants, with what weight and mark."""

    id: str
    name: str
    slot: Slot
    content: str
    mark: str
    variants: tuple[Variant, ...]
    weight: int


class Offer(msgspec.Struct, frozen=True):
    """A campaign in asking order; `holdout` per cent. `messages` stand in the order in which a sequence shows them."""

    id: str
    name: str
    rule: Rule
    priority: int
    messages: tuple[Showing, ...]
    holdout: int = 0
    caps: Caps = Caps()
    cool_down_h: int = 0
    sequence: bool = False
    stop_after_click: bool = False

    def remembers(self) -> bool:
        """Whether it asks anything of a recipient's memory (contract/memory.md §2)."""
        return bool(self.sequence or self.cool_down_h or self.stop_after_click or self.caps != Caps())


class OldLinks(msgspec.Struct, frozen=True, omit_defaults=True):
    """The link targets of a content that is no longer shown, until a moment (Unix ms); None: for ever."""

    targets: tuple[Target, ...]
    until: int | None = None


class Octets(msgspec.Struct, frozen=True):
    """A picture as it travels with mails: its media type, and what it consists of."""

    type: PictureType
    data: bytes


class Compiled(msgspec.Struct, frozen=True):
    """A snapshot's payload. `blackout[n]` is `management.blackout[n]` compiled. `people` is filled offline alone, so
    that a file can be asked without a roll. `pictures` by digest: those that contents call (contract/content.md §5).
    `links` has the targets of contents of earlier snapshots, by digest; `votes` is the portal's address behind which
    the token of a vote is put (contract/surveys.md §2), or empty."""

    version: int
    pen: str
    name: str
    domains: tuple[str, ...]
    mark_key: bytes
    management: Management
    templates: tuple[Stationery, ...]
    campaigns: tuple[Offer, ...]
    template_rules: Rules
    campaign_rules: Rules
    contents: dict[str, Content]
    zones: dict[str, Zone]
    lists: Lists
    people: tuple[Person, ...] = ()
    blackout: tuple[Time | None, ...] = ()
    links: dict[str, OldLinks] = {}
    pictures: dict[str, Octets] = {}
    votes: str = ""
