"""What is in force for one PEN: one reference, replaced whole, so that a request sees one state throughout.

A block's name that was answered just before a change must still be found just after it: contents and people
that a change takes out of force stay findable for a grace period.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from stationer.edge.leads import Lead, leads
from stationer.pick import Compiled, RollIndex, Snapshot, Unpacked, block, load, read_roll
from stationer.pick.people import named
from stationer.pick.snapshot import Octets
from stationer.wire.content import Content
from stationer.wire.memory import State
from stationer.wire.roll import Roll

Headers = list[tuple[str, str]]
JSON: Headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]

#: How many encoded blocks a PEN keeps at hand; a person has a few, and mail comes from few people at a time.
CACHED = 4_096


class InForce(NamedTuple):
    """A snapshot and a roll that belong together, the blocks encoded so far, the headers of a pick's answer, and where
    the snapshot's tokens lead."""

    snapshot: Snapshot | None
    roll: RollIndex | None
    encoded: dict[str, bytes]
    headers: Headers = JSON
    leads: Mapping[bytes, Lead] = MappingProxyType({})


class Retired:
    """What was in force a short while ago, by its digest, each until a moment of the monotonic clock (s)."""

    def __init__(self) -> None:
        self.contents: dict[str, tuple[float, Content]] = {}
        self.people: dict[str, tuple[float, dict[str, str]]] = {}
        self.pictures: dict[str, tuple[float, Octets]] = {}

    def add(self, old: InForce, new: InForce, until: float) -> None:
        """Remember what `old` has and `new` has not."""
        before, after = _contents(old), _contents(new)
        self.contents |= {d: (until, c) for d, c in before.items() if d not in after}
        kept, shown = _pictures(old), _pictures(new)
        self.pictures |= {d: (until, p) for d, p in kept.items() if d not in shown}
        if old.roll is not None:
            known = new.roll.by_digest if new.roll is not None else {}
            people = old.roll.by_digest.items()
            self.people |= {d: (until, person.attributes) for d, person in people if d not in known}

    def forget(self, now: float) -> None:
        """Drop what has been out of force for long enough."""
        shelves: tuple[dict[str, tuple[float, Any]], ...] = (self.contents, self.people, self.pictures)
        for shelf in shelves:
            for digest in [d for d, (until, _) in shelf.items() if until <= now]:
                del shelf[digest]


def _contents(state: InForce) -> dict[str, Content]:
    return state.snapshot.compiled.contents if state.snapshot is not None else {}


def _pictures(state: InForce) -> dict[str, Octets]:
    return state.snapshot.compiled.pictures if state.snapshot is not None else {}


class Pen:
    """One PEN: what is in force, what was, the serial of each file taken so far, and what the portal tells of
    recipients."""

    def __init__(self, pen: str) -> None:
        self.id = pen
        self.now = InForce(None, None, {})
        self.serials: dict[str, int] = {}
        self.retired = Retired()
        self.told: State | None = None

    def take(self, kind: str, unpacked: Unpacked, until: float) -> None:
        """Bring a verified file into force. What it replaces stays findable `until` (monotonic s)."""
        self.serials[kind] = unpacked.serial
        if isinstance(unpacked.payload, State):
            self.told = unpacked.payload
            return
        old = self.now
        snapshot, roll, led = old.snapshot, old.roll, old.leads
        if isinstance(unpacked.payload, Compiled):
            snapshot, led = load(unpacked.payload), leads(unpacked.payload)
        elif isinstance(unpacked.payload, Roll):
            roll = read_roll(unpacked.payload)
        if snapshot is not None and roll is not None:
            roll = named(roll, snapshot.compiled.mark_key)
        headers = list(JSON)
        if snapshot is not None:
            headers.append(("Stationer-Hold-Ms", str(snapshot.compiled.management.hold_limit_ms)))
        new = InForce(snapshot, roll, {}, headers, led)
        self.retired.add(old, new, until)
        self.now = new

    def find(self, name: str) -> tuple[Content, dict[str, str]] | None:
        """The content and the attributes behind a block's name, in force or retired."""
        state = self.now
        if state.snapshot is None or state.roll is None:
            return None
        if found := block(state.snapshot, state.roll, name):
            return found
        content_digest, _, person_digest = name.partition(".")
        content = (
            _contents(state).get(content_digest) or self.retired.contents.get(content_digest, (0, None))[1]
        )
        person = state.roll.by_digest.get(person_digest)
        attributes = person.attributes if person else self.retired.people.get(person_digest, (0, None))[1]
        return (content, attributes) if content and attributes is not None else None

    def picture(self, digest: str) -> Octets | None:
        """The picture of that digest, in force or retired."""
        return _pictures(self.now).get(digest) or self.retired.pictures.get(digest, (0, None))[1]
