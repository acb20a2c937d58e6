"""How far a draft would have reached last week, counted on what an edge of this machine keeps (contract/replay.md).

Bounded: so many mails of so many bytes, and so many seconds at most; of more, evenly chosen ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from math import gcd
from pathlib import Path
from typing import Literal

import msgspec
from django.conf import settings
from django.core.cache import cache

from stationer import pick
from stationer.portal.access import roll
from stationer.portal.people.models import Pen
from stationer.portal.publishing.changes import Drafts
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.sketching import sketched
from stationer.wire.replay import Recorded
from stationer.wire.roll import Roll

MOST_MAILS, MOST_BYTES, MOST_S = 20_000, 64 * 1_048_576, 3.0
REMEMBERED_S = 600

#: Why there is no figure: it is not wanted; it is, from the next Publish on; nothing is there (yet, or not here).
Missing = Literal["off", "unpublished", "nothing"]


@dataclass(frozen=True)
class Week:
    """The mails that were kept. `asked` of `all` are looked at; they lie between `first` and `last`."""

    records: tuple[Recorded, ...]
    asked: int
    all: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Reached:
    """Of `asked` mails `shown` would have carried it, to `people`; `suits` of them it was for at all."""

    asked: int
    all: int
    first: datetime
    last: datetime
    shown: int
    suits: int
    people: int


@dataclass(frozen=True)
class Touched:
    """Of `asked` mails `other` would have carried something else."""

    asked: int
    all: int
    first: datetime
    last: datetime
    other: int


def missing(pen: Pen, last: Publication | None) -> Missing | None:
    """Why there is no figure; None when there may be one."""
    if not pen.management().replay:
        return "off"
    in_force = last is not None and last.drafts.get("settings", {}).get("pen", {}).get("replay")
    if not in_force:
        return "unpublished"
    return None if _files(pen) else "nothing"


def _files(pen: Pen) -> list[Path]:
    """The newest files, up to a bound in bytes."""
    found: list[Path] = []
    size = 0
    folder: Path = settings.EDGE_RECORDS / pen.outside_id
    for path in sorted(folder.glob("*.rpl"), reverse=True):
        size += path.stat().st_size
        if size > MOST_BYTES and found:
            break
        found.append(path)
    return found


def week(pen: Pen) -> Week | None:
    """The mails, or None when there are none that can be read."""
    key = bytes(pen.mark_key)
    data = list(_readable(pen, key))
    total = sum(pick.count_records(one, key) for one in data)
    every = max(1, -(-total // MOST_MAILS))
    records = [record for one in data for record in pick.read_records(one, key, every)]
    if not records:
        return None
    times = [datetime.fromtimestamp(record.at / 1000, UTC) for record in records]
    return Week(tuple(records), len(records), total, min(times), max(times))


def _readable(pen: Pen, key: bytes) -> Iterator[bytes]:
    for path in _files(pen):
        try:
            data = path.read_bytes()
            pick.count_records(data, key)
        except (OSError, pick.NoRecordsError, pick.OtherKeyError):
            continue  # gone meanwhile, or of another key: it tells nothing
        yield data


def people(pen: Pen) -> pick.RollIndex:
    """Who is in the company: the roll in force, or the rows where there is none yet."""
    try:
        packed = (roll.folder(pen.pk) / "roll.stn").read_bytes()
        found = pick.unpack(packed, kind="roll", public_key=None).payload
    except (OSError, pick.Damaged):
        # its people are encoded already, for the file: read as the edge would
        found = msgspec.msgpack.decode(msgspec.msgpack.encode(roll.read(pen.outside_id)), type=Roll)
    assert isinstance(found, Roll)
    return pick.read_roll(found, bytes(pen.mark_key))


def reached(pen: Pen, drafts: Drafts, campaign: str) -> Reached | None:
    """How far this campaign of the drafts would have reached. Raises pick.DefinitionErrors."""
    name = _name(pen, "reached", campaign, drafts)
    if (known := cache.get(name)) is not None:
        return msgspec.msgpack.decode(known, type=Reached)
    mails = week(pen)
    if mails is None:
        return None
    draft, who = pick.load(sketched(pen, drafts, campaign)), people(pen)
    result = pick.replay(draft, who, _in_time(mails.records))
    own = next(one for one in result.campaigns if one.id == campaign)
    found = Reached(result.mails, mails.all, mails.first, mails.last, own.shown, own.mails, own.people)
    cache.set(name, msgspec.msgpack.encode(found), REMEMBERED_S)
    return found


def touched(pen: Pen, before: Drafts, after: Drafts) -> Touched | None:
    """How many mails would carry something else. Raises pick.DefinitionErrors."""
    name = _name(pen, "touched", before, after)
    if (known := cache.get(name)) is not None:
        return msgspec.msgpack.decode(known, type=Touched)
    mails = week(pen)
    if mails is None:
        return None
    who = people(pen)
    old = pick.carried(pick.load(sketched(pen, before)), who, _in_time(mails.records))
    new = pick.carried(pick.load(sketched(pen, after)), who, _spread(mails.records))
    differs = [one != another for one, another in zip(old, new, strict=False)]
    found = Touched(len(differs), mails.all, mails.first, mails.last, sum(differs))
    cache.set(name, msgspec.msgpack.encode(found), REMEMBERED_S)
    return found


def _spread(records: Sequence[Recorded]) -> Iterator[Recorded]:
    """All of them in an order of which every beginning is spread over the whole week: steps of the golden ratio."""
    count = len(records)
    step = next(n for n in range(max(1, round(count * 0.618)), 2 * count + 2) if gcd(n, count) == 1)
    return (records[n * step % count] for n in range(count))


def _in_time(records: Sequence[Recorded]) -> Iterator[Recorded]:
    """As many of them as can be asked in the time that a reader waits; one at least."""
    begun = time.monotonic()
    for record in _spread(records):
        yield record
        if time.monotonic() - begun > MOST_S:
            return


def _name(pen: Pen, *about: object) -> str:
    """Under which an answer is remembered: it changes with what is asked and with what was kept."""
    files = [(path.name, path.stat().st_size) for path in _files(pen)]
    said = msgspec.json.encode([pen.outside_id, files, *about], order="deterministic")
    return f"reach-{sha256(said).hexdigest()}"
