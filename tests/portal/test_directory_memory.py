"""What a hundred thousand people cost in memory while a directory is read: told by a few thousand of them."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from stationer.portal.directories.ldap import reading
from stationer.portal.directories.models import Directory
from stationer.portal.directories.presets import PRESETS

PEOPLE = 4_000


class Stream:
    """An LDAP connection whose people are made as they are asked for."""

    usage = SimpleNamespace(operations=0)

    def search(self, base, filter_, scope, *, attributes, paged_size, paged_cookie):
        start = int(paged_cookie or 0)
        make = team if "member" in attributes else person
        count = PEOPLE if make is person else 3
        end = min(start + paged_size, count)
        self.response = [make(n) for n in range(start, end)]
        cookie = {"value": {"cookie": str(end)}} if end < count else {}
        self.result = {"result": 0, "description": "success", "controls": {reading.PAGED: cookie}}


def entry(dn, **raw):
    said = {name: [one.encode() for one in texts] for name, texts in raw.items()}
    return {"type": "searchResEntry", "dn": dn, "raw_attributes": said}


def dn(n):
    return f"CN=Person {n:06},OU=People,OU=Head Office,DC=corp,DC=example,DC=com"


def person(n):
    return entry(
        dn(n), entryUUID=[f"{n:032x}"], mail=[f"person.{n}@example.com"], displayName=[f"Person {n}"],
        givenName=["Person"], sn=[str(n)], title=["Engineer"], telephoneNumber=[f"+43 1 {n:07}"], mobile=[f"+43 664 {n:07}"],
        department=["Research and Development"], company=["Example Ltd"], uid=[f"u{n}"], preferredLanguage=["de"],
    )  # fmt: skip


def team(n):
    return entry(
        f"CN=Team {n}", entryUUID=[f"{n:032d}"], cn=[f"Team {n}"], member=[dn(one) for one in range(PEOPLE)]
    )


@pytest.fixture
def row(monkeypatch):
    @contextmanager
    def opened(row, seconds):
        yield Stream()

    monkeypatch.setattr(reading, "opened", opened)
    preset = PRESETS["other"]
    return Directory(
        base="x", people_filter=preset.people_filter, groups_filter=preset.groups_filter, rules=preset.rules
    )


def test_a_person_who_was_read_takes_less_than_fifteen_hundred_octets_with_three_groups(row):
    tracemalloc.start()
    try:
        whole = reading.read(row)
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(whole.people) == PEOPLE and len(whole.teams[0].people) == PEOPLE
    print(f"{kept / PEOPLE:.0f} octets a person")
    assert kept / PEOPLE < 1_500
    assert whole.people[7].values["title"] == ["Engineer"]
