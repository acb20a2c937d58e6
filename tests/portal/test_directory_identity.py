"""Who is whom in a directory where entries are made anew, doubled, or wrong for a while."""

from __future__ import annotations

import pytest

from stationer.portal.directories import working
from stationer.portal.directories.models import Linked, Sync
from stationer.portal.directories.told import Person, Whole
from stationer.portal.people.models import Member
from tests.portal.test_directories import RULES, World, directory, people, read, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(working, "read", made.read)
    made.people = {str(n): said(n) for n in range(10, 40)}
    return made


def test_who_is_made_anew_in_the_directory_is_still_the_same_person(in_acme, world):
    row = directory()
    read(row, agree=True)
    before = Member.objects.get(address="p20@acme.example")
    world.people["99"] = world.people.pop("20") | {"title": ["Chief"]}
    one = read(row)
    assert (one.outcome, one.counts["gone"], one.counts["wrong"]) == ("applied", 0, 0)
    assert Member.objects.get(address="p20@acme.example").pk == before.pk
    assert Linked.objects.get(member=before).uid == "99"
    world.people["98"] = world.people.pop("21")
    assert read(row).outcome == "applied", "only who is whom"
    assert Linked.objects.filter(uid="98").exists() and not Linked.objects.filter(uid="21").exists()
    assert read(row).outcome == "same" and len(people()) == 30


def test_a_wrong_line_is_looked_at_again_at_the_next_sync(in_acme, world):
    row = directory()
    read(row, agree=True)
    world.people["11"]["mail"], world.people["12"]["mail"] = ["p12@acme.example"], ["new@acme.example"]
    one = read(row)
    assert (one.outcome, one.counts["wrong"]) == ("applied", 1)
    assert read(row).outcome == "applied"
    assert {"p12@acme.example", "new@acme.example"} <= set(people()) and "p11@acme.example" not in people()


def test_of_two_with_one_address_neither_becomes_the_other(in_acme, world):
    row = directory(most_gone=50)
    world.groups = {"Board": {"25"}, "Staff": {"11"}}
    read(row, agree=True)
    before = people()
    world.people["11"] = {"mail": ["P25@acme.example"], "cn": ["Mallory"]}
    world.people["01"] = {"mail": ["p20@acme.example"], "cn": ["Mallory"]}
    one = read(row)
    assert (one.counts["wrong"], one.counts["gone"], people()) == (4, 0, before)
    world.people["15"] = said(15, title=["Boss"])
    assert read(row).outcome == "applied"
    assert people()["p15@acme.example"][0]["title"] == "Boss"


def test_two_entries_with_one_id_are_wrong_and_the_others_come_in(in_acme, world, monkeypatch):
    found = Whole([Person("1", "1", said(1)), Person("1", "2", said(2)), Person("3", "3", said(3))], [], 1)
    monkeypatch.setattr(working, "read", lambda row: found)
    one = read(directory(), agree=True)
    assert (one.outcome, one.counts["wrong"], set(people())) == ("applied", 2, {"p3@acme.example"})


def test_no_value_however_long_or_broken_touches_anybody_else(in_acme, world):
    also = {"to": "aliases", "take": ["alt"]}
    row = directory(rules=[*RULES, also], most_gone=50)
    read(row, agree=True)
    before = people()
    line = "19,p19@acme.example,Injected,Boss,,"
    for alt in (
        ["x@acme.example", f"z\r{line}\r"],
        ["x@acme.example" + "\n" * 120 + f"{line}\nz"],
        [f"a{n}@b.example" for n in range(3000)],
    ):
        world.people["10"]["alt"] = alt
        world.people["11"]["cn"] = ["x" * 33_000]
        one = read(row)
        assert (one.outcome, one.counts["wrong"], one.counts["gone"]) == ("same", 2, 0)
        assert people() == before
    world.people["10"]["alt"], world.people["11"]["cn"] = [], ["Nul\0"]
    world.groups = {"Sa\0les": {"12"}}
    assert read(row).outcome == "applied" and people()["p12@acme.example"][1] == ["Sa les"]


def test_an_entry_without_an_id_stops_the_whole(in_acme, world):
    row = directory()
    read(row, agree=True)
    world.people[" "] = said(1)
    del world.people["10"]
    assert read(row).outcome == "failed" and len(people()) == 30
    assert Sync.objects.first().problem["code"] == "answer"
