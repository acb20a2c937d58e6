"""One look: all checks of a thing, and what each block list says of it. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec
from django.conf import settings

from stationer.lookup import Asker
from stationer.portal.access.domains import resolver
from stationer.portal.reputation.models import Watched
from stationer.portal.reputation.subjects import Subject
from stationer.repute import (
    ZONES,
    Book,
    Finding,
    Reading,
    Zone,
    aligning,
    certificate,
    exchangers,
    hosts,
    point,
    read,
    signing,
    spf,
    transport,
    trouble,
)
from stationer.repute.zones import fits

#: One look may take so long, whoever does not answer.
WHOLE_S = 60.0


@dataclass(frozen=True)
class Said:
    """What a zone said of a thing, its reason in its own words, and why it is not believed (empty: it is)."""

    zone: Zone
    reading: Reading
    reason: str = ""
    trouble: str = ""


def asker(whole_s: float = WHOLE_S) -> Asker:
    """One that asks the name servers of the setting."""
    return Asker(resolver(), whole_s=whole_s, inside=settings.PORTAL.sending.inside)


@lru_cache(maxsize=8)
def _from(path: str) -> tuple[Zone, ...]:
    return msgspec.json.decode(Path(path).read_bytes(), type=tuple[Zone, ...])


def zones() -> tuple[Zone, ...]:
    """Those that are asked. Raises OSError and msgspec.ValidationError for a file of the setting that is none."""
    path = settings.PORTAL.sending.zones
    return tuple(zone for zone in (_from(path) if path else ZONES) if zone.on)


def findings(one: Subject, now: int, book: Book) -> list[Finding]:
    """All checks that the kind of thing is for; `now` in ms since 1970."""
    match one.kind:
        case Watched.Kind.ADDRESS:
            return hosts.check(one.name, one.helo, book)
        case Watched.Kind.HELO:
            return hosts.greeting(one.name, list(one.addresses), book)
        case Watched.Kind.LINK:
            return certificate.check(f"{one.name}:443", now, book)
    return _of_domain(one, book)


def _of_domain(one: Subject, book: Book) -> list[Finding]:
    found: list[Finding] = []
    if one.addresses:
        found += spf.check(one.bounce or one.name, one.addresses, book)
    if one.selector:
        found += signing.check(one.selector, one.name, one.key, book)
    found += aligning.check(one.name, one.name if one.selector else "", one.bounce, book)
    if one.bounces_to:
        found += exchangers.check(one.bounce, one.bounces_to, book)
    answers = exchangers.check(one.name, "", book)
    # who takes no mail in this name needs no policy for it
    found += answers or transport.check(one.name, book)
    return [one for n, one in enumerate(found) if one not in found[:n]]


def said(one: Subject, book: Book) -> list[Said]:
    """What each block list says that is for such a thing."""
    found = []
    for zone in zones():
        if fits(zone, one.name):
            wrong, answer = trouble(zone, book), book.get(point(zone, one.name), "A")
            reading = read(zone, answer)
            reason = ""
            if reading.verdict == "listed":
                reason = " ".join(book.get(point(zone, one.name), "TXT").records)[:500]
            found.append(Said(zone, reading, reason, wrong))
    return found
