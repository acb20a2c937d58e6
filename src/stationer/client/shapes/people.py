"""What the API says of people. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class PersonShown(msgspec.Struct, kw_only=True):
    """A member."""

    id: str
    address: str
    aliases: list[str]
    attributes: dict[str, str]
    package: str
    groups: list[str]


class NewPerson(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A member to be. Groups and package are named."""

    address: str
    aliases: list[str] | UnsetType = UNSET
    attributes: dict[str, str] | UnsetType = UNSET
    package: str | UnsetType = UNSET
    groups: list[str] | UnsetType = UNSET


class PersonChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed; attributes and groups are replaced whole."""

    address: str | UnsetType | None = UNSET
    aliases: list[str] | UnsetType | None = UNSET
    attributes: dict[str, str] | UnsetType | None = UNSET
    package: str | UnsetType | None = UNSET
    groups: list[str] | UnsetType | None = UNSET


class GroupShown(msgspec.Struct, kw_only=True):
    """A group."""

    id: str
    name: str


class NewGroup(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A group, or its new name."""

    name: str


class PackageShown(msgspec.Struct, kw_only=True):
    """A package; what it allows of secure messages is in contract/people.md §5."""

    id: str
    name: str
    disclaimer: str
    rights: list[str]
    guests: bool
    most_octets: int
    messages_a_day: int
    retention_days: int
    level: int


class NewPackage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A package."""

    name: str
    disclaimer: str | UnsetType = UNSET
    rights: list[Literal["enrol", "details", "seal", "answer", "write"]] | UnsetType = UNSET
    guests: bool | UnsetType = UNSET
    most_octets: int | UnsetType = UNSET
    messages_a_day: int | UnsetType = UNSET
    retention_days: int | UnsetType = UNSET
    level: int | UnsetType = UNSET


class PackageChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed."""

    name: str | UnsetType | None = UNSET
    disclaimer: str | UnsetType | None = UNSET
    rights: list[Literal["enrol", "details", "seal", "answer", "write"]] | UnsetType | None = UNSET
    guests: bool | UnsetType | None = UNSET
    most_octets: int | UnsetType | None = UNSET
    messages_a_day: int | UnsetType | None = UNSET
    retention_days: int | UnsetType | None = UNSET
    level: int | UnsetType | None = UNSET


class ListName(msgspec.Struct, kw_only=True):
    """A list, without its addresses."""

    name: str


class ListShown(msgspec.Struct, kw_only=True):
    """A list."""

    name: str
    addresses: list[str]


class NewList(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A named list of addresses; PUT makes or replaces it."""

    addresses: list[str]


class DelegatesShown(msgspec.Struct, kw_only=True):
    """Who reads for the member, and for whom the member reads."""

    delegates: list[DelegateShown]
    reads_for: list[str]


class DelegateShown(msgspec.Struct, kw_only=True):
    """Somebody who reads for the member."""

    id: str
    address: str
    earlier: bool
    made_by: str


class Delegates(msgspec.Struct, kw_only=True, omit_defaults=True):
    """All of them: who is not named reads no more."""

    delegates: list[Delegate]


class Delegate(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Somebody who reads for the member: an address or alias of a member; `earlier`: also what came
    before."""

    address: str
    earlier: bool | UnsetType = UNSET


class DetailShown(msgspec.Struct, kw_only=True):
    """A detail; `{{name}}` stands for it in templates. `described`: somebody said so here; else as it
    comes."""

    name: str
    label: str
    kind: Literal["text", "phone", "link", "choice"]
    choices: list[str]
    editing: Literal["office", "asked", "self"]
    described: bool


class Detail(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a detail is called, what it is, and who changes it: the office, each person when the office
    agrees, or each person at once."""

    label: str
    kind: Literal["text", "phone", "link", "choice"] | UnsetType = UNSET
    choices: list[str] | UnsetType = UNSET
    editing: Literal["office", "asked", "self"] | UnsetType = UNSET


class ProposalShown(msgspec.Struct, kw_only=True):
    """What somebody would like changed, by detail: before, and as it is to be (empty: taken away)."""

    id: str
    member: str
    values: dict[str, str]
    before: dict[str, str]
    outcome: Literal["open", "agreed", "declined"]
    created_at: datetime
    decided_at: datetime | None
    decided_by: str


class Decision(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Agree, or decline."""

    agree: bool


class ImportShown(msgspec.Struct, kw_only=True):
    """An import: where it is, what each column was taken for, how many lines are what, and why it
    stopped."""

    id: str
    name: str
    state: str
    columns: list[str]
    counts: dict[str, int]
    note: str
    created_at: datetime
    applied_at: datetime | None


class WrongLine(msgspec.Struct, kw_only=True):
    """A line that is left out."""

    line: int
    address: str
    what: str
    next: str


class DoorShown(msgspec.Struct, kw_only=True):
    """Whom the door lets in: `open` anybody, `controlled` who is on the list, `invitation` who has got a
    message."""

    access: Literal["open", "controlled", "invitation"]
    access_list: list[str]


class DoorChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Only what is sent is changed; the list is replaced whole. An entry is an address, or `@domain`."""

    access: Literal["open", "controlled", "invitation"] | UnsetType | None = UNSET
    access_list: list[str] | UnsetType | None = UNSET
