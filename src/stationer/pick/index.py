"""load: a payload's posting lists become int bitmasks, one bit a rule, the rule that is asked first lowest.

A snapshot in memory is frozen but for two memos, which go with it: the schedules that hold, until the next moment
at which that changes, and what is known of the addresses that were asked about last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple

from stationer.links import Signer, signer
from stationer.pick import schedule
from stationer.pick.counting import HOUR_MS, Allowance
from stationer.pick.known import Memo
from stationer.pick.lists import Table, table
from stationer.pick.numbering import Numbered, numbered
from stationer.pick.snapshot import (
    Attribute,
    Audiences,
    Compiled,
    Offer,
    Postings,
    Rules,
    Senders,
    Time,
    Zone,
)
from stationer.wire.memory import Offered
from stationer.wire.words import SLOTS, VARIANTS, Slot, Variant


def mask_of(numbers: Iterable[int]) -> int:
    """The int with these bits set."""
    found = list(numbers)
    if len(found) < 8:
        return sum(1 << number for number in found)
    cells = bytearray(max(found) // 8 + 1)
    for number in found:
        cells[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(cells, "little")


def _masks(postings: Mapping[str, Postings]) -> dict[str, int]:
    return {key: mask_of(numbers) for key, numbers in postings.items()}


def _union(found: Iterable[int]) -> int:
    return reduce(or_, found, 0)


class Asking(NamedTuple):
    """What an attribute of the sender decides: the rules that pass by its value, and by any other value."""

    name: str
    passing: dict[str, int]
    otherwise: int


class SenderMasks(NamedTuple):
    """Which rules an entry about the sender speaks for."""

    anyone: int
    addresses: dict[str, int]
    groups: dict[str, int]
    packages: dict[str, int]
    where: tuple[Asking, ...]  # empty when no rule asks about an attribute


class AudienceMasks(NamedTuple):
    """Which rules an entry about recipients speaks for; `any` and `all` split those that name somebody.

    `sides` has every side that a mail may have, rules for anyone included. `number` is the audience's own among the
    four of a snapshot: templates' `to` and `except_to`, then campaigns'.
    """

    number: int
    sides: dict[str, int]
    unnamed: int
    any: int
    all: int
    addresses: dict[str, int]
    domains: dict[str, int]
    suffixes: dict[str, int]
    groups: dict[str, int]
    classes: tuple[int, ...]  # by class of the table of lists


class Clock:
    """Which rules' schedules hold at a moment. Rules with the same schedule share one check."""

    def __init__(self, times: Iterable[Time | None], zones: Mapping[str, Zone]) -> None:
        by_time: dict[Time | None, list[int]] = {}
        for number, time in enumerate(times):
            by_time.setdefault(time, []).append(number)
        self._always = mask_of(by_time.pop(None, ()))
        self._masks = {time: mask_of(numbers) for time, numbers in by_time.items() if time}
        self._zones = zones
        self._memo = (1, 0, 0)  # from, until (excluded), mask: replaced whole, so threads may share it

    def at(self, now: int) -> int:
        """The rules that hold at `now` (Unix ms)."""
        return self.span(now)[2]

    def span(self, now: int) -> tuple[int, int, int]:
        """The rules that hold at `now`, and from when (included) until when they do: (since, until, mask)."""
        since, until, mask = memo = self._memo
        if since <= now < until:
            return memo
        mask = self._always
        for time, rules in self._masks.items():
            if schedule.holds(time, self._zones, now):
                mask |= rules
        memo = self._memo = (now, schedule.next_change(list(self._masks), now), mask)
        return memo


class RuleMasks(NamedTuple):
    """Everything about all templates' rules (`number` 0), or all campaigns' (1)."""

    number: int
    senders: SenderMasks
    except_senders: SenderMasks
    to: AudienceMasks
    except_to: AudienceMasks
    clock: Clock


class Snapshot(NamedTuple):
    """A snapshot ready to be asked. `offers[variant, slot]` are the campaigns with a message for that place, `offered`
    those with one for any.
    """

    compiled: Compiled
    templates: RuleMasks
    campaigns: RuleMasks
    offers: dict[tuple[Variant, Slot], int]
    offered: int
    tiers: tuple[int, ...]  # for each campaign the number of the first one of lower priority
    domains: frozenset[str]
    suffixes: frozenset[str]
    wild: bool  # whether any rule, or the PEN itself, names a domain by `*.`
    lists: Table | None
    memo: Memo
    quiet: frozenset[str]  # groups whose members' mails carry no messages
    blackout: Clock | None  # None when there is none, so that nobody asks
    holdouts: int  # the campaigns that are held back from some
    singled: frozenset[str]  # addresses that any rule names
    remembering: (
        int  # the campaigns that ask for a recipient's memory; 0: nothing is looked up or written down
    )
    allowances: dict[int, Allowance]  # what each of them asks, by its number
    remembered: dict[str, Offered]  # the marks of their messages
    signer: Signer
    numbered: dict[str, Numbered]  # by digest, the contents whose links have tokens


def load(compiled: Compiled) -> Snapshot:
    """The in-memory form. Costs time once; a `pick` then takes microseconds."""
    places = [(variant, slot) for variant in VARIANTS for slot in SLOTS if slot in compiled.management.slots]
    templates = _rules(0, compiled.template_rules, compiled)
    campaigns = _rules(1, compiled.campaign_rules, compiled)
    suffixes = frozenset(domain[2:] for domain in compiled.domains if domain.startswith("*."))
    audiences = (templates.to, templates.except_to, campaigns.to, campaigns.except_to)
    offers = {place: _offering(compiled, *place) for place in places}
    asking = {n: campaign for n, campaign in enumerate(compiled.campaigns) if campaign.remembers()}
    return Snapshot(
        compiled=compiled,
        templates=templates,
        campaigns=campaigns,
        offers=offers,
        offered=_union(offers.values()),
        tiers=_tiers([campaign.priority for campaign in compiled.campaigns]),
        domains=frozenset(domain for domain in compiled.domains if not domain.startswith("*.")),
        suffixes=suffixes,
        wild=bool(suffixes) or any(audience.suffixes for audience in audiences),
        lists=table(compiled.lists, compiled.mark_key),
        memo=Memo(),
        quiet=frozenset(compiled.management.quiet_groups),
        blackout=Clock(compiled.blackout, compiled.zones) if compiled.blackout else None,
        holdouts=mask_of(n for n, campaign in enumerate(compiled.campaigns) if campaign.holdout),
        singled=frozenset().union(*(audience.addresses for audience in audiences)),
        remembering=mask_of(asking),
        allowances={number: _allowance(campaign) for number, campaign in asking.items()},
        remembered={one.mark: one for campaign in asking.values() for one in _offered(campaign)},
        signer=signer(compiled.pen, compiled.mark_key),
        numbered=numbered(compiled),
    )


def _allowance(campaign: Offer) -> Allowance:
    caps, steps = campaign.caps, len(campaign.messages) if campaign.sequence else 0
    cool_down = campaign.cool_down_h * HOUR_MS
    return Allowance(caps.day, caps.week, caps.ever, cool_down, steps, campaign.stop_after_click)


def _offered(campaign: Offer) -> Iterable[Offered]:
    for step, message in enumerate(campaign.messages, 1):
        yield Offered(message.mark, campaign.id, step if campaign.sequence else 0)


def _offering(compiled: Compiled, variant: Variant, slot: Slot) -> int:
    return mask_of(
        number
        for number, campaign in enumerate(compiled.campaigns)
        if any(message.slot == slot and variant in message.variants for message in campaign.messages)
    )


def _tiers(priorities: list[int]) -> tuple[int, ...]:
    ends, end = [0] * len(priorities), len(priorities)
    for number in range(len(priorities) - 1, -1, -1):
        if number + 1 < len(priorities) and priorities[number] != priorities[number + 1]:
            end = number + 1
        ends[number] = end
    return tuple(ends)


def _rules(number: int, rules: Rules, compiled: Compiled) -> RuleMasks:
    return RuleMasks(
        number=number,
        senders=_senders(rules.senders, rules.count),
        except_senders=_senders(rules.except_senders, rules.count),
        to=_audiences(number * 2, rules.to, compiled),
        except_to=_audiences(number * 2 + 1, rules.except_to, compiled),
        clock=Clock(rules.times, compiled.zones),
    )


def _senders(senders: Senders, count: int) -> SenderMasks:
    return SenderMasks(
        anyone=mask_of(senders.anyone),
        addresses=_masks(senders.addresses),
        groups=_masks(senders.groups),
        packages=_masks(senders.packages),
        where=tuple(_asking(name, attribute, count) for name, attribute in senders.where.items()),
    )


def _asking(name: str, attribute: Attribute, count: int) -> Asking:
    otherwise = ((1 << count) - 1) & ~mask_of(attribute.asked)
    return Asking(name, {v: otherwise | m for v, m in _masks(attribute.values).items()}, otherwise)


def _audiences(number: int, audiences: Audiences, compiled: Compiled) -> AudienceMasks:
    sides = {str(side): mask_of(numbers) for side, numbers in audiences.sides.items()}
    everyone, unnamed, wants_all = _union(sides.values()), mask_of(audiences.unnamed), mask_of(audiences.all)
    by_list = [mask_of(audiences.lists.get(name, ())) for name in compiled.lists.names]
    anyone = sides.get("anyone", 0)
    return AudienceMasks(
        number=number,
        sides={side: anyone | sides.get(side, 0) for side in ("", "inside", "outside", "mixed")},
        unnamed=unnamed,
        any=everyone & ~unnamed & ~wants_all,
        all=wants_all & ~unnamed,
        addresses=_masks(audiences.addresses),
        domains=_masks(audiences.domains),
        suffixes=_masks(audiences.suffixes),
        groups=_masks(audiences.groups),
        classes=tuple(_union(by_list[n] for n in members) for members in compiled.lists.members),
    )
