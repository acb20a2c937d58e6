"""`/api/v1/people`, `/groups`, `/packages`, `/lists`: who is in the PEN."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access import devices
from stationer.portal.access.assigning import beyond
from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, Page, PagingQuery, assign, found, page, paged, wrong
from stationer.portal.people.attributes import all_proper
from stationer.portal.people.discarding import discard
from stationer.portal.people.members import add_member, put_in_groups, save_member
from stationer.portal.people.models import AddressList, Group, Member, Package
from stationer.portal.people.naming import dissolve, rename
from stationer.portal.people.valid import normal_address

router = Router(tags=["people"], auth=Key("see-people", "change-people"))
Name = Annotated[str, Field(min_length=1, max_length=120)]
Rights = list[Literal["enrol", "details", "seal", "answer", "write"]]


class NewPerson(Asked):
    """A member to be. Groups and package are named."""

    address: str
    aliases: list[str] = []
    attributes: dict[str, str] = {}
    package: str = "employees"
    groups: list[str] = []


class PersonChange(Asked):
    """Only what is sent is changed; attributes and groups are replaced whole."""

    address: str | None = None
    aliases: list[str] | None = None
    attributes: dict[str, str] | None = None
    package: str | None = None
    groups: list[str] | None = None


class PersonShown(Schema):
    """A member."""

    id: str
    address: str
    aliases: list[str]
    attributes: dict[str, str]
    package: str
    groups: list[str]


class People(Page):
    """A page of members."""

    items: list[PersonShown]


def shown(row: Member) -> dict[str, Any]:
    """A member as the API shows it."""
    return {
        "id": row.outside_id,
        "address": row.address,
        "aliases": row.aliases,
        "attributes": row.attributes,
        "package": row.package.name,
        "groups": sorted(group.name for group in row.groups.all()),
    }


def _people() -> Any:
    return Member.objects.select_related("package").prefetch_related("groups")


def _groups(names: list[str]) -> list[Group]:
    rows = {row.name: row for row in Group.objects.filter(name__in=names)}
    missing = sorted(set(names) - rows.keys())
    if missing:
        raise wrong("groups", f"There is no group “{missing[0]}”.")
    return list(rows.values())


def _package(name: str) -> Package:
    row = Package.objects.filter(name=name).first()
    if row is None:
        raise wrong("package", f"There is no package “{name}”.")
    return row


@router.get("/people", response=People)
def list_people(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Members."""
    return page(_people(), "member", paging, shown)


@router.post("/people", response={201: PersonShown})
def add_person(request: HttpRequest, asked: NewPerson) -> Status[dict[str, Any]]:
    """A new member."""
    row = add_member(
        asked.address,
        attributes=all_proper(asked.attributes),
        aliases=asked.aliases,
        package=_package(asked.package),
        groups=_groups(asked.groups),
    )
    return Status(201, shown(row))


@router.get("/people/{member_id}", response=PersonShown)
def get_person(request: HttpRequest, member_id: str) -> dict[str, Any]:
    """One member."""
    return shown(found(_people(), "member", member_id))


@router.patch("/people/{member_id}", response=PersonShown)
def change_person(request: HttpRequest, member_id: str, asked: PersonChange) -> dict[str, Any]:
    """Change what is sent."""
    with transaction.atomic():
        row = found(Member.objects.select_for_update(), "member", member_id)
        _address_is_theirs(request, row, asked)
        if asked.address is not None:
            row.address = normal_address(asked.address)
        if asked.aliases is not None:
            row.aliases = [normal_address(alias) for alias in asked.aliases]
        if asked.attributes is not None:
            row.attributes = all_proper(asked.attributes)
        if asked.package is not None:
            row.package = _package(asked.package)
        save_member(row)
        if asked.groups is not None:
            put_in_groups(row, _groups(asked.groups))
    return shown(found(_people(), "member", member_id))


def _address_is_theirs(request: HttpRequest, row: Member, asked: PersonChange) -> None:
    """A key changes no address of somebody who may do more than itself."""
    key, fields = device(request), {"address": asked.address, "aliases": asked.aliases}
    for name, wanted in fields.items():
        changed = wanted is not None and wanted != getattr(row, name)
        if changed and key is not None and beyond(devices.rights_of(key), row):
            raise wrong(name, "They may do more than this key: another one has to change it.")


@router.delete("/people/{member_id}", response={204: None})
def remove_person(request: HttpRequest, member_id: str) -> Status[None]:
    """The member, their devices and their access are gone."""
    row, key = found(_people(), "member", member_id), device(request)
    if key is not None and beyond(devices.rights_of(key), row):
        raise wrong("member", "They may do more than this key: another one has to do it.")
    row.delete()
    return Status(204, None)


class NewGroup(Asked):
    """A group, or its new name."""

    name: Name


class GroupShown(Schema):
    """A group."""

    id: str
    name: str


class Groups(Page):
    """A page of groups."""

    items: list[GroupShown]


def shown_group(row: Group) -> dict[str, Any]:
    """A group as the API shows it."""
    return {"id": row.outside_id, "name": row.name}


@router.get("/groups", response=Groups)
def list_groups(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Groups."""
    return page(Group.objects.all(), "group", paging, shown_group)


@router.post("/groups", response={201: GroupShown})
def add_group(request: HttpRequest, asked: NewGroup) -> Status[dict[str, Any]]:
    """A new group."""
    row = Group()
    assign(row, asked.dict())
    return Status(201, shown_group(row))


@router.get("/groups/{group_id}", response=GroupShown)
def get_group(request: HttpRequest, group_id: str) -> dict[str, Any]:
    """One group."""
    return shown_group(found(Group.objects.all(), "group", group_id))


@router.patch("/groups/{group_id}", response=GroupShown)
def change_group(request: HttpRequest, group_id: str, asked: NewGroup) -> dict[str, Any]:
    """Another name. Drafts that name it follow; mail follows at the next Publish."""
    row = found(Group.objects.all(), "group", group_id)
    rename(row, asked.name)
    return shown_group(row)


@router.delete("/groups/{group_id}", response={204: None})
def remove_group(request: HttpRequest, group_id: str) -> Status[None]:
    """The group goes into the bin; its members stay. Not while mail goes by it: take it out there and publish first."""
    dissolve(found(Group.objects.all(), "group", group_id), None)
    return Status(204, None)


Octets = Annotated[int, Field(ge=0, le=5_000_000_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Level = Annotated[int, Field(ge=1, le=3)]


class NewPackage(Asked):
    """A package."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    disclaimer: str = ""
    rights: Rights = ["enrol", "details", "seal", "answer", "write"]
    guests: bool = False
    most_octets: Octets = 0
    messages_a_day: Count = 0
    retention_days: Days = 0
    level: Level = 1


class PackageChange(Asked):
    """Only what is sent is changed."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    disclaimer: str | None = None
    rights: Rights | None = None
    guests: bool | None = None
    most_octets: Octets | None = None
    messages_a_day: Count | None = None
    retention_days: Days | None = None
    level: Level | None = None


class PackageShown(Schema):
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


class Packages(Page):
    """A page of packages."""

    items: list[PackageShown]


def shown_package(row: Package) -> dict[str, Any]:
    """A package as the API shows it."""
    told = (
        "name",
        "disclaimer",
        "rights",
        "guests",
        "most_octets",
        "messages_a_day",
        "retention_days",
        "level",
    )
    return {"id": row.outside_id} | {name: getattr(row, name) for name in told}


@router.get("/packages", response=Packages)
def list_packages(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Packages."""
    return page(Package.objects.all(), "package", paging, shown_package)


@router.post("/packages", response={201: PackageShown})
def add_package(request: HttpRequest, asked: NewPackage) -> Status[dict[str, Any]]:
    """A new package."""
    row = Package()
    assign(row, asked.dict())
    return Status(201, shown_package(row))


@router.get("/packages/{package_id}", response=PackageShown)
def get_package(request: HttpRequest, package_id: str) -> dict[str, Any]:
    """One package."""
    return shown_package(found(Package.objects.all(), "package", package_id))


@router.patch("/packages/{package_id}", response=PackageShown)
def change_package(request: HttpRequest, package_id: str, asked: PackageChange) -> dict[str, Any]:
    """Change what is sent. Drafts that name it follow another name; mail follows at the next Publish."""
    row = found(Package.objects.all(), "package", package_id)
    with transaction.atomic():
        assign(row, asked.dict(exclude_none=True, exclude={"name"}))
        rename(row, asked.name or row.name)
    return shown_package(row)


@router.delete("/packages/{package_id}", response={204: None})
def remove_package(request: HttpRequest, package_id: str) -> Status[None]:
    """A package that nobody is in any more."""
    row = found(Package.objects.all(), "package", package_id)
    try:
        row.delete()
    except ProtectedError as error:
        raise wrong("package", "Somebody is in this package: give them another one first.") from error
    return Status(204, None)


class NewList(Asked):
    """A named list of addresses; PUT makes or replaces it."""

    addresses: list[str]


class ListShown(Schema):
    """A list."""

    name: str
    addresses: list[str]


class ListName(Schema):
    """A list, without its addresses."""

    name: str


class Lists(Page):
    """A page of lists."""

    items: list[ListName]


@router.get("/lists", response=Lists)
def list_lists(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Lists, by name."""
    names = list(AddressList.objects.values_list("name", flat=True))
    some, following = paged(names, str, paging)
    return {"items": [{"name": name} for name in some], "next": following}


@router.get("/lists/{name}", response=ListShown)
def get_list(request: HttpRequest, name: str) -> dict[str, Any]:
    """One list."""
    row = _list(name)
    return {"name": row.name, "addresses": row.addresses}


@router.put("/lists/{name}", response=ListShown)
def put_list(request: HttpRequest, name: Name, asked: NewList) -> dict[str, Any]:
    """The list has these addresses and no others."""
    row = AddressList.objects.filter(name=name).first() or AddressList(name=name)
    assign(row, {"addresses": list(dict.fromkeys(normal_address(one) for one in asked.addresses))})
    return {"name": row.name, "addresses": row.addresses}


@router.delete("/lists/{name}", response={204: None})
def remove_list(request: HttpRequest, name: str) -> Status[None]:
    """The list goes into the bin, from which people can bring it back for 30 days."""
    discard(_list(name), None)
    return Status(204, None)


def _list(name: str) -> AddressList:
    row = AddressList.objects.filter(name=name).first()
    if row is None:
        raise Http404("no such list")
    return row
