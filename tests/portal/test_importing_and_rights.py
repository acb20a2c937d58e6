"""Who can sign in only since a file was looked at: the plan that waits does nothing to them that it would not have."""

from __future__ import annotations

import pytest

from stationer.portal.access.accounts import give_access
from stationer.portal.directories import working
from stationer.portal.directories.models import Directory
from stationer.portal.people.models import Import
from tests.portal.test_directories import World, directory, people, read, said

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_owner_made_after_the_look_is_neither_taken_out_nor_given_another_address(in_acme, monkeypatch):
    world = World()
    monkeypatch.setattr(working, "read", world.read)
    row = directory(most_gone=100)
    world.people = {str(n): said(n) for n in range(5)}
    read(row, agree=True)
    Directory.objects.update(trusted=False)
    del world.people["3"]
    world.people["2"]["mail"] = ["hijack@acme.example"]
    one = read(row)
    assert (one.outcome, one.counts["gone"], one.counts["changed"]) == ("waits", 1, 1)
    give_access("p2@acme.example", role="owner")
    give_access("p3@acme.example", role="owner")
    for _ in range(2):
        Import.objects.filter(pk=one.of_id).update(state="applying")
        working.through(one.of)
        assert {"p2@acme.example", "p3@acme.example"} <= set(people())
    done = Import.objects.get(pk=one.of_id)
    assert (done.state, done.counts["kept"], done.counts["wrong"]) == ("done", 1, 1)
