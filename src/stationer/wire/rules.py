"""Who sees something and when: the rule of a template or a campaign, as the portal and a company file state it."""

from __future__ import annotations

from typing import Literal

import msgspec

#: Where recipients stand: all in one of the PEN's own domains, all elsewhere, at least one of each kind.
Side = Literal["anyone", "inside", "outside", "mixed"]


class Senders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anyone in the PEN when all lists are empty; otherwise a member whom any entry names.

    `where` narrows that: of every attribute named, the member's must be one of the values (trimmed, without case).
    """

    addresses: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = {}

    def names_nobody(self) -> bool:
        """Whether it speaks of anyone in the PEN, before `where` narrows that."""
        return not (self.addresses or self.groups or self.packages)


class Recipients(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`side` and (when any list is given) `match` of the recipients named by an entry.

    `domains` may begin with `*.` for every subdomain. `groups` are groups of members; `lists` are named lists of
    addresses in the company.
    """

    side: Side = "anyone"
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    match: Literal["any", "all"] = "any"


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Local times in `zone` (an IANA name). `weekdays` 0 is Monday. `hours` is `HH:MM-HH:MM`, the end excluded.

    `starts` and `ends` are `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`; a bare date in `ends` is the end of that day.
    `not_on` are days on which it does not hold: a date, a span `YYYY-MM-DD..YYYY-MM-DD` (both included), or the name
    of one of the company's calendars.
    """

    starts: str = ""
    ends: str = ""
    weekdays: tuple[int, ...] = ()
    hours: str = ""
    zone: str = "UTC"
    not_on: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sentence: when `senders` write to `to` (and not to `except_to`), during `when`."""

    senders: Senders = Senders()
    to: Recipients = Recipients()
    except_senders: Senders | None = None
    except_to: Recipients | None = None
    when: Schedule = Schedule()
