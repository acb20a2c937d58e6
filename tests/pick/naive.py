"""The oracle: what contract/pick.md says, rule by rule, with nothing sorted, indexed or cached beforehand."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from stationer.wire.definition import Definition, Message
from stationer.wire.pick import Question
from stationer.wire.roll import Person
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.words import VARIANTS


def under(domain: str, entries: tuple[str, ...]) -> bool:
    return any(domain.endswith(e[1:]) if e.startswith("*.") else domain == e for e in entries)


def sends(said: Senders, who: Person) -> bool:
    named = (
        who.address in said.addresses or set(who.groups) & set(said.groups) or who.package in said.packages
    )
    return said == Senders() or bool(named)


def goes(said: Recipients, to: list[str], definition: Definition, people: dict[str, Person]) -> bool:
    inside = [under(a.split("@")[1], definition.domains) for a in to]
    side = "none" if not to else "inside" if all(inside) else "mixed" if any(inside) else "outside"

    def named(address: str) -> bool:
        groups = people[address].groups if address in people else ()
        listed = any(address in definition.lists[name] for name in said.lists)
        return (
            address in said.addresses
            or under(address.split("@")[1], said.domains)
            or listed
            or bool(set(groups) & set(said.groups))
        )

    if said.side not in ("anyone", side):
        return False
    if not (said.addresses or said.domains or said.groups or said.lists):
        return True
    return bool(to) and (any if said.match == "any" else all)(named(address) for address in to)


def moment(text: str, zone: ZoneInfo, end: bool) -> datetime:
    later = timedelta(days=1) if end and len(text) == 10 else timedelta()
    return (datetime.fromisoformat(text) + later).replace(tzinfo=zone).astimezone(UTC)


def is_time(said: Schedule, now: datetime) -> bool:
    zone = ZoneInfo(said.zone)
    if (said.starts and now < moment(said.starts, zone, False)) or (
        said.ends and now >= moment(said.ends, zone, True)
    ):
        return False
    begin, until = (said.hours or "00:00-24:00").split("-")
    clock, day = now.astimezone(zone).strftime("%H:%M"), now.astimezone(zone).weekday()
    days = said.weekdays or tuple(range(7))
    if begin < until:
        return begin <= clock < until and day in days
    return (clock >= begin and day in days) or (clock < until and (day - 1) % 7 in days)


def holds(
    rule: Rule, who: Person, to: list[str], now: datetime, definition: Definition, people: dict[str, Person]
) -> bool:
    return (
        sends(rule.senders, who)
        and goes(rule.to, to, definition, people)
        and is_time(rule.when, now)
        and not (rule.except_senders is not None and sends(rule.except_senders, who))
        and not (rule.except_to is not None and goes(rule.except_to, to, definition, people))
    )


def share(definition: Definition, seed: int, who: Person, to: list[str], message: Message) -> float:
    words = "\0".join([str(seed), who.id, *sorted(to), ""]) + message.id
    drawn = blake2b(words.encode(), digest_size=8, key=definition.mark_key, person=b"stationer-draw").digest()
    return -math.log((int.from_bytes(drawn, "big") + 1) / (2**64 + 1)) / message.weight


def naive(definition: Definition, roll: tuple[Person, ...], question: Question, now: int, seed: int):  # type: ignore[no-untyped-def]
    """(template id, {(variant, slot): message ids}), or None for a sender nobody knows."""
    people = {person.address: person for person in roll}
    who, to = people.get(question.from_), list(dict.fromkeys(question.to + question.cc))
    if who is None:
        return None
    at = datetime.fromtimestamp(now / 1000, UTC)
    templates = [t for t in definition.templates if holds(t.rule, who, to, at, definition, people)]
    first = min(templates, key=lambda t: (t.fallback, -t.priority, t.id), default=None)
    campaigns = [c for c in definition.campaigns if holds(c.rule, who, to, at, definition, people)]
    ranked = sorted(
        (-c.priority, share(definition, seed, who, to, m), m.id, m) for c in campaigns for m in c.messages
    )
    lines: dict[tuple[str, str], list[str]] = {}
    for variant in VARIANTS:
        slots: dict[str, list[str]] = {}
        for *_, message in ranked:
            if variant in message.variants and message.content.slot in definition.management.slots:
                slots.setdefault(message.content.slot, []).append(message.id)
        for slot in list(slots)[: definition.management.most_messages]:
            lines[variant, slot] = slots[slot][:3]
    return (first.id if first else None), lines
