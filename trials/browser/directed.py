"""A directory of a furnished company: its first plan is in, and what it said since waits for somebody."""

from __future__ import annotations

from typing import Any

RULES = [
    {"to": "address", "take": ["mail"], "form": "lower"},
    {"to": "aliases", "take": ["proxyAddresses"], "form": "addresses"},
    {"to": "a:name", "take": ["displayName"]},
    {"to": "a:title", "take": ["title;lang-{language}", "title"]},
    {"to": "a:phone", "take": ["telephoneNumber"], "form": "phone", "country": "GB"},
]


def directed() -> dict[str, str]:
    """The outside ids of the directory, of the plan that waits, and of a directory that tells by itself."""
    from datetime import timedelta

    from django.utils import timezone

    from stationer.portal.directories.models import Directory, Sync
    from stationer.portal.people.models import Import

    now = timezone.now()
    row = Directory.objects.create(
        name="Practice network", host="dc1.harbourdental.invalid", bind="reader@harbourdental.example",
        base="ou=people,dc=harbourdental,dc=example", people_filter="(&(objectClass=user)(mail=*))",
        groups_filter="(objectClass=group)", rules=RULES, next_at=now + timedelta(days=9), checked_at=now,
    )  # fmt: skip
    first = said(row, ("demelza", "Demelza Carne", "Hygienist"), ("petroc", "Petroc Lyle", "Technician"))
    Import.objects.filter(pk=first.of_id).update(state="applying")
    first.of.refresh_from_db()
    from stationer.portal.directories import working

    working.through(first.of)
    Sync.objects.create(
        directory=row, outcome="failed", problem={"code": "broken", "said": "timed out"}, ended_at=now
    )
    second = said(
        row, ("demelza", "Demelza Carne-Rowe", "Senior hygienist"), ("wella", "Wella Hocking", "Trainee")
    )
    return {"directory": row.outside_id, "plan": second.of.outside_id, "tells": telling()}


def telling() -> str:
    """The outside id of a directory that tells by itself: nothing has come of what it told yet."""
    from stationer.portal.directories.scim import people
    from stationer.portal.directories.scim.beginning import begin
    from stationer.portal.directories.scim.schemas import PROVIDER

    row, _token = begin("Entra ID")
    with PROVIDER:
        people.create(
            row, {"userName": "tamsin@harbourdental.example", "displayName": "Tamsin Kitto", "title": "Nurse"}
        )
    return str(row.outside_id)


def said(row: Any, *staff: tuple[str, str, str]) -> Any:
    """A sync in which the directory says these people."""
    from stationer.portal.directories import working
    from stationer.portal.directories.models import Sync
    from stationer.portal.directories.taking import take
    from stationer.portal.directories.told import Person, Team, Whole

    people = [
        Person(uid, uid, {"mail": [f"{uid}@harbourdental.example"], "displayname": [name], "title": [title],
                          "telephonenumber": ["01632 960 180"]})
        for uid, name, title in staff
    ]  # fmt: skip
    team = Team("g1", "g1", "Laboratory", frozenset(uid for uid, *_rest in staff), frozenset())
    row.refresh_from_db()
    one = Sync.objects.create(directory=row)
    found = take(row, one, Whole(people, [team], 3))
    assert found is not None
    working.through(found)
    working.settle(one)
    one.refresh_from_db()
    return one
