"""Where one is signed in: seen, and ended at once."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from stationer.portal.access.models import SignIn
from stationer.portal.access.sitting import browser, place

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"


def signed_in(account, agent, ip="127.0.0.1"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=ip)
    client.force_login(account)
    assert client.get("/").status_code == 200
    return client


def test_each_browser_is_listed_in_words_and_ended_at_once(alice):
    here, there = signed_in(alice.account, FIREFOX), signed_in(alice.account, SAFARI, "203.0.113.7")
    said = here.get("/myself/sessions/").content.decode()
    assert "Firefox on Windows" in said and "this one" in said
    assert "Safari on iPhone" in said and "from the address 203.0.113.7" in said
    row = SignIn.objects.get(agent=SAFARI)
    here.post("/myself/sessions/", {"sitting": str(row.pk)})
    assert there.get("/myself/sessions/")["Location"].startswith("/accounts/login/")
    assert here.get("/").status_code == 200


def test_everywhere_else_is_ended_in_one_click(alice):
    here, *others = (signed_in(alice.account, FIREFOX) for _ in range(3))
    here.post("/myself/sessions/", {"sitting": "others"})
    assert [one.get("/myself/sessions/").status_code for one in (here, *others)] == [200, 302, 302]
    assert SignIn.objects.count() == Session.objects.count() == 1


def test_nobody_ends_anothers_session_or_sees_it(alice, oscar):
    mine, theirs = signed_in(alice.account, FIREFOX), signed_in(oscar.account, SAFARI)
    row = SignIn.objects.get(account=oscar.account)
    mine.post("/myself/sessions/", {"sitting": str(row.pk)})
    assert theirs.get("/").status_code == 200
    assert "Safari" not in mine.get("/myself/sessions/").content.decode()


def test_a_sign_in_is_known_before_its_first_page(client, alice):
    client.post("/accounts/login/", {"login": "alice@acme.example", "password": "correct horse battery"})
    assert SignIn.objects.get().account == alice.account


def test_a_session_that_is_over_is_forgotten(alice):
    here, gone = signed_in(alice.account, FIREFOX), signed_in(alice.account, SAFARI)
    gone.logout()
    assert "Safari" not in here.get("/myself/sessions/").content.decode()
    assert SignIn.objects.count() == 1


def test_a_page_writes_nothing_while_the_browser_was_just_here(alice, django_assert_max_num_queries):
    here = signed_in(alice.account, FIREFOX)
    before = SignIn.objects.get().seen_at
    here.get("/")
    assert SignIn.objects.get().seen_at == before


def test_what_keeps_a_session_cannot_be_used_as_one(alice):
    here = signed_in(alice.account, FIREFOX)
    key = here.session.session_key
    assert key not in (SignIn.objects.get().session, Session.objects.get().session_key)


@pytest.mark.parametrize(
    ("ip", "said"),
    [
        ("198.51.100.4", "from where you are now"),
        ("203.0.113.7", "from the address 203.0.113.7"),
        ("10.1.2.3", "from inside a company network (10.1.2.3)"),
        ("::1", "from the server itself"),
        ("", "from a place we do not know"),
    ],
)
def test_a_place_is_said_as_far_as_an_address_tells(ip, said):
    assert place(ip, "198.51.100.4") == said


def test_an_unknown_browser_is_called_so():
    assert browser("curl/8") == "a browser we do not know"
