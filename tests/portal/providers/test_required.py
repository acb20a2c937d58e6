"""Where a company's own sign-in is required: the ways that are shut, and the one that an owner has written down."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Account
from stationer.portal.audit.models import Entry
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import emergency
from stationer.portal.providers.forced import note
from stationer.portal.providers.models import EmergencyCode
from stationer.portal.site.founding import has_a_pen
from stationer.portal.trial.asking import wish_of
from stationer.portal.trial.keeping import AtHome, keep
from stationer.portal.trial.models import Trial
from tests.portal.providers.going import come_back, connected, prove, who

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def page_of(row, name="provider"):
    return reverse(name, args=[row.outside_id])


@pytest.fixture
def required(acme, alice, world):
    """ACME's own sign-in is the only one, and Alice has codes."""
    prove(acme, "acme.example")
    row = connected(acme, world, way="required")
    Pen.objects.filter(pk=acme.pk).update(sign_in_only=["acme.example"])
    with pen_scope(acme):
        row.codes = emergency.make(alice.account)
    return row


def code_in(body):
    return re.search(r"\b([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6})\b", body)[1]


def test_where_it_is_required_neither_password_nor_code_lets_in(browser, required, world):
    answer = browser.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})
    assert answer["Location"] == "/sign-in/" and who(browser) is None
    page = browser.get("/sign-in/").content.decode()
    assert "Your company wants you to sign in there" in page and required.outside_id in page
    browser.post("/accounts/login/code/", {"email": "alice@acme.example"})
    browser.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[-1].body)})
    assert who(browser) is None
    come_back(browser, required, world)
    assert who(browser) == ("alice@acme.example", "ACME")


def test_a_wrong_password_says_nothing_of_what_is_required(browser, required):
    known = browser.post("/accounts/login/", {"login": "alice@acme.example", "password": "wrong"})
    stranger = browser.post("/accounts/login/", {"login": "nobody@acme.example", "password": "wrong"})
    assert known.status_code == stranger.status_code == 200

    def plain(answer):
        return re.sub(r'nonce="[^"]*"|value="[^"]*"|\w+@acme\.example', "", answer.content.decode())

    assert plain(known) == plain(stranger)


def test_a_guest_of_another_domain_comes_in_as_before(browser, acme, required):
    with pen_scope(acme):
        give_access("agency@elsewhere.example", password=PASSWORD)
    browser.post("/accounts/login/", {"login": "agency@elsewhere.example", "password": PASSWORD})
    assert who(browser) == ("agency@elsewhere.example", "ACME")


def test_what_one_company_requires_shuts_nobody_out_of_another(browser, acme, alice, other, required):
    with pen_scope(other):
        give_access("alice@acme.example")
    browser.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})
    assert who(browser) == ("alice@acme.example", "Other")
    browser.post("/companies/", {"pen": acme.outside_id})
    assert who(browser) == ("alice@acme.example", "Other")


def test_an_owner_comes_in_by_an_emergency_code_once(browser, acme, required):
    def use(client, code, address="alice@acme.example"):
        return client.post("/sign-in/emergency/", {"address": address, "code": code})

    page = use(browser, required.codes[0], "bob@acme.example")
    assert "do not fit together" in page.content.decode() and who(browser) is None
    assert use(browser, required.codes[0].lower().replace("-", " ")).status_code == 302
    assert who(browser) == ("alice@acme.example", "ACME")
    assert browser.session["bound"]["pen"] == acme.outside_id
    again = Client()
    assert "was used already" in use(again, required.codes[0]).content.decode()
    with pen_scope(acme):
        assert Entry.objects.filter(noun="emergencycode", what="used", address="alice@acme.example").exists()
        assert EmergencyCode.objects.filter(used_at=None).count() == 7


def test_guessing_codes_comes_to_an_end(browser, required, monkeypatch):
    monkeypatch.setattr(emergency, "STRETCH_S", 1 << 32)  # no quarter of an hour ends meanwhile
    for _ in range(emergency.MOST_TRIES):
        page = browser.post(
            "/sign-in/emergency/", {"address": "alice@acme.example", "code": "AAAA-AAAA-AAAA-AAAA"}
        )
        assert "do not fit together" in page.content.decode()
    page = browser.post("/sign-in/emergency/", {"address": "alice@acme.example", "code": required.codes[0]})
    assert "That was tried too often." in page.content.decode() and who(browser) is None


def test_tries_of_strangers_shut_no_owner_out(browser, required):
    wrong = {"address": "alice@acme.example", "code": "AAAA-AAAA-AAAA-AAAA"}
    for n in range(emergency.MOST_TRIES + 1):
        Client(REMOTE_ADDR=f"198.51.100.{n}").post("/sign-in/emergency/", wrong)
    browser.post("/sign-in/emergency/", {"address": "alice@acme.example", "code": required.codes[0]})
    assert who(browser) == ("alice@acme.example", "ACME")


def test_a_line_of_ipv6_is_one_network(required, monkeypatch):
    monkeypatch.setattr(emergency, "STRETCH_S", 1 << 32)  # no quarter of an hour ends meanwhile
    wrong = {"address": "alice@acme.example", "code": "AAAA-AAAA-AAAA-AAAA"}
    for n in range(emergency.MOST_TRIES + 1):
        page = Client(REMOTE_ADDR=f"2001:db8::{n:x}").post("/sign-in/emergency/", wrong)
    assert "That was tried too often." in page.content.decode()


def test_the_code_of_somebody_who_is_no_owner_any_more_is_none(browser, acme, alice, required):
    with pen_scope(acme):
        give_access("second@acme.example", role="owner")
        alice.role = "member"
        alice.save()
    browser.post("/sign-in/emergency/", {"address": "alice@acme.example", "code": required.codes[0]})
    assert who(browser) is None


def test_deleting_the_required_one_opens_the_other_ways_again(browser, required, acme, world):
    come_back(browser, required, world)
    browser.post(page_of(required), {"typed": "Wrong"})
    assert Pen.objects.get(pk=acme.pk).sign_in_only == ["acme.example"]
    browser.post(page_of(required), {"typed": "Ours"})
    assert Pen.objects.get(pk=acme.pk).sign_in_only == []


def test_a_domain_that_is_taken_out_shuts_nobody_out(browser, acme, alice, required, world):
    acme.refresh_from_db()
    acme.domains = ["other.example"]
    acme.save()
    assert Pen.objects.get(pk=acme.pk).sign_in_only == []
    assert come_back(browser, required, world).status_code == 403  # it is for no domain of the company's
    browser.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})
    assert who(browser) == ("alice@acme.example", "ACME")
    about = {"form": "pen", "name": "ACME", "domains": "acme.example", "zone": acme.zone}
    browser.post("/settings/", about)
    assert Pen.objects.get(pk=acme.pk).sign_in_only == ["acme.example"]  # and put in again it counts again
    assert who(browser) is None


def test_a_domain_that_is_not_proven_is_required_of_nobody(acme, required):
    with pen_scope(acme):
        required.domains = ["acme.example", "unproven.example"]
        required.save()
        note(acme, [required])
    assert Pen.objects.get(pk=acme.pk).sign_in_only == ["acme.example"]


def test_whoever_comes_in_by_it_alone_has_a_company_all_the_same(acme, alice, other, oscar, required):
    assert has_a_pen(alice.account) and has_a_pen(oscar.account)
    assert not has_a_pen(Account.objects.create(email="nobody@acme.example"))


def test_a_trial_founds_no_second_company_for_them(alice, required):
    row = Trial.objects.create(
        address="alice@acme.example", company="Second", colour="#1f4468", starter="news", language="en-gb",
        proven_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(AtHome):
        keep(row, wish_of(row))
    assert not Pen.objects.filter(name="Second").exists()
