"""A company file into rows: made or brought up to date, all or nothing, and said one by one (contract/company.md).

Rows are found again by their name (groups, packages, lists, pictures), their address (people) or their key
(templates, campaigns, messages). What the file does not name is left alone; nothing is removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction

from stationer.compose import SHAPES
from stationer.pick.company import CompanyErrors, CompanyFile
from stationer.pick.company.file import CampaignEntry, MessageEntry, TemplateEntry
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.content.pictures import keep_picture
from stationer.portal.people.members import find_member, put_in_groups, save_member
from stationer.portal.people.models import AddressList, Group, Member, Package, Pen
from stationer.portal.people.owned import PenOwned
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import normal_address, normal_domain
from stationer.wire.problem import Problem
from stationer.wire.roll import Person

T = TypeVar("T", bound=PenOwned)


def plain(value: Any) -> Any:
    """A wire struct as its JSON column holds it: lists, not tuples."""
    return msgspec.json.decode(msgspec.json.encode(value))


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
) -> tuple[Pen, list[str]]:
    """The PEN, and what was added or changed, one line each. Raises CompanyErrors; then nothing changed.

    `pictures` are the bytes by name, `lists` the addresses of those lists that stand in files.
    """
    with transaction.atomic():
        pen = pen or pen_for(company)
        with pen_scope(pen):
            work = _Work(company)
            work.all(pen, pictures, lists)
        if work.problems:
            raise CompanyErrors(tuple(work.problems))
    return pen, work.said


def _problem(company: CompanyFile, where: str, error: ValidationError) -> Problem:
    return company.placed(Problem(where, " ".join(error.messages), "Mend it and import again."))


class _Work:
    """One pass over the file; collects what changed and what is wrong."""

    def __init__(self, company: CompanyFile) -> None:
        self.company = company
        self.said: list[str] = []
        self.problems: list[Problem] = []

    def all(self, pen: Pen, pictures: Mapping[str, bytes], lists: Mapping[str, tuple[str, ...]]) -> None:
        self.pen(pen)
        for name in self.company.packages:
            self.keep(
                "packages", "package", Package.objects.filter(name=name).first() or Package(name=name), {}
            )
        for name in self.company.groups:
            self.keep("groups", "group", Group.objects.filter(name=name).first() or Group(name=name), {})
        for number, person in enumerate(self.company.people):
            self.attempt(f"people/{number}", lambda person=person: self.person(person))
        for name, entry in self.company.lists.items():
            self.attempt(f"lists/{name}", lambda n=name, e=entry: self.list(n, lists.get(n, e.addresses)))
        for name, data in pictures.items():
            self.attempt(f"pictures/{name}", lambda n=name, d=data: self.picture(n, d))
        for template in self.company.templates:
            self.template(template)
        for campaign in self.company.campaigns:
            self.campaign(campaign)

    def attempt(self, where: str, do: Any) -> None:
        """A part of the file; what is wrong with it is noted and the rest goes on."""
        try:
            with transaction.atomic():
                do()
        except ValidationError as error:
            self.problems.append(_problem(self.company, where, error))

    def keep(self, where: str, word: str, row: T, values: Mapping[str, Any]) -> T:
        """Give the row these values; say whether it is new or changed."""
        new = row._state.adding
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        if new or before != dict(values):
            self.attempt(where, lambda: self.save(row))
            self.said.append(f"{'added' if new else 'changed'} {word} {row}")
        return row

    def save(self, row: PenOwned) -> None:
        row.full_clean()
        row.save()

    def pen(self, pen: Pen) -> None:
        management = self.company.management
        try:
            domains = [normal_domain(domain) for domain in self.company.pen.domains]
        except ValidationError as error:
            self.problems.append(_problem(self.company, "pen/domains", error))
            return
        values: dict[str, Any] = {
            "name": self.company.pen.name,
            "domains": domains,
            "zone": self.company.pen.zone,
            "hold_limit_ms": management.hold_limit_ms,
            "most_messages": management.most_messages,
            "slots": list(management.slots),
        }
        if any(getattr(pen, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(pen, name, value)
            self.attempt("pen", lambda: self.settings(pen))
            self.said.append(f"changed settings of {pen}")

    def settings(self, pen: Pen) -> None:
        pen.full_clean()
        pen.save()

    def person(self, person: Person) -> None:
        address = normal_address(person.address)
        row = find_member(address)
        groups = list(Group.objects.filter(name__in=person.groups))
        package = Package.objects.filter(name=person.package).first() or self.package(person.package)
        values = {
            "address": address,
            "aliases": [normal_address(alias) for alias in person.aliases],
            "attributes": dict(person.attributes),
            "package": package,
        }
        new = row is None
        row = row or Member(package=package)
        changed = new or any(getattr(row, name) != value for name, value in values.items())
        if changed:
            for name, value in values.items():
                setattr(row, name, value)
            save_member(row)
        now = set() if new else set(row.groups.values_list("name", flat=True))
        if now != {group.name for group in groups}:
            put_in_groups(row, groups)
            changed = True
        if changed:
            self.said.append(f"{'added' if new else 'changed'} person {row.address}")

    def package(self, name: str) -> Package:
        self.said.append(f"added package {name}")
        return Package.objects.create(name=name)

    def list(self, name: str, addresses: tuple[str, ...]) -> None:
        row = AddressList.objects.filter(name=name).first() or AddressList(name=name)
        kept = list(dict.fromkeys(normal_address(address) for address in addresses))
        self.keep(f"lists/{name}", "list", row, {"addresses": kept})

    def picture(self, name: str, data: bytes) -> None:
        before = Asset.objects.filter(name=name).first()
        row = keep_picture(data, name=name, alt=before.alt if before else "")
        if before is None or before.digest != row.digest:
            self.said.append(f"{'changed' if before else 'added'} picture {name}")

    def template(self, entry: TemplateEntry) -> None:
        row = Template.objects.filter(key=entry.id).first() or Template(key=entry.id)
        values = {
            "name": entry.name,
            "rule": plain(entry.rule),
            "parts": plain(entry.parts),
            "priority": entry.priority,
            "fallback": entry.fallback,
        }
        self.keep(f"templates/{entry.id}", "template", row, values)

    def campaign(self, entry: CampaignEntry) -> None:
        where = f"campaigns/{entry.id}"
        row = Campaign.objects.filter(key=entry.id).first() or Campaign(
            key=entry.id, state=Campaign.State.LIVE
        )
        values = {"name": entry.name, "rule": plain(entry.rule), "priority": entry.priority}
        self.keep(where, "campaign", row, values)
        if row._state.adding:  # it could not be kept, and that has been noted
            return
        for message in entry.messages:
            self.message(row, message, where)

    def message(self, campaign: Campaign, entry: MessageEntry, where: str) -> None:
        key = entry.id.removeprefix(f"{campaign.key}/")
        row = Message.objects.filter(campaign=campaign, key=key).first() or Message(
            campaign=campaign, key=key
        )
        shape = SHAPES.get(entry.source.shape)
        values = {
            "name": entry.name,
            "slot": entry.slot or (shape.slot if shape else "banner"),
            "variants": list(entry.variants),
            "weight": entry.weight,
            "source": plain(entry.source),
        }
        self.keep(f"{where}/messages/{key}", "message", row, values)
