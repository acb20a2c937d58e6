"""What a directory may take away by itself: little at once, little in a day, and one person in any company."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from stationer.portal.directories import working
from stationer.portal.directories.models import Sync
from stationer.portal.people.models import Import, Member
from tests.portal.test_directories import World, directory, people, read, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(working, "read", made.read)
    return made


def test_small_shares_add_up_over_a_day(in_acme, alice, world):
    world.people = {str(n): said(n) for n in range(40)}
    row = directory()
    read(row, agree=True)
    for n in range(0, 4, 2):
        del world.people[str(n)], world.people[str(n + 1)]
        assert read(row).outcome == "applied"
    del world.people["4"]
    one = read(row)
    assert (one.outcome, one.problem) == (
        "stopped",
        {"code": "share-day", "number": 5, "there": 40, "most": 10},
    )
    Import.objects.filter(pk=one.of_id).update(state="applying", by=alice.account)
    working.through(one.of)
    del world.people["5"]
    assert read(row).outcome == "applied", "somebody agreed to all that went before"
    del world.people["6"], world.people["7"], world.people["8"]
    Sync.objects.filter(outcome="applied").update(ended_at=timezone.now() - timedelta(hours=25))
    assert read(row).outcome == "applied"


def test_one_of_nine_may_leave_and_two_are_asked_about(in_acme, world):
    world.people = {str(n): said(n) for n in range(9)}
    row = directory()
    read(row, agree=True)
    del world.people["0"]
    assert read(row).outcome == "applied" and Member.objects.count() == 8
    del world.people["1"]
    assert read(row).outcome == "stopped"


@pytest.mark.parametrize("lost", [{"cn": []}, {"mail": "evil.example"}])
def test_emptied_details_and_other_addresses_are_asked_about(in_acme, world, lost):
    world.people = {str(n): said(n) for n in range(20)}
    row = directory()
    read(row, agree=True)
    before = people()
    for n, one in world.people.items():
        one |= {"cn": []} if "cn" in lost else {"mail": [f"p{n}@evil.example"]}
    found = read(row)
    assert (found.outcome, found.problem["code"], people()) == ("stopped", "share-details", before)
