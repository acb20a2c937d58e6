"""What somebody outside finds at the address that a notification tells them to type, and at a link that leads nowhere."""

from __future__ import annotations

import pytest
from django.test import Client

from stationer.portal.people.scope import pen_scope
from stationer.portal.vault.ending import end
from tests.portal.lettered import letter, path

pytestmark = pytest.mark.django_db


def test_the_first_page_leads_a_reader_to_the_check_and_staff_to_the_sign_in(client):
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert 'href="/check/"' in page and 'href="/accounts/login/"' in page
    assert "Where is my letter?" in page and "testserver/m/" in page
    assert not client.cookies.get("sessionid") and len(page) < 100_000


def test_it_says_the_same_in_german(client):
    page = client.get("/", headers={"accept-language": "de"}).content.decode()
    assert "Ein Brief für Sie?" in page and "Wo ist mein Brief?" in page and "Anmelden" in page


def test_whoever_is_signed_in_goes_on_to_their_own_page(signed_in):
    page = signed_in.get("/").content.decode()
    assert "Where is my letter?" not in page and "masthead" in page


def test_a_script_of_somebody_who_is_signed_out_is_told_so(client):
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401


def test_signing_out_leads_to_the_sign_in(signed_in):
    assert signed_in.post("/accounts/logout/")["Location"] == "/accounts/login/"


@pytest.mark.parametrize("what", ["", "code", "body", "x/y/z"])
def test_a_link_that_leads_nowhere_is_told_to_a_reader(acme, client, what):
    gone = letter(acme)
    with pen_scope(acme):
        end(gone, "author")
    ended, never = client.get(path(gone, what)), Client().get("/m/" + "a" * 26 + (f"/{what}" if what else ""))
    assert ended.status_code == never.status_code == 404
    page = never.content.decode()
    assert "This link leads to no letter" in page and 'href="/check/"' in page
    for words in ("signed in to", "Your mail is not touched", "another company"):
        assert words not in page


def test_elsewhere_what_is_not_there_is_told_as_before(client):
    page = client.get("/nothing-here").content.decode()
    assert "There is nothing here" in page and "no letter" not in page
