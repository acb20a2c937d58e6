"""The oracle: contract/pick.md as it reads, with nothing sorted, indexed or cached beforehand."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from stationer.wire.definition import Campaign, Definition, Message
from stationer.wire.roll import Person
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.words import VARIANTS


class Past(NamedTuple):
    """What one recipient was sent of one campaign: each mail's moment and step, and whether they clicked."""

    mails: tuple[tuple[datetime, int], ...] = ()
    clicked: bool = False


class Oracle(NamedTuple):
    """A mail from `who` to all of `whole`, at `now`, in a company, to recipients with a `past` (by address and
    campaign)."""

    company: Definition
    people: dict[str, Person]
    who: Person
    whole: list[str]
    now: datetime
    seed: int
    past: dict[tuple[str, str], Past] = {}

    def under(self, address: str, entries: tuple[str, ...]) -> bool:  # §3
        domain = address.split("@")[1]
        return any(domain.endswith(e[1:]) if e.startswith("*.") else domain == e for e in entries)

    def sends(self, said: Senders) -> bool:  # §2
        listed = self.who.address in said.addresses or self.who.package in said.packages
        named = listed or any(group in said.groups for group in self.who.groups)
        anyone = not (said.addresses or said.groups or said.packages)
        own = {name: value.strip().casefold() for name, value in self.who.attributes.items()}
        return (named or anyone) and all(
            own.get(name) in [v.strip().casefold() for v in vs] for name, vs in said.where.items()
        )

    def goes(self, said: Recipients, to: list[str]) -> bool:  # §3
        inside = [self.under(address, self.company.domains) for address in to]
        side = "none" if not to else "inside" if all(inside) else "mixed" if any(inside) else "outside"
        groups = {a: self.people[a].groups if a in self.people else () for a in to}
        named = [
            a in said.addresses
            or self.under(a, said.domains)
            or any(group in said.groups for group in groups[a])
            or any(a in self.company.lists[name] for name in said.lists)
            for a in to
        ]
        nobody = not (said.addresses or said.domains or said.groups or said.lists)
        enough = nobody or (bool(to) and (any(named) if said.match == "any" else all(named)))
        return said.side in ("anyone", side) and enough

    def is_time(self, said: Schedule) -> bool:  # §4
        zone = ZoneInfo(said.zone)
        local = self.now.astimezone(zone)

        def moment(text: str, late: bool) -> datetime:
            later = timedelta(days=1) if late and len(text) == 10 else timedelta()
            return (datetime.fromisoformat(text) + later).replace(tzinfo=zone).astimezone(UTC)

        if said.starts and self.now < moment(said.starts, False):
            return False
        if said.ends and self.now >= moment(said.ends, True):
            return False
        off = [day for entry in said.not_on for day in self.company.calendars.get(entry, (entry,))]
        spans = [(span.split("..")[0], span.split("..")[-1]) for span in off]
        if any(date.fromisoformat(a) <= local.date() <= date.fromisoformat(b) for a, b in spans):
            return False
        begin, until = (said.hours or "00:00-24:00").split("-")
        clock, day, days = local.strftime("%H:%M"), local.weekday(), said.weekdays or tuple(range(7))
        if begin < until:
            return begin <= clock < until and day in days
        return (clock >= begin and day in days) or (clock < until and (day - 1) % 7 in days)

    def excepts(self, rule: Rule, to: list[str]) -> bool:
        return rule.except_to is not None and self.goes(rule.except_to, to)

    def holds(self, rule: Rule, to: list[str]) -> bool:  # §1, steps 1 and 2
        eligible = self.sends(rule.senders) and self.goes(rule.to, to) and self.is_time(rule.when)
        excepted = rule.except_senders is not None and self.sends(rule.except_senders)
        strictest = self.company.management.mixed == "strictest"
        return eligible and not (
            excepted or self.excepts(rule, to) or (strictest and self.excepts(rule, self.whole))
        )

    def drawn(self, person: bytes, before: list[str], after: str) -> int:  # §5
        words = "\0".join([*before, self.who.id, *sorted(self.whole), after])
        key = self.company.mark_key
        return int.from_bytes(blake2b(words.encode(), digest_size=8, key=key, person=person).digest(), "big")

    def withheld(self, campaign: Campaign) -> bool:  # §1, step 3
        management = self.company.management
        quiet = any(group in management.quiet_groups for group in self.who.groups)
        held = self.drawn(b"stationer-hold", [], campaign.id) * 100 // 2**64 < campaign.holdout
        return quiet or held or any(self.is_time(when) for when in management.blackout)

    def over(self, campaign: Campaign, past: Past) -> bool:  # memory.md §2
        days = [(self.now.date() - at.date()).days for at, _ in past.mails]
        caps = campaign.caps
        last = max((at for at, _ in past.mails), default=None)
        return (
            (campaign.stop_after_click and past.clicked)
            or (last is not None and self.now < last + timedelta(hours=campaign.cool_down_h))
            or any(
                0 < cap <= count
                for cap, count in (
                    (caps.day, days.count(0)),
                    (caps.week, sum(0 <= d < 7 for d in days)),
                    (caps.ever, len(days)),
                )
            )
        )

    def allows(
        self, campaign: Campaign, to: list[str]
    ) -> list[Message]:  # memory.md §2: what is left to show
        pasts = [self.past.get((address, campaign.id), Past()) for address in to]
        if any(self.over(campaign, past) for past in pasts):
            return []
        if not campaign.sequence:
            return list(campaign.messages)
        step = min((max((step for _, step in past.mails), default=0) for past in pasts), default=0)
        return list(campaign.messages[step : step + 1])

    def choice(
        self, to: list[str], readers: list[str]
    ) -> tuple[str, dict[tuple[str, str], list[str]]]:  # §1, steps 4 to 6
        templates = [t for t in self.company.templates if self.holds(t.rule, to)]
        first = min(templates, key=lambda t: (t.fallback, -t.priority, t.id), default=None)
        ranked = []
        for c in self.company.campaigns:
            for m in self.allows(c, readers) if self.holds(c.rule, to) and not self.withheld(c) else ():
                u = (self.drawn(b"stationer-draw", [str(self.seed)], m.id) + 1) / (2**64 + 1)
                ranked.append((-c.priority, -math.log(u) / m.weight, m.id, m))
        lines = {}
        for variant in VARIANTS:
            slots: dict[str, list[str]] = {}
            for *_, message in sorted(ranked, key=lambda entry: entry[:3]):
                if variant in message.variants and message.content.slot in self.company.management.slots:
                    slots.setdefault(message.content.slot, []).append(message.id)
            for slot in list(slots)[: self.company.management.most_messages]:
                lines[variant, slot] = slots[slot][:3]
        return first.id if first else "", lines

    def copies(self) -> list[tuple[list[str], Any]]:  # §3, mixed recipients
        management = self.company.management
        sides: dict[bool, list[str]] = {}
        for address in self.whole:
            sides.setdefault(self.under(address, self.company.domains), []).append(address)
        if management.mixed == "strictest" and len(sides) == 2:
            return [(self.whole, self.choice(sides[False], self.whole))]
        if management.mixed != "copies" or len(self.whole) < 2:
            return [(self.whole, self.choice(self.whole, self.whole))]
        alone = self.alike([[address] for address in self.whole])
        return alone if len(alone) <= management.most_copies else self.alike(list(sides.values()))

    def alike(self, parts: list[list[str]]) -> list[tuple[list[str], Any]]:
        found: list[tuple[list[str], Any]] = []
        for part in parts:
            choice = self.choice(part, part)
            same = next((people for people, other in found if other == choice), None)
            if same is None:
                found.append((list(part), choice))
            else:
                same.extend(part)
        return found
