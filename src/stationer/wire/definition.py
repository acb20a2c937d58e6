"""What the administrator meant: the input of `pick.compile`, made from portal rows or from a company file.

Ids are the outside form (`tpl_…`, `cam_…`, `msg_…`, any unique string in a company file).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from stationer.wire.content import Content
from stationer.wire.rules import Rule, Schedule
from stationer.wire.words import Pictures, Slot, Tracking, Variant

#: What becomes of a mail whose recipients are not all alike (contract/pick.md §3).
Mixed = Literal["shared", "strictest", "copies"]


class Management(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A PEN's management settings, as they are in force (contract/pick.md §8).

    In `blackout` no campaign's message is shown; mails of members of `quiet_groups` carry none. `most_copies`: of
    one mail, where `mixed` is `copies`. `replay`: an edge keeps records (contract/replay.md). `tracking`: what is
    kept of whoever follows a link, and `decoy`: whether a block ends in a link that nobody sees (contract/links.md).
    """

    hold_limit_ms: int = 60_000
    most_messages: int = 2
    slots: tuple[Slot, ...] = ("top", "signature", "banner", "footer")
    blackout: tuple[Schedule, ...] = ()
    quiet_groups: tuple[str, ...] = ()
    mixed: Mixed = "shared"
    most_copies: int = 4
    replay: bool = False
    pictures: Pictures = "linked"
    tracking: Tracking = "people"
    decoy: bool = False


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one level (a partner, a PEN) says of the settings; None: nothing."""

    hold_limit_ms: int | None = None
    most_messages: int | None = None
    slots: tuple[Slot, ...] | None = None
    blackout: tuple[Schedule, ...] | None = None
    quiet_groups: tuple[str, ...] | None = None
    mixed: Mixed | None = None
    most_copies: int | None = None
    replay: bool | None = None
    pictures: Pictures | None = None
    tracking: Tracking | None = None
    decoy: bool | None = None


class Inherited(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a partner hands down: its terms, and the names of those that are its alone to say."""

    management: Terms = Terms()
    locks: tuple[str, ...] = ()


class Template(msgspec.Struct, frozen=True):
    """Stationery: `parts[variant]` are the pressed contents of that variant, at most one a slot.

    A variant that is absent carries nothing. Higher `priority` is asked first; `fallback` has no rule and is last.
    """

    id: str
    name: str
    rule: Rule
    parts: dict[Variant, tuple[Content, ...]]
    priority: int = 0
    fallback: bool = False


class Message(msgspec.Struct, frozen=True):
    """A piece of content that a campaign shows, in the variants it names."""

    id: str
    name: str
    content: Content
    variants: tuple[Variant, ...] = ("new", "reply", "forward")
    weight: int = 1


class Caps(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """To one recipient at most so many mails with a campaign: in a UTC day, in seven days, ever. 0: no cap."""

    day: int = 0
    week: int = 0
    ever: int = 0


class Campaign(msgspec.Struct, frozen=True):
    """Who sees something, when; higher `priority` is asked first; `holdout` per cent of mails go without it.

    What is asked of a recipient's memory (contract/memory.md §2): `caps`; not again before `cool_down_h` hours; a
    `sequence` shows its messages one after the other, in their order; `stop_after_click` of any of its links.
    """

    id: str
    name: str
    rule: Rule
    messages: tuple[Message, ...]
    priority: int = 0
    holdout: int = 0
    caps: Caps = Caps()
    cool_down_h: int = 0
    sequence: bool = False
    stop_after_click: bool = False


class Definition(msgspec.Struct, frozen=True):
    """A PEN's whole stationery, ready to compile. `calendars` by name: dates and spans of dates."""

    pen: str
    name: str
    domains: tuple[str, ...]
    mark_key: bytes
    templates: tuple[Template, ...]
    campaigns: tuple[Campaign, ...]
    management: Management = Management()
    lists: dict[str, tuple[str, ...]] = {}
    calendars: dict[str, tuple[str, ...]] = {}
