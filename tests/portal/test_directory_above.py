"""Whoever may do more than keep people: a directory leaves their name and package alone, unless it was told."""

from __future__ import annotations

import pytest

from stationer.portal.access.accounts import give_access
from stationer.portal.directories import working
from stationer.portal.directories.forms import PaceForm
from stationer.portal.people.models import Import, Member, Package
from tests.portal.test_directories import RULES, World, directory, read, said

pytestmark = pytest.mark.django_db(transaction=True)
WITH_PACKAGE = [*RULES, {"to": "package", "take": ["employeeType"]}]


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(working, "read", made.read)
    return made


@pytest.fixture
def of_alice(in_acme, alice, world):
    """Alice is an owner; the directory has her under another name and package."""
    Package.objects.get_or_create(name="clients")
    Member.objects.filter(pk=alice.member_id).update(attributes={"name": "Alice Owner"})
    world.people = {
        "1": {
            "mail": ["alice@acme.example"],
            "cn": ["Mallory"],
            "title": ["Chief"],
            "employeetype": ["clients"],
        },
        "2": said(2, employeetype=["clients"]),
    }
    return directory(rules=WITH_PACKAGE)


def owner():
    row = Member.objects.get(address="alice@acme.example")
    return row.attributes.get("name"), row.attributes.get("title"), row.package.name


def test_an_owner_keeps_name_and_package_and_gets_the_rest(of_alice):
    read(of_alice, agree=True)
    assert owner() == ("Alice Owner", "Chief", "employees")
    assert Member.objects.get(address="p2@acme.example").package.name == "clients"
    assert read(of_alice).outcome == "same"


def test_an_emptied_name_is_not_taken_from_an_owner(of_alice, world):
    world.people["1"]["cn"] = []
    read(of_alice, agree=True)
    assert owner()[0] == "Alice Owner"


def test_a_directory_that_was_told_so_decides_them_too_and_its_next_plan_is_shown_first(of_alice):
    read(of_alice, agree=True)
    form = PaceForm({"every": "60", "most_gone": "10", "also_above": "on"}, instance=of_alice)
    assert form.is_valid()
    form.keep()
    assert read(of_alice).outcome == "waits" and owner()[0] == "Alice Owner"
    read(of_alice, agree=False)
    one = of_alice.syncs.get(outcome="waits")
    Import.objects.filter(pk=one.of_id).update(state="applying")
    working.through(one.of)
    assert owner() == ("Mallory", "Chief", "clients")


def test_who_got_rights_since_the_look_keeps_theirs(of_alice, world):
    one = read(of_alice)
    Member.objects.create(
        address="p2@acme.example", attributes={"name": "Petra"}, package=Package.objects.get(name="employees")
    )
    one = read(of_alice)
    give_access("p2@acme.example", role="owner", password="correct horse battery")
    Import.objects.filter(pk=one.of_id).update(state="applying")
    working.through(one.of)
    row = Member.objects.get(address="p2@acme.example")
    assert (row.attributes["name"], row.package.name) == ("Petra", "employees")
