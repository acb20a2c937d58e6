"""A company file into rows: made or brought up to date, all or nothing, and said one by one (contract/company.md).

Rows are found again by their name (groups, packages, lists, pictures), their address (people) or their key
(templates, campaigns, messages). What the file does not name is left alone; nothing is removed. Everything is
compared first, then shown, then written: so a change can be looked at before there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ParamSpec

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction

from stationer.compose import SHAPES
from stationer.pick.company import CompanyErrors, CompanyFile
from stationer.pick.company.file import CampaignEntry, MessageEntry, TemplateEntry
from stationer.pick.company.reading import clashes
from stationer.portal.content.comparing import Change, Kept
from stationer.portal.content.locked_parts import locked_into
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.content.pictures import digest_of, inspect, keep_picture
from stationer.portal.content.valid import Parts
from stationer.portal.people.attributes import given
from stationer.portal.people.models import AddressList, Group, GroupMember, Member, Package, Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import domain_or_below, normal_address
from stationer.wire.definition import Caps, Inherited
from stationer.wire.problem import Problem
from stationer.wire.roll import Person
from stationer.wire.rules import Rule
from stationer.wire.source import Utm

P = ParamSpec("P")
#: Told how far an import is: what is done, how many of how many.
Progress = Callable[[str, int, int], None]


def silent(_doing: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


def plain(value: Any) -> Any:
    """A wire struct as its JSON column holds it: lists, not tuples."""
    return msgspec.json.decode(msgspec.json.encode(value))


def meant(held: Any, value: Any, form: Any) -> Any:
    """What a JSON column is to hold: what it holds already, where that means the same in other words."""
    return held if msgspec.convert(held, form) == value else plain(value)


def pen_for(company: CompanyFile) -> Pen:
    """The PEN that bears the file's id or name; a new one where there is none. Raises CompanyErrors."""
    known = {pen.outside_id: pen for pen in Pen.objects.all()}
    found = known.get(company.pen.id) or next((p for p in known.values() if p.name == company.pen.name), None)
    if found is not None:
        return found
    try:
        return create_pen(company.pen.name, company.pen.domains)
    except ValidationError as error:
        raise CompanyErrors((_problem(company, "pen", error),)) from error


def bring_in(
    company: CompanyFile,
    *,
    pen: Pen | None = None,
    pictures: Mapping[str, bytes],
    lists: Mapping[str, tuple[str, ...]],
    show: Callable[[Sequence[Change]], None] | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> tuple[Pen, list[Change]]:
    """The PEN, and what was added or changed. Raises CompanyErrors; then nothing changed.

    `pictures` are the bytes by name, `lists` the addresses of those lists that stand in files. `show` is given the
    changes before the first of them is made; with `dry_run` none is.
    """
    with transaction.atomic():
        pen = pen or pen_for(company)
        with pen_scope(pen):
            work = _Work(held_to(company, pen), pen, progress)
            work.compare(pictures, lists)
            if work.problems:
                raise CompanyErrors(tuple(work.problems))
            if show is not None:
                show(work.kept.changes)
            if dry_run:
                transaction.set_rollback(True)
            else:
                work.kept.write(progress)
    return pen, work.kept.changes


def held_to(company: CompanyFile, pen: Pen) -> CompanyFile:
    """A file that says nothing of a partner, under what the PEN's partner has handed down. Raises CompanyErrors."""
    if company.says_partner and pen.partner_id is None:
        return company
    if company.says_partner and company.partner != msgspec.convert(pen.inherited, Inherited):
        what = "What a partner hands down is changed in the partner's own pages."
        raise CompanyErrors((company.placed(Problem("partner", what, "Take this part out of the file.")),))
    held = msgspec.structs.replace(company, partner=msgspec.convert(pen.inherited, Inherited))
    problems = tuple(held.placed(problem) for problem in clashes(held))
    if problems:
        raise CompanyErrors(problems)
    return held


def _problem(company: CompanyFile, where: str, error: ValidationError) -> Problem:
    return company.placed(Problem(where, " ".join(error.messages), "Mend it and import again."))


class _Work:
    """One pass over the file; collects what is to be written and what is wrong."""

    def __init__(self, company: CompanyFile, pen: Pen, progress: Progress) -> None:
        self.company, self.pen, self.progress = company, pen, progress
        self.problems: list[Problem] = []
        self.kept = Kept(pen.zone)
        self.packages = {row.name: row for row in Package.objects.all()}
        self.groups = {row.name: row for row in Group.objects.all()}

    def compare(self, pictures: Mapping[str, bytes], lists: Mapping[str, tuple[str, ...]]) -> None:
        company = self.company
        self.attempt("pen", self.settings)
        for name in company.packages:
            self.attempt("packages", self.package, name)
        for name in company.groups:
            self.attempt("groups", self.group, name)
        self.people()
        kept = {row.name: row for row in AddressList.objects.all()}
        for name, entry in company.lists.items():
            row = kept.get(name) or AddressList(name=name)
            self.attempt(f"lists/{name}", self.list, row, lists.get(name, entry.addresses))
        for name, data in pictures.items():
            self.attempt(f"pictures/{name}", self.picture, name, data)
        self.templates()
        self.campaigns()

    def attempt(self, where: str, do: Callable[P, object], *args: P.args, **named: P.kwargs) -> None:
        """A part of the file; what is wrong with it is noted and the rest goes on."""
        try:
            do(*args, **named)
        except ValidationError as error:
            self.problems.append(_problem(self.company, where, error))

    def settings(self) -> None:
        management, partner = self.company.management, self.company.partner
        values: dict[str, Any] = {
            "name": self.company.pen.name,
            "domains": [domain_or_below(domain) for domain in self.company.pen.domains],
            "zone": self.company.pen.zone,
            **{name: plain(getattr(management, name)) for name in management.__struct_fields__},
            "calendars": plain(self.company.calendars),
            "inherited": plain(partner) if partner != Inherited() else {},
        }
        if self.company.terms.tracking is None:  # then it is as it was, or as the country's law has it begin
            del values["tracking"]
        self.kept.settings(self.pen, values)

    def package(self, name: str) -> Package:
        if name not in self.packages:
            self.packages[name] = self.kept.row("package", Package(name=name), {})
        return self.packages[name]

    def group(self, name: str) -> Group:
        if name not in self.groups:
            self.groups[name] = self.kept.row("group", Group(name=name), {})
        return self.groups[name]

    def people(self) -> None:
        rows = list(Member.objects.select_related("package"))
        known = {alias: row for row in rows for alias in row.aliases} | {row.address: row for row in rows}
        places: dict[Any, set[str]] = {}
        for member_id, name in GroupMember.objects.values_list("member_id", "group__name"):
            places.setdefault(member_id, set()).add(name)
        for number, person in enumerate(self.company.people):
            self.attempt(f"people/{number}", self.person, person, known, places)

    def person(self, person: Person, known: dict[str, Member], places: Mapping[Any, set[str]]) -> None:
        address = normal_address(person.address)
        aliases = [normal_address(alias) for alias in person.aliases]
        row = known.get(address) or Member()
        for old in {row.address, *row.aliases} - {address, *aliases}:
            known.pop(old, None)  # somebody else in the file may have it now
        for one in (address, *aliases):
            if known.setdefault(one, row) is not row:
                raise ValidationError(f"{one} is somebody else’s address here.", code="taken")
        attributes = self.attributes(row, address, dict(person.attributes))
        values = {"address": address, "aliases": aliases, "attributes": attributes}
        groups = [self.group(name) for name in person.groups]
        self.kept.member(row, values, self.package(person.package), groups, places.get(row.pk, set()))

    def attributes(self, row: Member, address: str, wanted: dict[str, str]) -> dict[str, str]:
        """A person's attributes so that, with what everybody has, they are `wanted`; as they are where they are so."""
        held: dict[str, str] = row.attributes
        now = given(row.address, self.pen.name) | held
        if {name: text for name, text in now.items() if text} == wanted:
            return held
        own = given(address, self.company.pen.name)
        without = dict.fromkeys(own.keys() - wanted.keys(), "")
        return {name: text for name, text in wanted.items() if own.get(name) != text} | without

    def list(self, row: AddressList, addresses: tuple[str, ...]) -> None:
        values = {"addresses": list(dict.fromkeys(normal_address(address) for address in addresses))}
        self.kept.row("list", row, values)

    def picture(self, name: str, data: bytes) -> None:
        before = Asset.objects.filter(name=name).first()
        inspect(data)
        if before is None or before.digest != digest_of(data, self.pen):
            alt = before.alt if before else ""
            deed = partial(keep_picture, data, name=name, alt=alt)
            self.kept.later("picture", name, before is None, deed)

    def templates(self) -> None:
        rows = list(Template.objects.all())
        known = {row.key: row for row in rows if row.key}
        entries = self.company.templates
        #: those that are the fallback when all is done; the database has one at each moment
        stay = {row.key for row in rows if row.fallback} - {entry.id for entry in entries}
        for entry in entries:
            row = known.get(entry.id) or Template(key=entry.id)
            self.attempt(f"templates/{entry.id}", self.template, row, entry, stay)

    def template(self, row: Template, entry: TemplateEntry, fallbacks: set[str]) -> None:
        if entry.fallback and fallbacks:
            sentence = "Another template is the fallback already: let that one give way first."
            raise ValidationError(sentence, code="fallback")
        if entry.fallback:
            fallbacks.add(entry.id)
        elif row.fallback:
            self.kept.first(partial(Template.objects.filter(pk=row.pk).update, fallback=False))
        values = {
            "name": entry.name,
            "rule": meant(row.rule, entry.rule, Rule),
            "parts": meant(row.parts, entry.parts, Parts),
            "priority": entry.priority,
            "fallback": entry.fallback,
        }
        self.kept.row(
            "template", row, values | {"parts": locked_into(values["parts"], self.pen.from_above())}
        )

    def campaigns(self) -> None:
        known = {row.key: row for row in Campaign.objects.exclude(key="")}
        messages = {(row.campaign_id, row.key): row for row in Message.objects.exclude(key="")}
        every = self.company.campaigns
        for number, entry in enumerate(every):
            row = known.get(entry.id) or Campaign(key=entry.id, state=Campaign.State.LIVE)
            self.attempt(f"campaigns/{entry.id}", self.campaign, row, entry)
            moved = _moved(row, entry, messages)
            for place, message in enumerate(entry.messages):
                where = f"campaigns/{entry.id}/messages/{message.id.removeprefix(entry.id + '/')}"
                values = {"place": place} if moved else {}
                self.attempt(where, self.message, row, message, messages, values)
            self.progress("comparing", number + 1, len(every))

    def campaign(self, row: Campaign, entry: CampaignEntry) -> None:
        values = {
            "name": entry.name,
            "state": entry.state or row.state,
            "rule": meant(row.rule, entry.rule, Rule),
            "priority": entry.priority,
            "holdout": entry.holdout,
            "caps": meant(row.caps, entry.caps, Caps),
            "cool_down_h": entry.cool_down_h,
            "sequence": entry.sequence,
            "stop_after_click": entry.stop_after_click,
            "utm": meant(row.utm, entry.utm, Utm),
        }
        self.kept.row("campaign", row, values)

    def message(
        self, campaign: Campaign, entry: MessageEntry, known: Mapping[Any, Message], place: Mapping[str, int]
    ) -> None:
        key = entry.id.removeprefix(f"{campaign.key}/")
        row = known.get((campaign.pk, key)) or Message(campaign=campaign, key=key)
        shape = SHAPES.get(entry.source.shape)
        values = {
            "name": entry.name,
            "slot": entry.slot or (shape.slot if shape else "banner"),
            "variants": list(entry.variants),
            "weight": entry.weight,
            "utm_content": entry.utm_content,
            "source": plain(entry.source),
            **place,
        }
        self.kept.row("message", row, values)


def _moved(campaign: Campaign, entry: CampaignEntry, known: Mapping[Any, Message]) -> bool:
    """Whether the file has the messages in another order than they would stand in by themselves, new ones last."""
    wanted = [message.id.removeprefix(f"{campaign.key}/") for message in entry.messages]
    there = [key for of, key in known if of == campaign.pk and key in wanted]
    return [*there, *(key for key in wanted if key not in there)] != wanted
