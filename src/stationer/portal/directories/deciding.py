"""A plan that was looked at: does it go on by itself, wait for a person, or stop (contract/directories.md §4)?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from stationer.portal.directories.hearing import renamed
from stationer.portal.directories.models import Directory, Linked, Sync
from stationer.portal.directories.staging import fresh_links
from stationer.portal.people.models import Import, ImportPlace, ImportRow

Outcome = Sync.Outcome
#: So many may always go, since one of nine is more than a tenth; and over how long they are counted.
FLOOR, DAY = 1, timedelta(hours=24)


def decide(sync: Sync, row: Import) -> tuple[Outcome, dict[str, Any]]:
    """What becomes of it, and why. `applied`: it goes on now."""
    if not anything(sync, row):
        return Outcome.SAME, {}
    told = too_many(sync, row)
    if told:
        return Outcome.STOPPED, told
    return (Outcome.APPLIED if sync.directory.trusted else Outcome.WAITS), {}


def anything(sync: Sync, row: Import) -> bool:
    """Whether it would change anything, be it only who is whom."""
    people = sum(row.counts.get(what, 0) for what in ("new", "changed", "gone"))
    if people or renamed(sync):
        return True
    return bool(fresh_links(row))


def too_many(sync: Sync, row: Import) -> dict[str, Any]:
    """Why it stops: more would be lost than the set share. Empty: it does not."""
    directory = sync.directory
    there = Linked.objects.filter(directory=directory).count()
    leaving = ImportPlace.objects.filter(of=row, place__isnull=False)
    losing = leaving.order_by().values("member").distinct().count()
    gone, before = row.counts.get("gone", 0), gone_lately(directory) if row.counts.get("gone") else 0
    for code, number, of in (
        ("share-day" if before else "share", gone + before, there + before),
        ("share-groups", losing, there),
        ("share-details", poorer(row), there),
    ):
        if number > min(FLOOR, directory.most_gone) and number * 100 > directory.most_gone * of:
            return {"code": code, "number": number, "there": of, "most": directory.most_gone}
    return {}


def gone_lately(directory: Directory) -> int:
    """How many were taken out within a day, since a person last agreed: small shares add up."""
    since = timezone.now() - DAY
    done = Sync.objects.filter(directory=directory, outcome=Outcome.APPLIED, ended_at__gt=since)
    found = 0
    for one in done.select_related("of").order_by("-ended_at"):
        if one.of is not None and one.of.by_id:
            break
        found += one.counts.get("gone", 0)
    return found


def poorer(row: Import) -> int:
    """How many would get another address or lose a detail."""
    changed = ImportRow.objects.filter(of=row, what=ImportRow.What.CHANGED, before__isnull=False)
    found = 0
    for address, details, before in changed.values_list("address", "attributes", "before").iterator(2000):
        was = before or {}
        found += address != was.get("address") or not was.get("attributes", {}).keys() <= details.keys()
    return found
