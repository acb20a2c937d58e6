"""Somebody writes beside a company file, an import or a Publish that is put in place: both come through, neither is
refused by the database (on PostgreSQL by a deadlock, which only its own trial shows)."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import pytest
import yaml
from django.db import OperationalError, connection, transaction
from django.test import Client
from psycopg.errors import LockNotAvailable

from stationer.portal.access import devices
from stationer.portal.access.rights import EVERYTHING
from stationer.portal.company import deed
from stationer.portal.company.looking import look
from stationer.portal.company.writing import as_it_is
from stationer.portal.content.for_everyone import alone, take_place
from stationer.portal.content.models import Template
from stationer.portal.content.overtaking import save
from stationer.portal.people import beside as people_beside
from stationer.portal.people.beside import patiently
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group, Member
from stationer.portal.people.naming import rename
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing import publish as publishing
from stationer.portal.publishing import undoing
from stationer.portal.publishing.changes import last_publication
from stationer.portal.publishing.publish import publish
from stationer.portal.publishing.undoing import put_back
from tests.portal.test_importing import brought, done

pytestmark = pytest.mark.django_db(transaction=True)
#: So long somebody who writes gives the other time to come to the rows, in seconds.
WHILE_S = 1.0


def is_waited_for():
    """Whether somebody waits for what this transaction holds, or holds what it will ask for (the PEN)."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None


class Beside:
    """Somebody who takes rows in hand in a thread, waits until the other is there, writes, and commits."""

    def __init__(self, pen, take, write):
        self.pen, self.take, self.write, self.fault = pen, take, write, None
        self.has = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            with pen_scope(self.pen), transaction.atomic():
                rows = self.take()
                self.has.set()
                until = time.monotonic() + WHILE_S
                while time.monotonic() < until and not is_waited_for():
                    time.sleep(0.01)
                self.write(rows)
        except OperationalError as fault:
            self.fault = fault
        finally:
            self.has.set()
            connection.close()


@contextmanager
def beside(pen, take, write):
    one = Beside(pen, take, write)
    one.thread.start()
    one.has.wait(20)
    yield
    one.thread.join(60)
    assert one.fault is None, one.fault


@pytest.fixture
def furnished(acme, alice):
    with pen_scope(acme):
        Template.objects.create(name="Letterhead", fallback=True)
        Template.objects.create(name="Second")
        Group.objects.create(name="Sales")
        add_member("bob@acme.example")
    return acme


def second():
    return Template.objects.select_for_update().get(name="Second")


def renamed(row):
    row.name = "Written beside"
    save(row, None, "name")


def arrival():
    """A company file that renames the first template and a person."""
    said = yaml.safe_load(as_it_is())
    for one in said["templates"].values():
        one["priority"] = 7
    return look(yaml.safe_dump(said), name="company.yaml", absent="keep")


def test_a_page_is_saved_beside_a_company_file(furnished):
    with pen_scope(furnished):
        row = arrival()
        with beside(furnished, second, renamed):
            try:
                deed.apply(row, EVERYTHING)
            except deed.Refused as refused:
                assert refused.moved  # the other was first, and is not overwritten
        assert Template.objects.filter(name="Written beside").exists()
        assert Template.objects.get(name="Letterhead").priority in (0, 7)


def test_a_page_is_saved_beside_a_company_file_that_is_taken_back(furnished):
    with pen_scope(furnished):
        row = arrival()
        deed.apply(row, EVERYTHING)
        with beside(furnished, second, renamed):
            deed.undo(row, EVERYTHING)
        assert Template.objects.filter(name="Written beside").exists()
        assert Template.objects.get(name="Letterhead").priority == 0


def test_somebody_is_brought_in_by_hand_beside_a_company_file(furnished):
    """Who comes new stands on the roll, and refers to the PEN at the commit."""
    with pen_scope(furnished):
        row = arrival()
        with beside(furnished, lambda: add_member("new@acme.example"), lambda _: None):
            deed.apply(row, EVERYTHING)
        assert Member.objects.filter(address="new@acme.example").exists()
        assert Template.objects.get(name="Letterhead").priority == 7


def bob():
    return Member.objects.select_for_update().get(address="bob@acme.example")


def aged(row):
    row.attributes = {"name": "Bob", "title": "By hand"}
    row.save()


def test_a_person_is_saved_beside_people_from_a_file(furnished):
    """The person first and the roll after it; the file the other way round."""
    with pen_scope(furnished):
        row = brought("E-Mail;Vorname\r\nbob@acme.example;Robert\r\n")
        with beside(furnished, bob, aged):
            done(row)
        there = Member.objects.get(address="bob@acme.example").attributes
        assert there["title"] == "By hand"
        assert (row.state, there["name"]) in (("checked", "Bob"), ("done", "Robert"))  # it looked again


def test_a_person_is_saved_beside_a_file_that_is_taken_back(furnished):
    with pen_scope(furnished):
        row = done(brought("E-Mail;Vorname\r\nbob@acme.example;Robert\r\nann@acme.example;Ann\r\n"))
        with beside(furnished, bob, aged):
            done(row, "undoing")
        assert row.state == "undone"
        assert Member.objects.get(address="bob@acme.example").attributes["title"] == "By hand"


def test_a_template_is_written_beside_a_version_that_is_put_back_with_its_drafts(furnished):
    publish(furnished, None)
    with pen_scope(furnished):
        wanted = last_publication()
        with beside(furnished, second, renamed):
            put_back(furnished, wanted, None, with_drafts=True)
        assert last_publication().serial == wanted.serial + 1


def test_a_part_is_written_beside_the_page_that_moves_the_place_for_everyone_else(furnished):
    with pen_scope(furnished):
        with beside(furnished, second, renamed), alone(Template.objects.get(name="Second")) as row:
            take_place(row, None)
            row.fallback = True
            save(row, None, "fallback")
        there = Template.objects.get(fallback=True)
        assert there.name == "Written beside"


def test_a_draft_is_written_beside_a_group_that_is_renamed(furnished):
    with pen_scope(furnished):
        Template.objects.filter(name="Second").update(rule={"senders": {"groups": ["Sales"]}})
        with beside(furnished, second, renamed):
            rename(Group.objects.get(name="Sales"), "Selling")
        row = Template.objects.get(name="Written beside")
        assert row.rule["senders"]["groups"] == ["Selling"]


def test_what_is_no_meeting_is_raised_at_once(furnished):
    tries = []

    def work():
        tries.append(1)
        raise OperationalError("the disk is full")

    with pytest.raises(OperationalError, match="the disk"):
        patiently(work)
    assert tries == [1]


def test_who_is_in_the_way_again_and_again_is_told_and_nothing_is_done(furnished, monkeypatch):
    """As PostgreSQL says it."""
    monkeypatch.setattr(people_beside, "PAUSES", (0.001, 0.001))
    tries = []

    def in_the_way(*_, **__):
        tries.append(1)
        raise OperationalError("lock timeout") from LockNotAvailable()

    with pen_scope(furnished):
        row = arrival()
        monkeypatch.setattr(deed, "bring", in_the_way)
        with pytest.raises(deed.Refused, match="Others are writing here just now") as refused:
            deed.apply(row, EVERYTHING)
        assert refused.value.moved and len(tries) == 3
        assert Template.objects.get(name="Letterhead").priority == 0
        row.refresh_from_db()
        assert row.state == "checked"


def test_a_publish_and_a_version_that_others_keep_in_the_way_are_told(furnished, monkeypatch):
    publish(furnished, None)
    monkeypatch.setattr(people_beside, "PAUSES", (0.001,))

    def in_the_way():
        raise OperationalError("lock timeout") from LockNotAvailable()

    with pen_scope(furnished):
        wanted = last_publication()
        _, key = devices.make_api_key("key")
    monkeypatch.setattr(publishing, "whole", in_the_way)
    monkeypatch.setattr(undoing, "whole", in_the_way)
    with pytest.raises(publishing.Moved):
        publish(furnished, None)
    with pytest.raises(undoing.CannotReturn, match="Others are writing here just now"):
        put_back(furnished, wanted, None)
    answer = Client().post(
        "/api/v1/publish", {}, content_type="application/json", headers={"authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 409 and "Nothing was published" in answer.content.decode()
    with pen_scope(furnished):
        assert last_publication() == wanted
