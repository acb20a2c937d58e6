"""The roll: who may ask, and who people are (contract/snapshot.md §4). Written within 2 s of a change."""

from __future__ import annotations

import msgspec


class Device(msgspec.Struct, frozen=True):
    """A device that may ask: its id, whose it is, what it may do, and the SHA-256 of its token."""

    id: str
    token_sha256: bytes
    member: str
    scopes: tuple[str, ...] = ("pick",)


class Person(msgspec.Struct, frozen=True):
    """A member: address (canonical), further addresses, attributes for fields, groups by name, package by name.

    `groups` has every name by which the snapshot in force or the next one knows them, `packages` the further names of
    the package: what is renamed keeps its old one until the next Publish (contract/snapshot.md §4).
    """

    id: str
    address: str
    attributes: dict[str, str]
    groups: tuple[str, ...] = ()
    package: str = "employees"
    aliases: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


class Roll(msgspec.Struct, frozen=True):
    """All devices and people of one PEN."""

    pen: str
    devices: tuple[Device, ...]
    people: tuple[Person, ...]
