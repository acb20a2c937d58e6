"""Rows into a company file: what `company import` would read back without changing anything (contract/company.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Any, NamedTuple

import yaml

from stationer.pick.company import FORMAT, PERSON
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.content.pictures import blobs
from stationer.portal.people.attributes import given
from stationer.portal.people.models import AddressList, Group, Member, Package, Pen
from stationer.portal.people.pens import said_by
from stationer.portal.people.scope import current_pen_id, pen_scope
from stationer.portal.publishing.defining import link_base
from stationer.wire.rules import Schedule
from stationer.wire.words import SLOTS, VARIANTS

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Rows(NamedTuple):
    """What a file is made of beside the PEN and its people: as it is written now, or as it was published."""

    pen: Pen
    lists: Iterable[AddressList]
    templates: Iterable[Template]
    campaigns: Iterable[tuple[Campaign, Iterable[Message]]]


def as_written() -> Rows:
    """The rows of the PEN in scope, drafts and all."""
    campaigns = Campaign.objects.prefetch_related("messages")
    return Rows(
        Pen.objects.get(pk=current_pen_id()),
        AddressList.objects.all(),
        Template.objects.all(),
        [(row, row.messages.all()) for row in campaigns],
    )


def company_of(pen: Pen) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The file's content in plain values, and the pictures by the path they are to be written to. Raises Absent when
    the file of a picture is gone."""
    with pen_scope(pen):
        pictures = list(Asset.objects.all())
        files = {row.name: blobs().get(f"pictures/{row.file_name}") for row in pictures}
        said = said_of(as_written())
        paths = {name: one["file"] for name, one in said.get("pictures", {}).items()}
        for name, data in files.items():
            said["pictures"][name] |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    return said, {paths[name]: data for name, data in files.items()}


def said_of(rows: Rows) -> dict[str, Any]:
    """The same without the pictures' octets: each is called by where the portal serves it. In the PEN's scope; eleven
    queries, however many rows there are."""
    pen, pictures = rows.pen, list(Asset.objects.all())
    paths = _paths(pictures)
    said = {
        "format": FORMAT,
        "pen": {
            "id": pen.outside_id,
            "name": pen.name,
            "domains": pen.domains,
            "links": link_base(pen),
            "zone": pen.zone,
        },
        "management": _management(pen),
        "partner": _partner(pen),
        "calendars": pen.calendars,
        "packages": [_package(row) for row in Package.objects.all()],
        "groups": {row.name: [] for row in Group.objects.all()},
        "people": [_person(row, pen) for row in _people()],
        "lists": {row.name: row.addresses for row in rows.lists},
        "pictures": {row.name: {"file": paths[row.name], "url": row.url} for row in pictures},
        "templates": dict(_keyed(rows.templates, _template)),
        "campaigns": {row.key or row.outside_id: _campaign(row, texts) for row, texts in rows.campaigns},
    }
    return {key: value for key, value in said.items() if value}


def written(said: Mapping[str, Any]) -> str:
    """The file as text: the same bytes for the same values."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(said, Dumper=dumper, allow_unicode=True, sort_keys=False, width=110))


def _management(pen: Pen) -> dict[str, Any]:
    """The PEN's own settings; what its partner has locked is the partner's to say."""
    locks = pen.inherited.get("locks", ())
    own: dict[str, Any] = {
        "hold_limit_ms": pen.hold_limit_ms,
        "most_messages": pen.most_messages,
        "slots": pen.slots,
        "blackout": pen.blackout,
        "quiet_groups": pen.quiet_groups,
        "mixed": pen.mixed,
        "most_copies": pen.most_copies,
        "replay": pen.replay,
        "pictures": pen.pictures,
        "tracking": pen.tracking,
        "decoy": pen.decoy,
    }
    return _settings({name: value for name, value in own.items() if name not in locks})


def _settings(said: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as the file calls them."""
    named = {"hold_limit" if name == "hold_limit_ms" else name: value for name, value in said.items()}
    if "hold_limit" in named:
        named["hold_limit"] = f"{named['hold_limit']}ms"
    if "blackout" in named:
        named["blackout"] = [_times(when) for when in named["blackout"]]
    return named


def _partner(pen: Pen) -> dict[str, Any]:
    if not pen.inherited:
        return {}
    locks = ["hold_limit" if name == "hold_limit_ms" else name for name in pen.inherited.get("locks", ())]
    return {"management": _settings(pen.inherited.get("management", {})), "locks": locks}


def _package(row: Package) -> str | dict[str, Any]:
    """By its name alone where it is as it came."""
    said = said_by(row)
    return {"name": row.name, **said} if said else row.name


def _people() -> Iterable[Member]:
    return Member.objects.select_related("package").prefetch_related("groups")


def _person(row: Member, pen: Pen) -> dict[str, Any]:
    own = given(row.address, pen.name)
    said: dict[str, Any] = {"address": row.address}
    if row.aliases:
        said["aliases"] = row.aliases
    groups = sorted(group.name for group in row.groups.all())
    if groups:
        said["groups"] = groups
    said["package"] = row.package.name
    attributes = {name: text for name, text in row.attributes.items() if name not in PERSON}
    return said | {name: text for name, text in attributes.items() if own.get(name) != text}


def _paths(pictures: Iterable[Asset]) -> dict[str, str]:
    """Where each picture is written: a file of its own, also where names differ in signs that no path takes."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for row in pictures:
        stem, ending = _slug(row.name), row.file_name.rpartition(".")[2]
        others = (f"{stem}-{number}" for number in count(2))
        own = next(one for one in chain([stem], others) if one not in taken)
        taken.add(own)
        paths[row.name] = f"pictures/{own}.{ending}"
    return paths


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def _keyed(rows: Iterable[Any], write: Any) -> Iterable[tuple[str, dict[str, Any]]]:
    """Each row under its key; a row without one under its id, by which nothing else is called."""
    for row in rows:
        yield row.key or row.outside_id, write(row)


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    said = {"shape": source["shape"], **source.get("values", {})}
    if source.get("elements"):
        said["elements"] = [{"kind": one["kind"], **one.get("values", {})} for one in source["elements"]]
    return said | ({"text": source["text"]} if source.get("text") else {})


def _template(row: Template) -> dict[str, Any]:
    said: dict[str, Any] = {"name": row.name, "priority": row.priority, "fallback": row.fallback}
    if when := _when(row.rule):
        said["when"] = when
    for variant in VARIANTS:
        slots = row.parts.get(variant, {})
        if slots:
            said[variant] = {slot: _source(slots[slot]) for slot in SLOTS if slot in slots}
    return said


def _campaign(row: Campaign, texts: Iterable[Message]) -> dict[str, Any]:
    said: dict[str, Any] = {"name": row.name, "state": row.state, "priority": row.priority}
    if row.holdout:
        said["holdout"] = row.holdout
    if caps := {name: cap for name, cap in row.caps.items() if cap}:
        said["caps"] = caps
    said |= {
        name: getattr(row, name)
        for name in ("cool_down_h", "sequence", "stop_after_click")
        if getattr(row, name)
    }
    if row.utm:
        said["utm"] = row.utm
    if when := _when(row.rule):
        said["when"] = when
    return said | {"messages": dict(_keyed(texts, _message))}


def _message(row: Message) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": row.name,
        "slot": row.slot,
        "variants": row.variants,
        "weight": row.weight,
    }
    if row.utm_content:
        said["utm_content"] = row.utm_content
    return said | {"content": _source(row.source)}


def _when(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Times stand beside who and whom in the file; weekdays by name; the zone always, since a time without one
    would go by the company's."""
    said = {name: value for name, value in rule.items() if name != "when" and value}
    return said | _times(rule.get("when", {}))


def _times(when: Mapping[str, Any]) -> dict[str, Any]:
    said = {"zone": Schedule().zone, **when} if when else {}
    times = {name: said[name] for name in Schedule.__struct_fields__ if name in said}  # JSONB keeps no order
    if times.get("weekdays"):
        times["weekdays"] = [_DAYS[day] for day in times["weekdays"]]
    return times
