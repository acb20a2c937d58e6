"""Taking back: of a company as it is, what it was before, wherever it still is what an arrival made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

#: Of these each entry counts by itself; of campaigns each message, too.
TABLES = ("groups", "lists", "pictures", "templates")
#: Stands for an entry that is not there.
ABSENT = object()
#: Of these each field counts by itself.
FIELDS = ("pen", "management", "partner", "calendars")


class Merged(NamedTuple):
    """The company file to be brought in, and what stays because somebody changed it since."""

    said: dict[str, Any]
    left: list[str]


class Three(NamedTuple):
    """The same part of the three files."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    now: Mapping[str, Any]

    def part(self, name: str) -> Three:
        """A part of it."""
        return Three(*(one.get(name, {}) for one in self))

    def each(self, make: Callable[[Any], Mapping[str, Any]]) -> Three:
        """Something made of each."""
        return Three(*map(make, self))


def back(before: Mapping[str, Any], after: Mapping[str, Any], now: Mapping[str, Any]) -> Merged:
    """All three are company files in plain values (`content.exporting`)."""
    left: list[str] = []
    three = Three(before, after, now)
    said: dict[str, Any] = {"format": now["format"]}
    for name in FIELDS + TABLES:
        said[name] = _table(three.part(name), left)
    said["campaigns"] = _campaigns(three.part("campaigns"), left)
    said["people"] = list(_table(three.part("people").each(_people), left).values())
    said["packages"] = list(_table(three.part("packages").each(_packages), left).values())
    said["groups"] |= {name: [] for person in said["people"] for name in person.get("groups", ())}
    return Merged({name: value for name, value in said.items() if value}, left)


def _people(said: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {person["address"]: person for person in said}


def _packages(said: Iterable[str | Mapping[str, Any]]) -> dict[str, Any]:
    """Each as a record: one that is as it came is to be so again."""
    all_ = [{"name": one} if isinstance(one, str) else one for one in said]
    return {one["name"]: one for one in all_}


def _table(three: Three, left: list[str]) -> dict[str, Any]:
    """Entry by entry: as before where it is as it was made, else as it is now."""
    before, after, now = three
    found = dict(now)
    for name in {**before, **after}:
        old, made, there = (of.get(name, ABSENT) for of in three)
        if old == made or there == old:
            continue
        if there != made:
            left.append(name)
        elif old is ABSENT:
            del found[name]
        else:
            found[name] = old
    order = [*(name for name in before if name in found), *(name for name in found if name not in before)]
    return {name: found[name] for name in order}


def _campaigns(three: Three, left: list[str]) -> dict[str, Any]:
    """A campaign without its messages is one entry, and each of its messages is one."""
    found = _table(three.each(lambda of: {key: _top(one) for key, one in of.items()}), left)
    for key in found:
        found[key] = found[key] | {"messages": _table(three.part(key).part("messages"), left)}
    return found


def _top(campaign: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in campaign.items() if name != "messages"}
