"""The layout of a company file: what may stand where (contract/company.md). The schema is made from this."""

from __future__ import annotations

from typing import get_args

import yaml

from stationer.pick.company.file import State
from stationer.pick.company.forms import (
    Choice,
    Either,
    Form,
    Many,
    Node,
    Number,
    Record,
    Report,
    Schema,
    Table,
    Text,
    Truth,
)
from stationer.pick.company.kinds import Duration, Format, Weekdays
from stationer.wire.definition import Mixed
from stationer.wire.words import PACKAGE_RIGHTS, PICTURES, SLOTS, TRACKING, VARIANTS

#: How a file is laid out; one that says another number is not read.
FORMAT = 1
MIXED = get_args(Mixed)
_SIDES = ("anyone", "inside", "outside", "mixed")


class Listing:
    """Addresses here, or `file:` with one address a line."""

    _here = Many(Text(may_be_empty=False))
    _file = Record({"file": Text("A path beside this file; one address a line.", False)}, required=("file",))

    def read(self, node: Node, where: str, report: Report) -> dict[str, object]:
        if isinstance(node, yaml.MappingNode):
            return self._file.read(node, where, report)
        return {"addresses": self._here.read(node, where, report)}

    def schema(self) -> Schema:
        return {"anyOf": [self._here.schema(), self._file.schema()]}


class Pictured:
    """A path beside the file; or a record with where the picture is served, and what its file must be for that."""

    _path = Text("A path beside this file.", may_be_empty=False)
    _served = Record(
        {
            "file": _path,
            "url": Text("Where it is served.", may_be_empty=False),
            "sha256": Text("Of the file that is served, in hexadecimal.", may_be_empty=False),
            "size": Number("Of the file that is served, in bytes."),
        },
        required=("file",),
    )

    def read(self, node: Node, where: str, report: Report) -> dict[str, object]:
        if isinstance(node, yaml.MappingNode):
            return {"file": "", **self._served.read(node, where, report)}
        return {"file": self._path.read(node, where, report)}

    def schema(self) -> Schema:
        return {"anyOf": [self._path.schema(), self._served.schema()]}


class Packaged:
    """A package's name; or a record that says all of it, where what is left out is as such a package comes."""

    _name = Text(may_be_empty=False)
    _said = Record(
        {
            "name": _name,
            "disclaimer": Text("At the end of their mail."),
            "rights": Many(Choice(*PACKAGE_RIGHTS), "What its people may do; contract/people.md §2."),
            "guests": Truth("Whether it decides of everybody who is no member: one of all."),
            "most_octets": Number("Of one secure message; 0: as the installation has it."),
            "messages_a_day": Number("Secure messages in 24 hours; 0: no bound."),
            "retention_days": Number("Until a secure message ends by itself; 0: never."),
            "level": Number("What their messages ask of readers at least: 1, 2 or 3."),
        },
        required=("name",),
    )

    def read(self, node: Node, where: str, report: Report) -> tuple[str, dict[str, object] | None]:
        if isinstance(node, yaml.MappingNode):
            said = self._said.read(node, where, report)
            return str(said.pop("name", "")), said
        return self._name.read(node, where, report), None

    def schema(self) -> Schema:
        return {"anyOf": [self._name.schema(), self._said.schema()]}


_names = Many(Text(may_be_empty=False))
_senders: Form = Either(
    {"anyone": {}},
    Record(
        {
            "addresses": _names,
            "groups": _names,
            "packages": _names,
            "where": Table(_names, says="By attribute, the values of which a sender must have one."),
        },
        says="A member whom any entry names, and whose attributes are those.",
    ),
)
_recipients: Form = Either(
    {side: {"side": side} for side in _SIDES},
    Record(
        {
            "side": Choice(*_SIDES),
            "addresses": _names,
            "domains": _names,
            "groups": _names,
            "lists": _names,
            "match": Choice("any", "all"),
        }
    ),
)
_times: dict[str, Form] = {
    "starts": Text("YYYY-MM-DD or YYYY-MM-DDTHH:MM, local time."),
    "ends": Text("The same; a bare date is the end of that day."),
    "weekdays": Weekdays(),
    "hours": Text("HH:MM-HH:MM, the end excluded."),
    "zone": Text("An IANA time zone; the company's own by default."),
    "not_on": Many(
        Text(may_be_empty=False), "Dates, spans such as 2026-12-24..2027-01-01, names of calendars."
    ),
}
_rule = Record(
    {
        "senders": _senders,
        "to": _recipients,
        "except_senders": _senders,
        "except_to": _recipients,
        **_times,
    },
    says="Who writes to whom, and when.",
)
_element = Record(
    {"kind": Text("See contract/content.md §7.", False)},
    required=("kind",),
    extra=Text(),
    extra_as="values",
    says="An element of a form, and its fields.",
)
_source = Record(
    {
        "shape": Text("See contract/content.md §4.", False),
        "text": Text("The plain-text twin."),
        "elements": Many(_element, "Of the shape form: one below the other."),
    },
    required=("shape",),
    extra=Text(),
    extra_as="values",
    says="A shape and its fields.",
)
_parts = Table(_source, SLOTS)
_message = Record(
    {
        "name": Text(),
        "slot": Choice(*SLOTS),
        "variants": Many(Choice(*VARIANTS)),
        "weight": Number("Its share among equals."),
        "utm_content": Text("What its links call it, where the campaign has a utm."),
        "content": _source,
    },
    required=("content",),
)

_person = Record(
    {
        "address": Text(may_be_empty=False),
        "id": Text(),
        "aliases": _names,
        "groups": _names,
        "package": Text(may_be_empty=False),
    },
    required=("address",),
    extra=Text(),
    extra_as="attributes",
    says="A member. Every other name is an attribute that content may use.",
)
#: What a person has besides attributes; no attribute can be called so.
PERSON = tuple(_person.fields)

_management = Record(
    {
        "hold_limit": Duration(),
        "most_messages": Number("Campaign messages in one mail, at most."),
        "slots": Many(Choice(*SLOTS)),
        "blackout": Many(Record(_times), "Times at which no campaign's message is shown."),
        "quiet_groups": Many(Text(may_be_empty=False), "Groups whose members' own mails carry no messages."),
        "mixed": Choice(*MIXED),
        "most_copies": Number("Copies of one mail, at most, where mixed is copies."),
        "replay": Truth("Keep keyed hashes of who wrote to whom for seven days, to try drafts on them."),
        "pictures": Choice(*PICTURES),
        "tracking": Choice(*TRACKING),
        "decoy": Truth("End blocks with a link that nobody sees: people do not follow it, programs do."),
    }
)

LAYOUT = Record(
    {
        "format": Format(FORMAT),
        "pen": Record(
            {
                "id": Text(may_be_empty=False),
                "name": Text(may_be_empty=False),
                "domains": _names,
                "links": Text(
                    "The address that link tokens are written after, such as https://go.acme.example/c/."
                ),
                "assets": Text("The address under which pictures are hosted."),
                "zone": Text("An IANA time zone."),
            },
            required=("id", "name", "domains"),
        ),
        "management": _management,
        "partner": Record(
            {"management": _management, "locks": Many(Choice(*_management.fields))},
            says="What a partner hands down: settings, and the names of those that it alone may change.",
        ),
        "calendars": Table(_names, says="Days by name: dates, and spans such as 2026-12-24..2027-01-01."),
        "packages": Many(Packaged(), "Membership packages; employees, clients, guests by default."),
        "groups": Table(_names, says="Groups by name, with addresses of members."),
        "people": Many(_person),
        "lists": Table(Listing(), says="Named lists of addresses."),
        "pictures": Table(Pictured(), says="Pictures by name."),
        "templates": Table(
            Record(
                {
                    "name": Text(),
                    "priority": Number("Higher is asked first."),
                    "fallback": Truth("For every mail that no other template is for."),
                    "when": _rule,
                    "new": _parts,
                    "reply": Either({"new": "new"}, _parts),
                    "forward": Either({"new": "new", "reply": "reply"}, _parts),
                }
            )
        ),
        "campaigns": Table(
            Record(
                {
                    "name": Text(),
                    "state": Choice(*get_args(State)),
                    "priority": Number("Higher is asked first."),
                    "holdout": Number("Per cent of mails, 0 to 90, that go without it."),
                    "when": _rule,
                    "caps": Record(
                        {
                            "day": Number("In one day (UTC)."),
                            "week": Number("In seven days, this one included."),
                            "ever": Number("Ever."),
                        },
                        says="To one recipient at most so many mails with it; 0 or absent: no cap.",
                    ),
                    "cool_down_h": Number("Not again to a recipient before so many hours have passed."),
                    "sequence": Truth("Its messages one after the other, in this order, to each recipient."),
                    "stop_after_click": Truth("Not again to a recipient who clicked one of its links."),
                    "utm": Record(
                        {"source": Text(), "medium": Text(), "campaign": Text()},
                        says="What its links say to the websites they lead to: utm_source and so on.",
                    ),
                    "messages": Table(_message),
                },
                required=("messages",),
            )
        ),
    },
    required=("pen",),
)


def schema() -> Schema:
    """The JSON Schema of a company file, contract/schemas/company.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A company file of Stationer",
        **LAYOUT.schema(),
    }
