"""Delegates and shared mailboxes: who reads for whom, from when on, at whose word, and that it is told."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.people import delegates
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Delegation
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import secret
from stationer.portal.reading.models import Contact, Sitting
from stationer.portal.vault.models import Event, SecureMessage
from tests.portal.lettered import body, in_by_code, left, letter, path
from tests.portal.vaulted import prove

pytestmark = pytest.mark.django_db
BOB, DORA, OFFICE = "bob@acme.example", "dora@acme.example", "office@acme.example"


@pytest.fixture
def people(acme):
    """Bob and Dora, who sign in, and a shared mailbox, as which nobody does."""
    with pen_scope(acme):
        prove()
        bob = give_access(BOB, role="member", password="correct horse battery").member
        bob.attributes = {"name": "Bob Baker"}
        bob.save()
        dora = give_access(DORA, role="member", password="correct horse battery").member
        office = add_member(OFFICE, aliases=["info@acme.example"], attributes={"name": "The office"})
    return bob, dora, office


def browser_of(pen, member):
    """A browser in which a member is signed in."""
    client = Client()
    with pen_scope(pen):
        client.force_login(member.memberships.get().account)
    return client


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "Your plan" in answer.content.decode()


def let(pen, mailbox, address, **more):
    """Somebody reads for somebody."""
    with pen_scope(pen):
        return delegates.let(mailbox, address, **more)


def test_the_people_of_a_shared_mailbox_read_it_each_by_their_own_sign_in(acme, people):
    bob, dora, office = people
    let(acme, office, BOB, by=bob)
    row, alias = letter(acme, to=(OFFICE,)), letter(acme, to=("info@acme.example",))
    browser = browser_of(acme, bob)
    page = browser.get(path(row))
    assert opened(page) and "You read for" in page.content.decode() and opened(browser.get(path(alias)))
    assert not opened(browser_of(acme, dora).get(path(row)))
    with pen_scope(acme):
        event = Event.objects.get(message=row, what="opened")
    assert (event.address, event.evidence["delegate"]) == (OFFICE, BOB)


def test_a_delegate_reads_what_came_since_and_what_was_before_where_that_was_said(acme, people):
    bob, dora, _office = people
    before = letter(acme, to=(BOB,))
    let(acme, bob, DORA, by=bob)
    since = letter(acme, to=(BOB,))
    browser = browser_of(acme, dora)
    assert opened(browser.get(path(since))) and not opened(browser.get(path(before)))
    let(acme, bob, DORA, earlier=True, by=bob)
    assert opened(browser.get(path(before)))


def test_what_was_sent_before_the_mailbox_had_its_member_is_nobodys(acme, people):
    bob, _dora, _office = people
    old = letter(acme, to=("new@acme.example",))
    with pen_scope(acme):
        new = add_member("new@acme.example")
    let(acme, new, BOB, earlier=True)
    assert not opened(browser_of(acme, bob).get(path(old)))


def test_it_ends_at_once_and_leads_from_one_to_one_alone(acme, people):
    bob, dora, office = people
    row = let(acme, bob, DORA, by=bob)
    let(acme, office, BOB)
    own, shared = letter(acme, to=(BOB,)), letter(acme, to=(OFFICE,))
    browser = browser_of(acme, dora)
    assert opened(browser.get(path(own))) and not opened(browser.get(path(shared)))
    with pen_scope(acme):
        delegates.stop(row)
    assert not opened(browser.get(path(own)))


def test_an_address_that_the_company_has_not_proven_is_read_by_no_delegate(acme, people):
    bob, _dora, _office = people
    with pen_scope(acme):
        away = add_member("away@elsewhere.example")
    let(acme, away, BOB)
    assert not opened(browser_of(acme, bob).get(path(letter(acme, to=("away@elsewhere.example",)))))


def test_a_delegate_makes_no_way_in_for_the_mailbox(acme, people):
    bob, dora, _office = people
    let(acme, bob, DORA, by=bob)
    row = letter(acme, to=(BOB,))
    browser = browser_of(acme, dora)
    for what in ("ways", "ways/begin", "ways/add", "ways/no"):
        answer = browser.post(path(row, what), {"password": "a fine long sentence"})
        assert (answer.status_code, answer["Location"]) == (302, path(row))
    with pen_scope(acme):
        assert not Contact.objects.exists()


def test_a_delegate_shows_nothing_that_is_the_mailboxs_own(acme, people):
    bob, dora, _office = people
    let(acme, bob, DORA, by=bob)
    row = letter(acme, to=(BOB,), level=2)
    with pen_scope(acme):
        secret.agree(BOB, "three blue herons", dora)
    browser = browser_of(acme, dora)
    page = browser.get(path(row)).content.decode()
    assert "second-factor" in page and 'name="secret"' not in page
    assert browser.post(path(row, "secret"), {"secret": "three blue herons"}).status_code == 302
    with pen_scope(acme):
        assert not Sitting.objects.exists()


def test_who_shows_the_mailbox_by_a_code_as_well_is_not_called_a_delegate(acme, people):
    bob, dora, _office = people
    let(acme, bob, DORA, by=bob)
    row = letter(acme, to=(BOB,))
    browser = in_by_code(browser_of(acme, dora), row)
    assert "You read for" not in browser.get(path(row)).content.decode()


def test_an_answer_goes_out_with_the_mailboxs_address_and_both_names(acme, people):
    bob, _dora, office = people
    let(acme, office, BOB, by=bob)
    row = letter(acme, to=(OFFICE,))
    answer = browser_of(acme, bob).post(path(row, "reply"), {"text": "Yes.", "whom": "first"})
    assert answer.status_code == 303, answer.content.decode()
    with pen_scope(acme):
        kept = SecureMessage.objects.select_related("member").get(author=OFFICE)
        event = Event.objects.get(message=row, what="answered")
    assert kept.member == office and kept.author_name == "Bob Baker for The office"
    assert (event.address, event.evidence["delegate"]) == (OFFICE, BOB)


def test_of_two_rights_ones_own_counts(acme, people):
    bob, dora, _office = people
    let(acme, bob, DORA, by=bob)
    row = letter(acme, to=(BOB, DORA))
    assert "You read for" not in browser_of(acme, dora).get(path(row)).content.decode()
    with pen_scope(acme):
        event = Event.objects.get(message=row, what="opened")
    assert event.address == DORA and "delegate" not in event.evidence


def test_an_agent_of_a_delegate_fetches_it_under_both_names_and_does_not_end_it(acme, people, client):
    bob, _dora, office = people
    before = letter(acme, to=(OFFICE,))
    let(acme, office, BOB, by=bob)
    row, own = letter(acme, to=(OFFICE,)), letter(acme, author=OFFICE, member=office)
    with pen_scope(acme):
        _device, token = devices.enrol(bob, "Thunderbird")
    auth = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    listed = client.get("/api/v1/secure-messages?box=in", **auth).json()["items"]
    assert [one["locator"] for one in listed] == [row.locator]
    assert client.get(f"/api/v1/secure-messages/{row.locator}/content", **auth).status_code == 200
    assert client.get(f"/api/v1/secure-messages/{before.locator}/content", **auth).status_code == 404
    assert client.delete(f"/api/v1/secure-messages/{own.locator}", **auth).status_code == 404
    with pen_scope(acme):
        event = Event.objects.get(message=row, what="fetched")
    assert (event.address, event.evidence["delegate"]) == (OFFICE, BOB)


# ── who says so ──


def test_the_mailbox_is_told_unless_its_owner_did_it(acme, alice, people):
    bob, dora, office = people
    let(acme, bob, DORA, by=bob)
    assert left() == []
    let(acme, bob, "alice@acme.example", by=dora)
    let(acme, office, DORA)
    let(acme, office, DORA)  # again: nothing new
    told = left()
    assert [to for to, _mail in told] == [[BOB], [OFFICE]]
    assert "alice@acme.example" in body(told[0][1]) and "/myself/delegates/" in body(told[0][1])


def test_nobody_takes_for_themselves_what_is_another_persons(acme, people):
    bob, _dora, office = people
    with pytest.raises(ValidationError, match="Nobody takes this"):
        let(acme, bob, DORA, by=people[1])
    with pytest.raises(ValidationError, match="their own"):
        let(acme, bob, BOB, by=bob)
    with pytest.raises(ValidationError, match="Nobody of this company"):
        let(acme, bob, "carol@sommer.example", by=bob)
    let(acme, office, BOB, by=bob)  # a mailbox that nobody signs in as


def test_a_hundred_and_no_more(acme, people, monkeypatch):
    monkeypatch.setattr(delegates, "MOST", 1)
    let(acme, people[2], BOB)
    with pytest.raises(ValidationError, match="read for"):
        let(acme, people[2], DORA)


def test_a_member_says_who_reads_for_them(acme, people):
    bob, _dora, _office = people
    browser = browser_of(acme, bob)
    assert browser.post("/myself/delegates/", {"address": DORA, "earlier": "on"}).status_code == 302
    page = browser.get("/myself/delegates/").content.decode()
    assert DORA in page and "all letters" in page
    with pen_scope(acme):
        row = Delegation.objects.select_related("mailbox").get()
    assert (row.mailbox, row.earlier, row.made_by) == (bob, True, BOB)
    assert browser.post("/myself/delegates/", {"address": "x@nowhere.example"}).status_code == 422
    browser.post("/myself/delegates/", {"stop": str(row.pk)})
    with pen_scope(acme):
        assert not Delegation.objects.exists()


def test_who_keeps_people_says_so_for_others_and_nobody_for_whoever_may_do_more(
    acme, alice, people, signed_in
):
    bob, dora, _office = people
    page = f"/people/{bob.outside_id}/delegates/"
    assert signed_in.post(page, {"address": DORA}).status_code == 302
    assert DORA in signed_in.get(f"/people/{dora.outside_id}/").content.decode()
    assert "dora" in signed_in.get(f"/people/{bob.outside_id}/").content.decode()
    with pen_scope(acme):
        row = Delegation.objects.get()
        keeper = give_access("kim@acme.example", role="people-admin", password="correct horse battery")
    other = browser_of(acme, keeper.member)
    other.post(f"/people/{alice.member.outside_id}/delegates/", {"address": DORA})
    other.post(f"/people/{dora.outside_id}/delegates/", {"stop": str(row.pk)})  # of another mailbox
    with pen_scope(acme):
        assert Delegation.objects.count() == 1


def test_a_program_puts_all_of_them(acme, alice, people, client):
    _bob, dora, office = people
    with pen_scope(acme):
        _key, token = devices.make_api_key("people", ("change-people",))
    where, auth = f"/api/v1/people/{office.outside_id}/delegates", {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    def put(*addresses, at=where):
        body = {"delegates": [{"address": one} for one in addresses]}
        return client.put(at, json.dumps(body), content_type="application/json", **auth)

    assert [one["address"] for one in put(BOB, DORA).json()["delegates"]] == [BOB, DORA]
    answer = put(BOB, "x@nowhere.example")
    assert answer.status_code == 422 and "delegates.1.address" in answer.content.decode()
    assert len(client.get(where, **auth).json()["delegates"]) == 2  # nothing by half
    assert [one["address"] for one in put(DORA).json()["delegates"]] == [DORA]
    there = client.get(f"/api/v1/people/{dora.outside_id}/delegates", **auth).json()
    assert there["reads_for"] == [OFFICE]
    assert put(BOB, at=f"/api/v1/people/{alice.member.outside_id}/delegates").status_code == 422


def test_it_goes_with_the_person(acme, people):
    bob, _dora, office = people
    let(acme, office, BOB)
    let(acme, bob, DORA, by=bob)
    assert timezone.now() > bob.created_at
    with pen_scope(acme):
        bob.delete()
        assert not Delegation.objects.exists()
