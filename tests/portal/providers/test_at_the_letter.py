"""From a letter's link by the company's own sign-in to the open letter, without a code, at the highest level."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from stationer.portal.access.accounts import give_access
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault.models import Event
from tests.portal.lettered import CAROL, in_by_code, letter, path

pytestmark = pytest.mark.django_db
ALICE = "alice@acme.example"


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "Your plan" in answer.content.decode()


def way_of(page):
    """Where the page's form for people of the company leads."""
    return unescape(re.search(r'action="(/sign-in/[^"]+)"', page.content.decode())[1])


def walk(client, world, page):
    """The button, the provider's page, and back: what comes then."""
    way = way_of(page)
    assert client.post(way).status_code == 200
    there = client.get(way)
    assert there.status_code == 302, there.content.decode()[-500:]
    back = re.search(r"/sign-in/prv_\w+/|/sign-in/[^/]+/", way)[0] + "back/"
    return client.get(back, world.grant(there["Location"]))


def test_a_member_comes_by_it_from_the_door_to_the_open_letter(alice, ours, world, browser):
    row = letter(ours.pen, to=(ALICE,), level=3, author="bob@acme.example")
    page = browser.get(path(row))
    assert not opened(page)
    answer = walk(browser, world, page)
    assert (answer.status_code, answer["Location"]) == (302, path(row))
    assert opened(browser.get(path(row)))
    with pen_scope(ours.pen):
        event = Event.objects.get(message=row, what="opened")
    assert (event.address, event.evidence["level"]) == (ALICE, "3")


def test_who_came_in_by_a_code_goes_on_by_it_where_more_is_asked_for(alice, ours, world, browser):
    row = letter(ours.pen, to=(ALICE,), level=3, author="bob@acme.example")
    page = in_by_code(browser, row).get(path(row))
    assert "One more step" in page.content.decode()
    walk(browser, world, page)
    assert opened(browser.get(path(row)))


def test_who_signs_in_and_has_no_right_stands_at_the_door_as_before(alice, ours, world, browser):
    row = letter(ours.pen, to=(CAROL,), author="bob@acme.example")
    walk(browser, world, browser.get(path(row)))
    page = browser.get(path(row)).content.decode()
    assert "Your plan" not in page and "Send the code to" in page


def test_where_it_is_required_a_password_begun_at_the_letter_leads_there_and_back(acme, alice, ours, world):
    row = letter(acme, to=(ALICE,), author="bob@acme.example")
    with pen_scope(acme):
        ours.way = "required"
        ours.save()
    Pen.objects.filter(pk=acme.pk).update(sign_in_only=["acme.example"])
    client, form = Client(), {"login": ALICE, "password": "correct horse battery", "next": path(row)}
    answer = client.post("/accounts/login/", form)
    assert answer["Location"] == f"/sign-in/?next=%2Fm%2F{row.locator}"
    page = client.get(answer["Location"])
    found = re.search(r'/sign-in/[^"]*\?next=[^"]*', page.content.decode())
    way = unescape(found[0])
    there = client.get(way)
    back = client.get(f"/sign-in/{ours.outside_id}/back/", world.grant(there["Location"]))
    assert back["Location"] == path(row) and opened(client.get(path(row)))


def test_without_a_provider_the_door_leads_to_the_page_of_all_ways(acme, client):
    row = letter(acme)
    page = client.get(path(row)).content.decode()
    assert f"/accounts/login/?next=/m/{row.locator}" in page and "/sign-in/" not in page
    with pen_scope(acme):
        bob = give_access("bob@acme.example", role="member", password="correct horse battery")
    mine = letter(acme, to=("bob@acme.example",))
    form = {"login": bob.account.email, "password": "correct horse battery", "next": path(mine)}
    answer = client.post("/accounts/login/", form)
    assert answer["Location"] == path(mine) and opened(client.get(path(mine)))
