"""Who did what: every change writes its row, in the same transaction, signed with who was at work."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction

from stationer.portal.access import devices
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.models import Entry
from stationer.portal.audit.recording import ONE_BY_ONE, record
from stationer.portal.content.models import Campaign
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group, Pen
from stationer.portal.people.owned import AppendOnly
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


def told():
    """All rows, the first first, as `what noun called`."""
    return [f"{row.what} {row.noun} {row.called}" for row in Entry.objects.order_by("at", "id")]


def newest():
    return Entry.objects.order_by("-at", "-id").first()


def test_a_row_that_is_made_changed_and_removed_is_told_three_times(in_acme):
    Entry.objects.all()._raw_delete(using="default")
    row = Campaign.objects.create(name="Winter")
    row.name = "Spring"
    row.save()
    row.save()  # nothing differs
    row.delete()
    assert told() == ["made campaign Winter", "changed campaign Spring", "removed campaign Spring"]
    changed = Entry.objects.get(what="changed")
    assert changed.lines == [{"about": "name", "before": "Winter", "after": "Spring"}]
    assert changed.via == "server"  # nobody said who


def test_a_page_signs_its_changes_with_the_person_and_the_address_asked(signed_in, acme, alice):
    signed_in.post("/people/groups/", {"name": "Sales"})
    with pen_scope(acme):
        row = newest()
    assert (row.via, row.address, row.account, row.path) == (
        "page",
        "alice@acme.example",
        alice.account.pk,
        "/people/groups/",
    )
    assert (row.what, row.noun, row.called) == ("made", "group", "Sales")


def test_a_key_signs_its_changes_with_its_name(client, acme):
    with pen_scope(acme):
        _, token = devices.make_api_key("Payroll")
    client.post(
        "/api/v1/groups", json.dumps({"name": "Sales"}), "application/json",
        headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip
    with pen_scope(acme):
        row = newest()
    assert (row.via, row.who, row.path) == ("key", "Payroll", "/api/v1/groups")


def test_no_secret_is_told(in_acme):
    _, token = devices.enrol(add_member("a@acme.example"), "Laptop")
    in_acme.name = "ACME Ltd"
    in_acme.save()
    said = json.dumps(list(Entry.objects.values("called", "lines")))
    assert "Laptop" in said and "ACME Ltd" in said
    for secret in (
        token,
        devices.token_hash(token).hex(),
        bytes(in_acme.mark_key).hex(),
        "token",
        "mark_key",
    ):
        assert secret not in said


def test_a_change_of_the_settings_is_told_and_belongs_to_its_pen(acme, other):
    acme.hold_limit_ms = 90_000
    with pen_scope(acme):
        acme.save()
        assert newest().lines == [{"about": "hold_limit_ms", "before": 60_000, "after": 90_000}]
    with pen_scope(other):
        assert not Entry.objects.filter(called="ACME").exists()


def test_bulk_writes_are_told_one_by_one_while_they_are_few(in_acme):
    Group.objects.bulk_create([Group(name="Sales"), Group(name="Press")])
    assert told()[-2:] == ["made group Sales", "made group Press"]
    Group.objects.filter(name="Sales").update(name="Selling")
    assert newest().lines == [{"about": "name", "before": "Sales", "after": "Selling"}]
    rows = list(Group.objects.all())
    for row in rows:
        row.name = row.name.upper()
    Group.objects.bulk_update(rows, ["name"])
    assert sorted(told()[-2:]) == ["changed group PRESS", "changed group SELLING"]
    Group.objects.all().delete()
    assert sorted(told()[-2:]) == ["removed group PRESS", "removed group SELLING"]


def test_many_rows_are_told_in_one_sentence(in_acme):
    before = Entry.objects.count()
    Group.objects.bulk_create([Group(name=f"Group {n}") for n in range(ONE_BY_ONE + 1)])
    Group.objects.all().delete()
    assert Entry.objects.count() == before + 2
    assert (newest().what, newest().noun, newest().count) == ("removed", "group", ONE_BY_ONE + 1)


def test_what_goes_with_a_row_is_not_told_again(in_acme):
    member = add_member("a@acme.example", groups=[Group.objects.create(name="Sales")])
    devices.enrol(member, "Laptop")
    before = Entry.objects.count()
    member.delete()
    assert Entry.objects.count() == before + 1


def test_many_things_done_as_one_are_told_by_whoever_did_them(in_acme):
    before = Entry.objects.count()
    with in_one():
        for n in range(3):
            add_member(f"{n}@acme.example")
    record("imported", "member", "people.csv", count=3)
    assert Entry.objects.count() == before + 1
    assert (newest().called, newest().count) == ("people.csv", 3)


def test_a_change_that_is_rolled_back_was_never_told(in_acme):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Group.objects.create(name="Sales")
        raise ZeroDivisionError
    assert Entry.objects.count() == before
    assert not Group.objects.exists()


def test_when_a_device_was_last_seen_is_not_worth_telling(in_acme):
    row, _ = devices.enrol(add_member("a@acme.example"), "Laptop")
    before = Entry.objects.count()
    devices.seen(row)
    assert Entry.objects.count() == before


def test_what_was_told_is_neither_changed_nor_removed_not_even_by_the_database(in_acme):
    row = record("made", "group", "Sales")
    row.called = "Nothing"
    for attempt in (
        row.save,
        row.delete,
        lambda: Entry.objects.update(called="Nothing"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([row], ["called"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=row.pk)._update([(Entry._meta.get_field("called"), None, "Nothing")])
    assert Entry.objects.get(pk=row.pk).called == "Sales"


def test_with_the_pen_its_audit_goes(other):
    with pen_scope(other):
        assert Entry.objects.exists()
        other.delete()
        assert not Entry.objects.exists()
    assert not Pen.objects.filter(pk=other.pk).exists()
