"""Everything that can be wrong with a definition, all at once, each with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import msgspec

from stationer.pick import holidays, illustrating, leading
from stationer.pick.addresses import is_address, is_domain
from stationer.wire.definition import Campaign, Definition, Management, Template
from stationer.wire.problem import Problem
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.words import SLOTS, VARIANTS

#: Per cent of mails that a campaign may be held back from: the others are still to see it.
MOST_HELD_BACK = 90
#: Each copy of a mail is a mail of its own to the user's server.
MOST_COPIES = 100
#: More than anybody means, and what a count can hold.
MOST_MAILS = 10_000
#: Ten years.
MOST_HOURS = 87_600
_VALUE = "Name one value or more; a sender must have one of them."


class DefinitionErrors(Exception):
    """The definition cannot be compiled; `problems` is everything that is wrong."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.sentence() for problem in self.problems))


def check(definition: Definition) -> Iterator[Problem]:
    """All problems but those of schedules, which `schedule.read` finds."""
    yield from _company(definition)
    for template in definition.templates:
        yield from _template(template)
        yield from _rule(template.rule, f"templates/{template.id}/when", definition)
    for campaign in definition.campaigns:
        yield from _campaign(campaign)
        yield from _rule(campaign.rule, f"campaigns/{campaign.id}/when", definition)


def _company(definition: Definition) -> Iterator[Problem]:
    if not definition.domains:
        what = "No domain is given, so nobody could be told inside from outside."
        yield Problem("pen/domains", what, "List the domains your mail is sent from.")
    for number, domain in enumerate(definition.domains):
        yield from _domain(domain, f"pen/domains/{number}")
    if len(definition.mark_key) < 16:
        yield Problem("pen", "Its mark key is too short.", "Use 32 random bytes.")
    yield from _management(definition.management)
    yield from holidays.check(definition.calendars)
    yield from illustrating.check(definition)
    yield from leading.check(definition)
    for name, entries in definition.lists.items():
        for number, entry in enumerate(entries):
            if not is_address(entry):
                what = f"{entry!r} is not a mail address."
                yield Problem(f"lists/{name}/{number}", what, "Mend it, or take it off the list.")
    yield from _unique("templates", (template.id for template in definition.templates))
    yield from _unique("campaigns", (campaign.id for campaign in definition.campaigns))
    messages = (message.id for campaign in definition.campaigns for message in campaign.messages)
    yield from _unique("messages", messages)
    fallbacks = [template.id for template in definition.templates if template.fallback]
    for extra in fallbacks[1:]:
        what = f"{fallbacks[0]!r} is the fallback already."
        yield Problem(f"templates/{extra}/fallback", what, "Let one template alone be the fallback.")
    if definition.templates and not fallbacks:
        what = "No template is the fallback, so there are mails that no template is for."
        yield Problem(
            "templates", what, "Make one template the fallback; it may be a new one with nothing in it."
        )


def _management(management: Management) -> Iterator[Problem]:
    if management.most_messages < 0:
        yield Problem("management/most_messages", "It is below nought.", "Write 0 or more.")
    if management.hold_limit_ms < 0:
        yield Problem("management/hold_limit_ms", "It is below nought.", "Write 0 or more milliseconds.")
    if not 2 <= management.most_copies <= MOST_COPIES:
        what = f"One mail in {management.most_copies} copies is not possible."
        yield Problem("management/most_copies", what, f"Write 2 to {MOST_COPIES}.")
    for number, when in enumerate(management.blackout):
        if msgspec.structs.replace(when, zone="UTC") == Schedule():
            what = "It names no time, so no message would ever be shown."
            yield Problem(
                f"management/blackout/{number}", what, "Give it days or hours, or set most_messages to 0."
            )
    for number, group in enumerate(management.quiet_groups):
        if not group:
            yield Problem(f"management/quiet_groups/{number}", "A name is empty.", "Name a group.")


def _unique(where: str, ids: Iterable[str]) -> Iterator[Problem]:
    for value, count in Counter(ids).items():
        if not value:
            yield Problem(where, "An id is empty.", "Give each its own id.")
        if count > 1:
            yield Problem(f"{where}/{value}", f"The id {value!r} is used {count} times.", "Ids are unique.")


def _template(template: Template) -> Iterator[Problem]:
    where = f"templates/{template.id}"
    if template.fallback and template.rule != Rule():
        what = "The fallback has conditions, but it stands for every mail that no other template is for."
        yield Problem(f"{where}/when", what, "Take its conditions away, or let it be an ordinary template.")
    for variant, contents in template.parts.items():
        if variant not in VARIANTS:
            yield Problem(f"{where}/{variant}", "There is no such variant.", "Use new, reply or forward.")
        for slot, count in Counter(content.slot for content in contents).items():
            if count > 1:
                what = f"The slot {slot} is filled {count} times."
                yield Problem(f"{where}/{variant}/{slot}", what, "A template has one part for each slot.")


def _campaign(campaign: Campaign) -> Iterator[Problem]:
    where = f"campaigns/{campaign.id}"
    if not campaign.messages:
        yield Problem(
            where, "It has no message, so it has nothing to show.", "Add one, or remove the campaign."
        )
    if not 0 <= campaign.holdout <= MOST_HELD_BACK:
        what = f"{campaign.holdout} in 100 mails cannot be held back."
        yield Problem(f"{where}/holdout", what, f"Write a whole number from 0 to {MOST_HELD_BACK}.")
    yield from _memory(campaign, where)
    for message in campaign.messages:
        place = f"{where}/messages/{message.id.removeprefix(campaign.id + '/')}"
        if message.weight < 1:
            what = f"Its weight is {message.weight}."
            yield Problem(
                f"{place}/weight", what, "Write a whole number from 1; remove what is never to be shown."
            )
        if not message.variants:
            yield Problem(f"{place}/variants", "It is for no kind of mail.", "Name new, reply or forward.")
        if message.content.slot not in SLOTS:
            yield Problem(f"{place}/slot", "There is no such slot.", f"Use {', '.join(SLOTS)}.")


def _memory(campaign: Campaign, where: str) -> Iterator[Problem]:
    caps = campaign.caps
    for name, cap in (("day", caps.day), ("week", caps.week), ("ever", caps.ever)):
        if not 0 <= cap <= MOST_MAILS:
            what = f"A cap of {cap} is not possible."
            yield Problem(f"{where}/caps/{name}", what, f"Write 1 to {MOST_MAILS}, or 0 for no cap.")
    if caps.week and caps.day > caps.week:
        what = f"It allows {caps.day} in a day, and {caps.week} in a whole week."
        yield Problem(
            f"{where}/caps/day", what, "Let a day allow no more than a week does, or take one away."
        )
    if caps.ever and max(caps.day, caps.week) > caps.ever:
        what = f"It allows {caps.ever} in all, and more than that in a day or a week."
        yield Problem(
            f"{where}/caps/ever", what, "Let a day and a week allow no more than this, or take it away."
        )
    if not 0 <= campaign.cool_down_h <= MOST_HOURS:
        what = f"A cool-down of {campaign.cool_down_h} hours is not possible."
        yield Problem(f"{where}/cool_down_h", what, f"Write 0 to {MOST_HOURS} hours.")
    if campaign.sequence and len(campaign.messages) < 2:
        what = "A sequence of fewer than two messages has no order."
        yield Problem(f"{where}/sequence", what, "Add messages, or use caps: {ever: 1} to show one once.")


def _rule(rule: Rule, where: str, definition: Definition) -> Iterator[Problem]:
    yield from _senders(rule.senders, f"{where}/senders")
    yield from _recipients(rule.to, f"{where}/to", definition)
    if rule.except_senders is not None:
        if rule.except_senders == Senders():
            what = "It excepts every sender, so it would never hold."
            yield Problem(f"{where}/except_senders", what, "Name whom to except.")
        yield from _senders(rule.except_senders, f"{where}/except_senders")
    if rule.except_to is not None:
        if rule.except_to == Recipients():
            what = "It excepts every recipient, so it would never hold."
            yield Problem(f"{where}/except_to", what, "Name whom to except.")
        yield from _recipients(rule.except_to, f"{where}/except_to", definition)


def _senders(senders: Senders, where: str) -> Iterator[Problem]:
    for number, address in enumerate(senders.addresses):
        yield from _address(address, f"{where}/addresses/{number}")
    for name in (*senders.groups, *senders.packages):
        if not name:
            yield Problem(where, "A name is empty.", "Write the name of a group or a package.")
    for name, values in senders.where.items():
        if not name.strip():
            what = "An attribute has no name."
            yield Problem(f"{where}/where", what, "Write its name, such as department.")
        if not values:
            yield Problem(f"{where}/where/{name}", f"No value of {name!r} is named.", _VALUE)
        for number, value in enumerate(values):
            if not value.strip():
                yield Problem(f"{where}/where/{name}/{number}", f"A value of {name!r} is empty.", _VALUE)


def _recipients(recipients: Recipients, where: str, definition: Definition) -> Iterator[Problem]:
    for number, address in enumerate(recipients.addresses):
        yield from _address(address, f"{where}/addresses/{number}")
    for number, domain in enumerate(recipients.domains):
        yield from _domain(domain, f"{where}/domains/{number}")
    for number, name in enumerate(recipients.lists):
        if name not in definition.lists:
            near = get_close_matches(name, definition.lists, 1)
            advice = f"Did you mean {near[0]!r}?" if near else "Add the list, or take its name away."
            yield Problem(f"{where}/lists/{number}", f"There is no list {name!r}.", advice)


def _address(address: str, where: str) -> Iterator[Problem]:
    if not is_address(address):
        yield Problem(where, f"{address!r} is not a mail address.", "Write it as name@domain.")


def _domain(domain: str, where: str) -> Iterator[Problem]:
    if not is_domain(domain.removeprefix("*.")):
        yield Problem(
            where, f"{domain!r} is not a domain.", "Write example.com, or *.example.com for those below it."
        )
