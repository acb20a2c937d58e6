"""compile: every check, every sort and every index, so that pick has nothing left to do but look up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stationer.pick import leading, lists, schedule
from stationer.pick.addresses import canonical, canonical_domain
from stationer.pick.checks import DefinitionErrors, check
from stationer.pick.marks import content_digest, message_mark
from stationer.pick.people import plain_value
from stationer.pick.snapshot import (
    VERSION,
    WITHOUT_MEMORY,
    Attribute,
    Audiences,
    Compiled,
    Offer,
    Part,
    Postings,
    Rules,
    Senders,
    Showing,
    Stationery,
    Time,
)
from stationer.wire import rules as stated
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Definition, Message, Template
from stationer.wire.problem import Problem
from stationer.wire.roll import Person
from stationer.wire.words import VARIANTS


def compile(definition: Definition, people: Sequence[Person] = ()) -> Compiled:
    """The snapshot's payload. `people` are for a file that is asked without a roll. Raises DefinitionErrors."""
    problems = list(check(definition))
    templates = sorted(definition.templates, key=lambda t: (t.fallback, -t.priority, t.id))
    campaigns = sorted(definition.campaigns, key=lambda c: (-c.priority, c.id))
    days = definition.calendars
    template_times = [_time(t.rule.when, f"templates/{t.id}/when", days, problems) for t in templates]
    campaign_times = [_time(c.rule.when, f"campaigns/{c.id}/when", days, problems) for c in campaigns]
    blackout = _blackout(definition, problems)
    _refuse(problems)
    contents: dict[str, Content] = {}
    times = (*template_times, *campaign_times, *blackout)
    zones = {time.zone for time in times if time and time.zone}
    stationery = tuple(_stationery(template, contents) for template in templates)
    offers = tuple(_offer(campaign, definition.mark_key, contents) for campaign in campaigns)
    _refuse(list(leading.alike(contents)))
    return Compiled(
        version=VERSION if any(offer.remembers() for offer in offers) else WITHOUT_MEMORY,
        pen=definition.pen,
        name=definition.name,
        domains=tuple(map(canonical_domain, definition.domains)),
        mark_key=definition.mark_key,
        management=definition.management,
        templates=stationery,
        campaigns=offers,
        template_rules=_rules([t.rule for t in templates], template_times),
        campaign_rules=_rules([c.rule for c in campaigns], campaign_times),
        contents=contents,
        zones={zone: schedule.offsets(zone) for zone in sorted(zones)},
        lists=lists.build(definition.mark_key, definition.lists),
        people=tuple(sorted(people, key=lambda person: person.address)),
        blackout=blackout,
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DefinitionErrors(problems)


def _time(
    when: stated.Schedule, where: str, calendars: Mapping[str, tuple[str, ...]], problems: list[Problem]
) -> Time | None:
    time, found = schedule.read(when, where, calendars)
    problems.extend(found)
    return time


def _blackout(definition: Definition, problems: list[Problem]) -> tuple[Time | None, ...]:
    stated_times = enumerate(definition.management.blackout)
    return tuple(
        _time(when, f"management/blackout/{number}", definition.calendars, problems)
        for number, when in stated_times
    )


def _stationery(template: Template, contents: dict[str, Content]) -> Stationery:
    parts = {
        variant: tuple(Part(content.slot, _keep(content, contents)) for content in template.parts[variant])
        for variant in VARIANTS
        if variant in template.parts
    }
    return Stationery(template.id, template.name, template.rule, template.priority, template.fallback, parts)


def _offer(campaign: Campaign, mark_key: bytes, contents: dict[str, Content]) -> Offer:
    shown = tuple(_showing(message, mark_key, contents) for message in campaign.messages)
    return Offer(
        id=campaign.id,
        name=campaign.name,
        rule=campaign.rule,
        priority=campaign.priority,
        messages=shown,
        holdout=campaign.holdout,
        caps=campaign.caps,
        cool_down_h=campaign.cool_down_h,
        sequence=campaign.sequence,
        stop_after_click=campaign.stop_after_click,
    )


def _showing(message: Message, mark_key: bytes, contents: dict[str, Content]) -> Showing:
    return Showing(
        id=message.id,
        name=message.name,
        slot=message.content.slot,
        content=_keep(message.content, contents),
        mark=message_mark(mark_key, message.id),
        variants=tuple(variant for variant in VARIANTS if variant in message.variants),
        weight=message.weight,
    )


def _keep(content: Content, contents: dict[str, Content]) -> str:
    digest = content_digest(content)
    contents[digest] = content
    return digest


class _Numbered(NamedTuple):
    """Rule numbers by key, while an index is being made."""

    found: dict[str, list[int]]

    def add(self, keys: Iterable[str], number: int) -> None:
        for key in dict.fromkeys(keys):
            self.found.setdefault(key, []).append(number)

    def postings(self) -> dict[str, Postings]:
        return {key: tuple(self.found[key]) for key in sorted(self.found)}


def _rules(rules: Sequence[stated.Rule], times: Sequence[Time | None]) -> Rules:
    numbered = list(enumerate(rules))
    return Rules(
        count=len(rules),
        senders=_senders({n: rule.senders for n, rule in numbered}),
        except_senders=_senders({n: rule.except_senders for n, rule in numbered if rule.except_senders}),
        to=_audiences({n: rule.to for n, rule in numbered}),
        except_to=_audiences({n: rule.except_to for n, rule in numbered if rule.except_to}),
        times=tuple(times),
    )


def _senders(by_number: Mapping[int, stated.Senders]) -> Senders:
    anyone: list[int] = []
    addresses, groups, packages = _Numbered({}), _Numbered({}), _Numbered({})
    for number, senders in by_number.items():
        if senders.names_nobody():
            anyone.append(number)
        addresses.add(map(canonical, senders.addresses), number)
        groups.add(senders.groups, number)
        packages.add(senders.packages, number)
    return Senders(
        tuple(anyone), addresses.postings(), groups.postings(), packages.postings(), _where(by_number)
    )


def _where(by_number: Mapping[int, stated.Senders]) -> dict[str, Attribute]:
    asked: dict[str, tuple[list[int], _Numbered]] = {}
    for number, senders in by_number.items():
        for name, values in senders.where.items():
            numbers, satisfied = asked.setdefault(name, ([], _Numbered({})))
            numbers.append(number)
            satisfied.add(map(plain_value, values), number)
    return {
        name: Attribute(tuple(numbers), satisfied.postings())
        for name, (numbers, satisfied) in sorted(asked.items())
    }


def names_nobody(recipients: stated.Recipients) -> bool:
    """Whether a condition asks for a side alone."""
    return not (recipients.addresses or recipients.domains or recipients.groups or recipients.lists)


def _audiences(by_number: Mapping[int, stated.Recipients]) -> Audiences:
    sides, addresses, domains = _Numbered({}), _Numbered({}), _Numbered({})
    suffixes, groups, listed = _Numbered({}), _Numbered({}), _Numbered({})
    for number, recipients in by_number.items():
        sides.add((recipients.side,), number)
        addresses.add(map(canonical, recipients.addresses), number)
        domains.add((canonical_domain(d) for d in recipients.domains if not d.startswith("*.")), number)
        suffixes.add((canonical_domain(d[2:]) for d in recipients.domains if d.startswith("*.")), number)
        groups.add(recipients.groups, number)
        listed.add(recipients.lists, number)
    return Audiences(
        sides=sides.postings(),  # type: ignore[arg-type]  # the keys are the sides of the rules
        unnamed=tuple(n for n, recipients in by_number.items() if names_nobody(recipients)),
        all=tuple(n for n, recipients in by_number.items() if recipients.match == "all"),
        addresses=addresses.postings(),
        domains=domains.postings(),
        suffixes=suffixes.postings(),
        groups=groups.postings(),
        lists=listed.postings(),
    )
