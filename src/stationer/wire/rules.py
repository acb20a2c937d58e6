"""Who sees something and when: the rule of a template or a campaign, as the portal and a company file state it."""

from __future__ import annotations

from typing import Literal

import msgspec

#: Where recipients stand: all in one of the PEN's own domains, all elsewhere, at least one of each kind.
Side = Literal["anyone", "inside", "outside", "mixed"]


class Senders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anyone in the PEN when all lists are empty; otherwise a member whom any entry names."""

    addresses: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


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
    """

    starts: str = ""
    ends: str = ""
    weekdays: tuple[int, ...] = ()
    hours: str = ""
    zone: str = "UTC"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sentence: when `senders` write to `to` (and not to `except_to`), during `when`."""

    senders: Senders = Senders()
    to: Recipients = Recipients()
    except_senders: Senders | None = None
    except_to: Recipients | None = None
    when: Schedule = Schedule()
