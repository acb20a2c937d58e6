"""Whoever is erased is named in no row of the vault, and reads their letters still."""

from __future__ import annotations

import pytest
from django.test import Client

from stationer.portal.access import devices
from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.privacy.erasing import erase
from stationer.portal.vault import ending, events, grants
from stationer.portal.vault.faces import face
from stationer.portal.vault.models import Announcement, Event, Grant, SecureMessage
from tests.portal import lettered
from tests.portal.lettered import CAROL, DAVE, ERIN, in_by_code, letter, path
from tests.portal.test_erasing import everywhere
from tests.portal.vaulted import prove

pytestmark = pytest.mark.django_db


def of_the_vault(address):
    return [one for one in everywhere(address) if one.startswith("vault_")]


def forgotten(pen, *addresses):
    with pen_scope(pen):
        for address in addresses:
            erase(address)


def test_no_row_names_them_and_the_others_are_there_still(acme):
    row = letter(acme, to=(CAROL, DAVE), blind=(ERIN,))
    for address in (CAROL, ERIN):
        browser = in_by_code(Client(), row, address=address)
        assert "quincunx" in browser.get(path(row)).content.decode()
    with pen_scope(acme):
        events.note(row, "opened", CAROL, {"sitting": f"session of {CAROL}"})
        before = list(Event.objects.values_list("pk", "what", "at"))
    assert {
        "vault_grant.address",
        "vault_event.address",
        "vault_securemessage.to",
        "vault_announcement.mail",
    } <= set(of_the_vault(CAROL))
    forgotten(acme, CAROL, ERIN)
    assert of_the_vault(CAROL) == of_the_vault(ERIN) == []
    assert {"vault_grant.address", "vault_securemessage.to"} <= set(of_the_vault(DAVE))
    with pen_scope(acme):
        assert list(Event.objects.values_list("pk", "what", "at")) == before
        assert Event.objects.filter(address=face(CAROL)).count() == 2
        assert Event.objects.filter(evidence__sitting=f"session of {face(CAROL)}").count() == 1
        assert SecureMessage.objects.get().to == [["", DAVE]]
        assert not Announcement.objects.exists()
        assert not list(grants.of([f"x{CAROL}"])) and list(grants.of([CAROL])) == [row]


def test_whoever_shows_the_address_again_reads_and_is_known(acme):
    row = letter(acme, to=(CAROL, DAVE))
    forgotten(acme, CAROL)
    Outgoing.objects.all().delete()
    page = Client().get(path(row)).content.decode()
    assert "c•••l" not in page and "d•••e" in page
    lettered.asked(Client(), row, address="mallory@sommer.example")
    assert not lettered.left()
    browser = in_by_code(Client(), row, address=CAROL)
    page = browser.get(path(row)).content.decode()
    assert "quincunx" in page and "as a blind copy" not in page
    with pen_scope(acme):
        assert Grant.objects.get(address=CAROL).withdrawn_at is None
    forgotten(acme, CAROL)
    assert of_the_vault(CAROL) == []


def test_a_withdrawn_right_stays_withdrawn(acme):
    row = letter(acme, to=(CAROL, DAVE))
    with pen_scope(acme):
        Grant.objects.filter(address=CAROL).update(withdrawn_at=row.begun_at)
    forgotten(acme, CAROL)
    with pen_scope(acme):
        assert (
            grants.grant_of(row, [CAROL]) is None and not Grant.objects.filter(address=face(CAROL)).exists()
        )


def test_a_members_device_reads_still(acme):
    with pen_scope(acme):
        prove("sommer.example")
        token = devices.enrol(add_member(CAROL), "laptop")[1]
        Member.objects.update(created_at="2020-01-01T00:00:00Z")
    row = letter(acme)
    forgotten(acme, CAROL)
    headers = {"authorization": f"Bearer {token}"}
    answer = Client().get(f"/api/v1/secure-messages/{row.locator}/content", headers=headers)
    assert b"quincunx" in b"".join(answer.streaming_content)
    with pen_scope(acme):
        assert (
            Event.objects.get(what="fetched").address == CAROL
        )  # what is done from then on is done by somebody
    said = Client().get(f"/api/v1/secure-messages/{row.locator}/notification", headers=headers)
    assert said.status_code == 409 and "erased" in said.json()["message"]


def test_an_author_is_named_as_long_as_somebody_reads(acme):
    row = letter(acme)
    forgotten(acme, "alice@acme.example")
    with pen_scope(acme):
        assert SecureMessage.objects.get().author == "alice@acme.example"
        ending.end(row, "author", "alice@acme.example")
    forgotten(acme, "alice@acme.example")
    assert of_the_vault("alice@acme.example") == []
    assert of_the_vault(CAROL)
