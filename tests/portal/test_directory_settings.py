"""What was read by other settings, of a directory that is off or of a company that is over, is not put in place."""

from __future__ import annotations

import pytest
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.directories import working
from stationer.portal.directories.forms import PaceForm
from stationer.portal.directories.models import Directory, Sync
from stationer.portal.people.models import Import, Member, Pen
from stationer.portal.people.scope import pen_scope
from tests.portal.test_directories import World, directory, people, read, said

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = [{"to": "address", "take": ["mail"]}, {"to": "a:name", "take": ["title"]}]


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(working, "read", made.read)
    made.people = {str(n): said(n) for n in range(10)}
    return made


def meanwhile(monkeypatch, world, **changed):
    """Settings are saved while the directory is read."""

    def slow(row):
        world.people["3"]["cn"] = ["Changed"]
        Directory.objects.filter(pk=row.pk).update(**changed)
        return world.read(row)

    monkeypatch.setattr(working, "read", slow)


@pytest.mark.parametrize("changed", [{"trusted": False, "rules": OTHER}, {"on": False}, {"trusted": False}])
def test_what_is_saved_while_it_is_read_counts(in_acme, world, monkeypatch, changed):
    row = directory()
    read(row, agree=True)
    before = people()
    meanwhile(monkeypatch, world, **changed)
    assert read(row).outcome in ("overtaken", "waits") and people() == before
    row.refresh_from_db()
    assert not (row.on and row.trusted)


def test_an_old_plan_is_not_put_in_place_once_the_settings_are_others(in_acme, world):
    row = directory()
    one = read(row)
    Directory.objects.update(rules=OTHER)
    Import.objects.filter(pk=one.of_id).update(state="applying")
    working.through(one.of)
    row.refresh_from_db()
    assert (Import.objects.get().state, row.trusted, Member.objects.count()) == ("checked", False, 0)
    assert read(row).outcome == "waits" and Sync.objects.get(pk=one.pk).outcome == "overtaken"


def test_a_page_that_was_open_for_long_takes_nothing_back(in_acme, world):
    row = directory()
    stale = Directory.objects.get(pk=row.pk)
    Directory.objects.update(base="dc=other", fingerprint="x")
    form = PaceForm({"every": "15", "most_gone": "20"}, instance=stale)
    assert form.is_valid()
    form.keep()
    row.refresh_from_db()
    assert (row.every, row.base, row.fingerprint) == (15, "dc=other", "x")


def test_what_was_read_longer_than_the_lease_is_old_when_another_has_it(in_acme, world, monkeypatch):
    row = directory()
    read(row, agree=True)
    Directory.objects.update(next_at=timezone.now())
    taken = working.claim(row.pk) or pytest.fail("it is due")
    meanwhile(monkeypatch, world, lease=None)
    assert working.sync(taken).outcome == "overtaken"
    assert people()["p3@acme.example"][0] == {"name": "Person 3"}


def test_a_company_that_is_over_is_not_read_and_one_that_fails_keeps_no_other_from_it(
    acme, world, monkeypatch
):
    with pen_scope(acme):
        row = directory()
        Pen.objects.filter(pk=acme.pk).update(standing="ended")
    assert working.turn() == 0
    with pen_scope(acme):
        Pen.objects.filter(pk=acme.pk).update(standing="active")
        Sync.objects.create(directory=row, outcome="looking")

    def bad(one):
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr(working, "_go_on", lambda one, found: None)
        patched.setattr(working, "settle", bad)
        assert working.turn() == 1


def test_a_key_does_not_agree_to_what_a_directory_says(client, acme, world):
    with pen_scope(acme):
        one = read(directory())
        plan = one.of.outside_id
        key = devices.make_api_key("payroll")[1]
    url = f"/api/v1/imports/{plan}/apply"
    answer = client.post(url, headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 422 and "state" in answer.json()["fields"]
    with pen_scope(acme):
        assert not Member.objects.exists()
