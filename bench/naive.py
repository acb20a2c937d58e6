"""What one would write first: a loop that tests every rule. The peer of `pick`."""

from __future__ import annotations

from collections.abc import Mapping

from stationer.wire.definition import Definition
from stationer.wire.pick import Question
from stationer.wire.roll import Person
from stationer.wire.rules import Recipients, Rule, Senders


def matching(
    company: Definition, people: Mapping[str, Person], lists: Mapping[str, set[str]], question: Question
) -> list[str]:
    """Ids of the campaigns that fit. Times are not tested: those of `bench.company` always hold."""
    sender = people.get(question.from_)
    if sender is None:
        return []
    to = [*question.to, *question.cc]
    inside = [address.rpartition("@")[2] in company.domains for address in to]
    side = "inside" if all(inside) else "mixed" if any(inside) else "outside"
    return [c.id for c in company.campaigns if _fits(c.rule, sender, to, side, people, lists)]


def _fits(
    rule: Rule,
    sender: Person,
    to: list[str],
    side: str,
    people: Mapping[str, Person],
    lists: Mapping[str, set[str]],
) -> bool:
    if not _sent_by(rule.senders, sender) or not _sent_to(rule.to, to, side, people, lists):
        return False
    if rule.except_senders and _sent_by(rule.except_senders, sender):
        return False
    return not (rule.except_to and _sent_to(rule.except_to, to, side, people, lists))


def _sent_by(senders: Senders, sender: Person) -> bool:
    if not (senders.addresses or senders.groups or senders.packages):
        return True
    if sender.address in senders.addresses or sender.package in senders.packages:
        return True
    return any(group in senders.groups for group in sender.groups)


def _sent_to(
    rule: Recipients, to: list[str], side: str, people: Mapping[str, Person], lists: Mapping[str, set[str]]
) -> bool:
    if rule.side not in ("anyone", side):
        return False
    if not (rule.addresses or rule.domains or rule.groups or rule.lists):
        return True
    named = (_names(rule, address, people, lists) for address in to)
    return any(named) if rule.match == "any" else all(named)


def _names(
    rule: Recipients, address: str, people: Mapping[str, Person], lists: Mapping[str, set[str]]
) -> bool:
    if address in rule.addresses or address.rpartition("@")[2] in rule.domains:
        return True
    if any(address in lists[name] for name in rule.lists):
        return True
    person = people.get(address)
    return person is not None and any(group in rule.groups for group in person.groups)
