"""What the administrator meant: the input of `pick.compile`, made from portal rows or from a company file.

Ids are the outside form (`tpl_…`, `cam_…`, `msg_…`, any unique string in a company file).
"""

from __future__ import annotations

import msgspec

from stationer.wire.content import Content
from stationer.wire.rules import Rule
from stationer.wire.words import Slot, Variant


class Management(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A PEN's management settings."""

    hold_limit_ms: int = 60_000
    most_messages: int = 2
    slots: tuple[Slot, ...] = ("top", "signature", "banner", "footer")


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


class Campaign(msgspec.Struct, frozen=True):
    """Who sees something, when; higher `priority` is asked first."""

    id: str
    name: str
    rule: Rule
    messages: tuple[Message, ...]
    priority: int = 0


class Definition(msgspec.Struct, frozen=True):
    """A PEN's whole stationery, ready to compile."""

    pen: str
    name: str
    domains: tuple[str, ...]
    mark_key: bytes
    templates: tuple[Template, ...]
    campaigns: tuple[Campaign, ...]
    management: Management = Management()
    lists: dict[str, tuple[str, ...]] = {}
