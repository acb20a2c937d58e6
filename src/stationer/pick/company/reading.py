"""read: the text of a company file becomes values, or all its errors at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

import msgspec
import yaml

from stationer.pick.addresses import canonical, is_address
from stationer.pick.company.file import (
    CampaignEntry,
    CompanyErrors,
    CompanyFile,
    ListEntry,
    MessageEntry,
    PackageEntry,
    PenEntry,
    PictureEntry,
    TemplateEntry,
)
from stationer.pick.company.forms import MOST_PROBLEMS, Report, TooMuch
from stationer.pick.company.layout import LAYOUT
from stationer.pick.company.tree import tree_of
from stationer.pick.schedule import zone_info
from stationer.pick.terms import check_terms
from stationer.wire.definition import Caps, Inherited, Terms
from stationer.wire.problem import Problem
from stationer.wire.roll import Person
from stationer.wire.rules import Rule, Schedule
from stationer.wire.source import Element, Source, Utm
from stationer.wire.words import VARIANTS, Slot, Variant

_PACKAGES = ("employees", "clients", "guests")
_TIMES = ("starts", "ends", "weekdays", "hours", "zone", "not_on")
#: Fields of a campaign that are what the file says.
_PLAIN = ("state", "priority", "holdout", "cool_down_h", "sequence", "stop_after_click")
#: Said after the first problems of a file that is wrong throughout.
MORE = Problem("the file", "There is more that is wrong.", "Mend these first, then look again.")
#: Settings that a file calls by another name than the wire does.
_SETTINGS = {"hold_limit": "hold_limit_ms"}


def read(text: str) -> CompanyFile:
    """The file's values. Raises CompanyErrors."""
    company, problems = survey(text)
    if company is None or problems:
        raise CompanyErrors(tuple(problems))
    return company


def survey(text: str) -> tuple[CompanyFile | None, list[Problem]]:
    """As much of the file as can be read, and all that is wrong so far; None when it is no table at all.

    What could not be read holds something harmless, so that later checks can go on with the rest.
    """
    try:
        node = tree_of(text)
    except CompanyErrors as error:
        return None, list(error.problems)
    report = Report()
    try:
        said = LAYOUT.read(node, "", report)
    except TooMuch:
        return None, [*report.problems, MORE]
    if not isinstance(node, yaml.MappingNode):
        return None, report.problems
    company = _company(said, report)
    later = [company.placed(problem) for problem in islice(_check(company), MOST_PROBLEMS)]
    return company, report.problems + [problem for problem in later if not company.follows(problem)]


def _company(said: Mapping[str, Any], report: Report) -> CompanyFile:
    pen = PenEntry(**{"id": "", "name": "", "domains": (), **said.get("pen", {})})
    groups: dict[str, tuple[str, ...]] = said.get("groups", {})
    joined = _joined(groups)
    people = tuple(_person(entry, joined, pen) for entry in said.get("people", ()))
    named = {group for person in people for group in person.groups}
    packages: tuple[tuple[str, dict[str, Any] | None], ...] = said.get("packages", ())
    return CompanyFile(
        pen=pen,
        terms=_terms(said.get("management", {}), pen),
        partner=_inherited(said.get("partner", {}), pen),
        says_partner="partner" in said,
        calendars=said.get("calendars", {}),
        people=people,
        groups=tuple(sorted(named | set(groups))),
        packages=tuple(name for name, _said in packages) or _PACKAGES,
        terms_of={name: PackageEntry(**more) for name, more in packages if more is not None},
        lists={name: ListEntry(**entry) for name, entry in said.get("lists", {}).items()},
        pictures={name: PictureEntry(**entry) for name, entry in said.get("pictures", {}).items()},
        templates=tuple(_template(name, entry, pen) for name, entry in said.get("templates", {}).items()),
        campaigns=tuple(
            _campaign(name, entry, pen, report.lost) for name, entry in said.get("campaigns", {}).items()
        ),
        lines=report.lines,
        lost=frozenset(report.lost - {""}),
    )


def _terms(said: Mapping[str, Any], pen: PenEntry) -> Terms:
    renamed = {_SETTINGS.get(name, name): value for name, value in said.items()}
    if "blackout" in said:
        renamed["blackout"] = tuple(msgspec.convert(_times(when, pen), Schedule) for when in said["blackout"])
    return Terms(**renamed)


def _inherited(said: Mapping[str, Any], pen: PenEntry) -> Inherited:
    locks = tuple(_SETTINGS.get(name, name) for name in said.get("locks", ()))
    return Inherited(_terms(said.get("management", {}), pen), locks)


def _joined(groups: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """By address, the groups that name it."""
    found: dict[str, set[str]] = {}
    for name, members in groups.items():
        for member in members:
            found.setdefault(canonical(member), set()).add(name)
    return found


def _person(said: Mapping[str, Any], groups: Mapping[str, set[str]], pen: PenEntry) -> Person:
    address = canonical(said["address"]) if "address" in said else ""
    aliases = tuple(map(canonical, said.get("aliases", ())))
    joined = set().union(*(groups.get(own, ()) for own in (address, *aliases)))
    attributes = {"email": address, "company": pen.name} | said["attributes"]
    return Person(
        id=said.get("id") or address,
        address=address,
        attributes={name: value for name, value in attributes.items() if value},
        groups=tuple(sorted({*said.get("groups", ()), *joined})),
        package=said.get("package", "employees"),
        aliases=aliases,
    )


def _rule(said: Mapping[str, Any], pen: PenEntry) -> Rule:
    """Times stand beside who and whom in the file, and in `when` of the rule."""
    others = {name: value for name, value in said.items() if name not in _TIMES}
    return msgspec.convert({**others, "when": _times(said, pen)}, Rule)


def _times(said: Mapping[str, Any], pen: PenEntry) -> dict[str, Any]:
    """What is said of times, by the company's clock unless it names another."""
    times = {name: said[name] for name in _TIMES if said.get(name)}
    if times:
        times.setdefault(
            "zone", pen.zone if zone_info(pen.zone) else "UTC"
        )  # a wrong one is told where it stands
    return times


def _template(name: str, said: Mapping[str, Any], pen: PenEntry) -> TemplateEntry:
    parts: dict[Variant, dict[Slot, Source]] = {}
    for variant in VARIANTS:
        found = said.get(variant, {})
        if isinstance(found, str):  # the same as an earlier variant
            parts[variant] = parts.get("new" if found == "new" else "reply", {})
        elif found:
            parts[variant] = {slot: _source(source) for slot, source in found.items()}
    return TemplateEntry(
        id=name,
        name=said.get("name") or name,
        rule=_rule(said.get("when", {}), pen),
        parts={variant: found for variant, found in parts.items() if found},
        priority=said.get("priority", 0),
        fallback=said.get("fallback", False),
    )


def _source(said: Mapping[str, Any]) -> Source:
    elements = tuple(Element(**{"kind": "", **element}) for element in said.get("elements", ()))
    return Source(**{"shape": "", **said, "elements": elements or msgspec.UNSET})


def _campaign(name: str, said: Mapping[str, Any], pen: PenEntry, lost: set[str]) -> CampaignEntry:
    messages = []
    found: dict[str, Any] = said.get("messages", {})
    if not found and f"campaigns/{name}/messages" in lost:
        found = {"": {}}  # stands for those that could not be read
    for key, entry in found.items():
        kept = {k: v for k, v in entry.items() if k in ("slot", "variants", "weight", "utm_content")}
        source = _source(entry.get("content", {}))
        messages.append(MessageEntry(f"{name}/{key}", entry.get("name") or key, source, **kept))
    plain = {key: said[key] for key in _PLAIN if key in said}
    return CampaignEntry(
        id=name,
        name=said.get("name") or name,
        rule=_rule(said.get("when", {}), pen),
        messages=tuple(messages),
        caps=Caps(**said.get("caps", {})),
        utm=Utm(**said.get("utm", {})),
        **plain,
    )


def _check(company: CompanyFile) -> Iterable[Problem]:
    """What only the whole file shows: names that nobody bears."""
    if zone_info(company.pen.zone) is None:
        what = f"There is no time zone {company.pen.zone!r}."
        yield Problem("pen/zone", what, "Write an IANA name such as Europe/London.")
    seen: dict[str, str] = {}
    for number, person in enumerate(company.people):
        yield from _addresses(person, f"people/{number}", seen)
        yield from _known(person.package, company.packages, f"people/{number}/package", "package")
    if any(entry.file.startswith("/") for entry in company.lists.values()):
        yield Problem("lists", "A path begins with a slash.", "Give paths relative to this file.")
    for template in company.templates:
        yield from _names(template.rule, f"templates/{template.id}/when", company)
    for campaign in company.campaigns:
        if campaign.shown:
            yield from _names(campaign.rule, f"campaigns/{campaign.id}/when", company)
    yield from _settings(company)


def clashes(company: CompanyFile) -> Iterable[Problem]:
    """Where the company's settings and its partner's do not go together."""
    for problem in check_terms(company.partner, company.terms):
        where = problem.where.replace("hold_limit_ms", "hold_limit")
        yield msgspec.structs.replace(problem, where=where)


def _settings(company: CompanyFile) -> Iterable[Problem]:
    yield from clashes(company)
    for level, terms in (("management", company.terms), ("partner/management", company.partner.management)):
        for number, group in enumerate(terms.quiet_groups or ()):
            yield from _known(group, company.groups, f"{level}/quiet_groups/{number}", "group")


def _addresses(person: Person, where: str, seen: dict[str, str]) -> Iterable[Problem]:
    for address in (person.address, *person.aliases):
        if not is_address(address):
            what = f"{address!r} is not a mail address."
            yield Problem(f"{where}/address", what, "Write it as name@domain.")
        if address and address in seen:
            what = f"{address} belongs to another person already."
            yield Problem(where, what, "Give it to one of them.")
        seen[address] = where


def _names(rule: Rule, where: str, company: CompanyFile) -> Iterable[Problem]:
    for part in ("senders", "to", "except_senders", "except_to"):
        said = getattr(rule, part)
        for number, group in enumerate(said.groups if said else ()):
            yield from _known(group, company.groups, f"{where}/{part}/groups/{number}", "group")
        for number, package in enumerate(getattr(said, "packages", ())):
            yield from _known(package, company.packages, f"{where}/{part}/packages/{number}", "package")


def _known(name: str, known: tuple[str, ...], where: str, label: str) -> Iterable[Problem]:
    if name not in known:
        near = get_close_matches(name, known, 1)
        advice = (
            f"Did you mean {near[0]!r}?"
            if near
            else f"Add it, or use one of: {', '.join(known) or 'none yet'}."
        )
        yield Problem(where, f"There is no {label} {name!r}.", advice)
