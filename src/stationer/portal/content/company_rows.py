"""A company file against the rows of a PEN: what is to be written, and what is wrong (contract/company.md).

Rows are found again by their name (groups, packages, lists, pictures), their address (people) or their key
(templates, campaigns, messages; their id where they have none). What the file does not name is left alone, or goes
where that is asked (`removing`). Everything is compared first, then shown, then written: so a change can be looked at
before there is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from stationer.compose import SHAPES
from stationer.pick.company import CompanyFile
from stationer.pick.company.file import CampaignEntry, MessageEntry, TemplateEntry
from stationer.portal.content import removing
from stationer.portal.content.comparing import Kept
from stationer.portal.content.locked_parts import check_left, check_said, locked_into
from stationer.portal.content.manner import Manner, Progress, meant, plain, wrong_at
from stationer.portal.content.matching import Met, Whose
from stationer.portal.content.message_order import is_moved, key_of, order_of
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.content.package_terms import check_guests, give_terms, meant_terms
from stationer.portal.content.pictures import digest_of, inspect, keep_picture
from stationer.portal.content.valid import Parts
from stationer.portal.people.attributes import given
from stationer.portal.people.models import AddressList, Group, GroupMember, Member, Package, Pen
from stationer.portal.people.owned import PenOwned
from stationer.portal.people.valid import domain_or_below, normal_address
from stationer.wire.definition import Caps, Inherited
from stationer.wire.problem import Problem
from stationer.wire.rules import Rule
from stationer.wire.source import Source, Utm

P = ParamSpec("P")
T = TypeVar("T", bound=PenOwned)


class Comparison:
    """One pass over the file; collects what is to be written and what is wrong."""

    def __init__(self, company: CompanyFile, pen: Pen, progress: Progress, manner: Manner) -> None:
        self.company, self.pen, self.progress, self.manner = company, pen, progress, manner
        self.handed = pen.from_above()
        self.problems: list[Problem] = []
        self.kept = Kept(pen.zone, manner.by)
        self.packages = {row.name: row for row in self.rows(Package)}
        self.groups = {row.name: row for row in self.rows(Group)}

    def rows(self, model: type[T]) -> QuerySet[T]:
        """All of the PEN's; nobody else's from here to the commit where that is asked."""
        found = cast("QuerySet[T]", model._default_manager.all())
        return found.select_for_update(of=("self",)) if self.manner.lock else found

    def key(self, kind: str, name: str) -> dict[str, Any]:
        """The id that a new row had before, where it had one."""
        found = self.manner.again.get((kind, name))
        return {"pk": found} if found else {}

    def compare(self, pictures: Mapping[str, bytes], lists: Mapping[str, tuple[str, ...]]) -> None:
        company = self.company
        self.attempt("pen", self.settings)
        self.attempt("packages", check_guests, company.terms_of, list(self.packages.values()))
        for number, name in enumerate(company.packages):
            self.attempt(f"packages/{number}", self.package_said, name)
        for name in company.groups:
            self.attempt("groups", self.group, name)
        self.people()
        kept = {row.name: row for row in self.rows(AddressList)}
        for name, entry in company.lists.items():
            row = kept.get(name) or AddressList(name=name, **self.key("list", name))
            self.attempt(f"lists/{name}", self.list, row, lists.get(name, entry.addresses))
        there = {row.name: row for row in Asset.objects.all()} if pictures else {}
        for name, data in pictures.items():
            self.attempt(f"pictures/{name}", self.picture, name, data, there.get(name))
        self.templates()
        self.campaigns()
        if self.manner.remove:
            self.unnamed()

    def unnamed(self) -> None:
        """Groups, lists and packages that the file does not name."""
        by, said = self.manner.by, self.company
        removing.named(self.kept, Group, {*said.groups, *self.company.management.quiet_groups}, by)
        removing.named(self.kept, AddressList, said.lists, by)
        people = {met.person.package for met in self.whose.met.values()}
        used = {row.package_id for row in self.whose.rows} | {
            self.packages[name].pk for name in people if name in self.packages
        }
        removing.packages(self.kept, said.packages, used)

    def attempt(self, where: str, do: Callable[P, object], *args: P.args, **named: P.kwargs) -> None:
        """A part of the file; what is wrong with it is noted and the rest goes on."""
        try:
            do(*args, **named)
        except ValidationError as error:
            self.problems.append(wrong_at(self.company, where, error))

    def settings(self) -> None:
        partner = self.company.partner
        values: dict[str, Any] = {
            "name": self.company.pen.name,
            "domains": [domain_or_below(domain) for domain in self.company.pen.domains],
            "zone": self.company.pen.zone,
            **{name: plain(value) for name, value in self.terms()},
            "calendars": plain(self.company.calendars),
            "inherited": plain(partner) if partner != Inherited() else {},
        }
        if self.company.terms.tracking is None:  # then it is as it was, or as the country's law has it begin
            values.pop("tracking", None)
        self.kept.settings(self.pen, values)

    def terms(self) -> Iterator[tuple[str, Any]]:
        """What the PEN itself says of each setting that is its own to say; where the file says nothing, what then is
        in force."""
        for name in self.company.management.__struct_fields__:
            own = getattr(self.company.terms, name)
            if name not in self.company.partner.locks:
                yield name, getattr(self.company.management, name) if own is None else own

    def package(self, name: str) -> Package:
        if name not in self.packages:
            said = self.company.terms_of.get(name)
            row = Package(name=name)
            self.packages[name] = self.kept.row("package", row, meant_terms(name, said) if said else {})
        return self.packages[name]

    def package_said(self, name: str) -> None:
        there, said = self.packages.get(name), self.company.terms_of.get(name)
        if there is None:
            self.package(name)
        elif said is not None:
            give_terms(self.kept, there, said)

    def group(self, name: str) -> Group:
        if name not in self.groups:
            self.groups[name] = self.kept.row("group", Group(name=name, **self.key("group", name)), {})
        return self.groups[name]

    def people(self) -> None:
        self.whose = Whose(self.rows(Member).select_related("package"), self.manner.again)
        places: dict[Any, dict[str, uuid.UUID]] = {}
        for member_id, name, place in GroupMember.objects.values_list("member_id", "group__name", "pk"):
            places.setdefault(member_id, {})[name] = place
        for number, person in enumerate(self.company.people):
            self.attempt(f"people/{number}", self.whose.meet, number, person)
        self.whose.settle()
        if self.manner.remove:
            for row in removing.people(self.kept, self.whose.absent(), self.manner.spare_devices):
                self.whose.leave(row)
        for number, met in self.whose.met.items():
            self.attempt(f"people/{number}", self.person, met, places)

    def person(self, met: Met, places: Mapping[Any, Mapping[str, uuid.UUID]]) -> None:
        row = self.whose.check(met)
        attributes = self.attributes(row, met.address, dict(met.person.attributes))
        values = {"address": met.address, "aliases": met.aliases, "attributes": attributes}
        groups = [self.group(name) for name in met.person.groups]
        self.kept.member(row, values, self.package(met.person.package), groups, places.get(row.pk, {}))

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

    def picture(self, name: str, data: bytes, before: Asset | None) -> None:
        inspect(data)
        if before is None or before.digest != digest_of(data, self.pen):
            alt = before.alt if before else ""
            deed = partial(keep_picture, data, name=name, alt=alt)
            self.kept.later("picture", name, before is None, deed)

    def templates(self) -> None:
        rows = list(self.rows(Template))
        known = {row.key or row.outside_id: row for row in rows}
        entries = self.company.templates
        named = {entry.id for entry in entries}
        if self.manner.remove:
            gone = [row for key, row in known.items() if key not in named]
            self.attempt("templates", removing.written, self.kept, gone, self.manner.by)
            rows = [row for row in rows if row not in gone]
        had = any(row.fallback for row in rows)
        #: those that are the fallback when all is done; the database has one at each moment
        stay = {row.key or row.outside_id for row in rows if row.fallback} - named
        for entry in entries:
            row = known.get(entry.id) or Template(key=entry.id, **self.key("template", entry.id))
            self.attempt(f"templates/{entry.id}", self.template, row, entry, stay)
        if had and not stay:
            self.attempt("templates", check_left, self.handed)

    def template(self, row: Template, entry: TemplateEntry, fallbacks: set[str]) -> None:
        if entry.fallback and fallbacks:
            sentence = "Another template is the fallback already: let that one give way first."
            raise ValidationError(sentence, code="fallback")
        if entry.fallback:
            fallbacks.add(entry.id)
        elif row.fallback:
            self.kept.first(partial(Template.objects.filter(pk=row.pk).update, fallback=False))
        parts = locked_into(meant(row.parts, entry.parts, Parts), self.handed)
        check_said(parts, self.handed)
        values = {
            "name": entry.name,
            "rule": meant(row.rule, entry.rule, Rule),
            "parts": parts,
            "priority": entry.priority,
            "fallback": entry.fallback,
        }
        self.kept.row("template", row, values)

    def campaigns(self) -> None:
        known = {row.key or row.outside_id: row for row in self.rows(Campaign)}
        texts = self.rows(Message)
        messages = {(row.campaign_id, row.key or row.outside_id): row for row in texts}
        every = self.company.campaigns
        order = order_of(messages)
        for number, entry in enumerate(every):
            row = known.get(entry.id) or Campaign(
                key=entry.id, state=Campaign.State.LIVE, **self.key("campaign", entry.id)
            )
            self.attempt(f"campaigns/{entry.id}", self.campaign, row, entry)
            moved = is_moved(row, entry, order)
            for place, message in enumerate(entry.messages):
                where = f"campaigns/{entry.id}/messages/{message.id.removeprefix(entry.id + '/')}"
                values = {"place": place} if moved else {}
                self.attempt(where, self.message, row, entry, message, messages, values)
            self.progress("comparing", number + 1, len(every))
        if self.manner.remove:
            self.unsaid(known, messages)

    def unsaid(self, known: Mapping[str, Campaign], messages: Mapping[Any, Message]) -> None:
        """Campaigns that the file does not name, and messages of those that it does."""
        said = {known[entry.id].pk: entry for entry in self.company.campaigns if entry.id in known}
        keys = {pk: {key_of(entry, one) for one in entry.messages} for pk, entry in said.items()}
        gone = [row for row in known.values() if row.pk not in said]
        removing.written(self.kept, gone, self.manner.by)
        texts = [row for (of, key), row in messages.items() if of in said and key not in keys[of]]
        removing.written(self.kept, texts, self.manner.by)

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
        self,
        campaign: Campaign,
        of: CampaignEntry,
        entry: MessageEntry,
        known: Mapping[Any, Message],
        place: Mapping[str, int],
    ) -> None:
        key = key_of(of, entry)
        row = known.get((campaign.pk, key)) or Message(
            campaign=campaign, key=key, **self.key("message", entry.id)
        )
        shape = SHAPES.get(entry.source.shape)
        values = {
            "name": entry.name,
            "slot": entry.slot or (shape.slot if shape else "banner"),
            "variants": list(entry.variants),
            "weight": entry.weight,
            "utm_content": entry.utm_content,
            "source": meant(row.source, entry.source, Source),
            **place,
        }
        self.kept.row("message", row, values)
