"""Block lists in DNS (RFC 5782): where one is asked for something, what its answer means, whether it is sound.

A zone is asked for what it has to list and what it must not first; one that gets that wrong is not believed in anything
else. Of what it says only 127.0.0.0/8 counts; 127.255.255.x and the zone's own codes of refusal are never a listing.
"""

from __future__ import annotations

import json
from importlib.resources import files
from ipaddress import ip_address
from typing import Literal

import msgspec

from stationer.repute.book import Answer, Book

REFUSALS = "127.255.255."


class Meaning(msgspec.Struct, frozen=True):
    """What one code says, in English. `alarms`: whether mail suffers from it; otherwise it is only shown."""

    code: str
    says: str
    alarms: bool = True


class Zone(msgspec.Struct, frozen=True):
    """`zone` is asked; `of` addresses or domains. `bits`: the last octet is a sum of codes. `terms`: who
    may ask, everybody (`free`), whoever registered, or by `contract` alone. `on`: whether it is asked to begin with."""

    zone: str
    name: str
    of: Literal["address", "domain"]
    listed: tuple[str, ...]
    clean: tuple[str, ...]
    means: tuple[Meaning, ...]
    delist: str
    terms: Literal["free", "registered", "contract"]
    says: str
    versions: tuple[int, ...] = (4,)
    refusals: tuple[str, ...] = ()
    bits: bool = False
    on: bool = True


class Reading(msgspec.Struct, frozen=True):
    """`listed` with codes and what they say; `clean`; `refused`: the zone does not answer us; `strange`: what is no
    answer of a block list; `unknown`: nobody answered."""

    verdict: Literal["listed", "clean", "refused", "strange", "unknown"]
    codes: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    alarms: bool = False


def _read_zones() -> tuple[Zone, ...]:
    text = files("stationer.repute").joinpath("zones.json").read_text(encoding="utf-8")
    return msgspec.convert(json.loads(text), tuple[Zone, ...])


ZONES = _read_zones()


def point(zone: Zone, thing: str) -> str:
    """The name to ask (RFC 5782 §2.1, §2.4): octets or nibbles backwards, or the domain, below the zone."""
    if zone.of == "domain":
        return f"{thing}.{zone.zone}".lower()
    backwards = ip_address(thing).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
    return f"{backwards}.{zone.zone}".lower()


def fits(zone: Zone, thing: str) -> bool:
    """Whether the zone is for such a thing: an address of a version it lists, or a domain."""
    try:
        version = ip_address(thing).version
    except ValueError:
        return zone.of == "domain"
    return zone.of == "address" and version in zone.versions


def read(zone: Zone, answer: Answer) -> Reading:
    """What an answer of type A means."""
    if answer.state == "failed":
        return Reading("unknown")
    if answer.state == "none":
        return Reading("clean")
    if any(code.startswith(REFUSALS) or code in zone.refusals for code in answer.records):
        return Reading("refused", answer.records)
    if not all(code.startswith("127.") for code in answer.records):
        return Reading("strange", answer.records)
    met = [one for one in zone.means if any(_says(zone, one, code) for code in answer.records)]
    alarms = any(one.alarms for one in met) or not met
    return Reading("listed", answer.records, tuple(one.says for one in met), alarms)


def _says(zone: Zone, meaning: Meaning, code: str) -> bool:
    if not zone.bits:
        return code == meaning.code
    return bool(int(code.rpartition(".")[2]) & int(meaning.code.rpartition(".")[2]))


def trouble(zone: Zone, book: Book) -> str:
    """Why a zone is not believed: `refused`, `silent`, `lists-nothing`, `lists-all`, `strange`; empty: it is sound."""
    for things, wanted in ((zone.clean, "clean"), (zone.listed, "listed")):
        for thing in things:
            verdict = read(zone, book.get(point(zone, thing), "A")).verdict
            if verdict == "unknown":
                return "silent"
            if verdict in ("refused", "strange"):
                return verdict
            if verdict != wanted:
                return "lists-all" if wanted == "clean" else "lists-nothing"
    return ""
