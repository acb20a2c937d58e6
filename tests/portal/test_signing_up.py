"""Founding a company: by an address that is proven, where the installation lets one, and telling nobody who is here."""

from __future__ import annotations

import json
import re
from io import StringIO

import msgspec
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from stationer.portal.access.models import Account, Membership
from stationer.portal.content.models import Template
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
FORM = {"email": "nora@newco.example", "company": "Newco Ltd"}


@pytest.fixture(autouse=True)
def post(settings):
    """What is sent lies in `mail.outbox`; limits begin anew."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def let(settings):
    def to(mode):
        settings.PORTAL = msgspec.structs.replace(settings.PORTAL, sign_up=mode)

    return to


def code(mail):
    return re.search(r"^ {4}([0-9A-Z-]{6,9})$", mail.body, re.MULTILINE).group(1)


def test_it_is_closed_as_it_comes(client, db):
    assert b"By invitation" in client.get("/accounts/signup/").content
    client.post("/accounts/signup/", FORM)
    assert not Account.objects.exists()
    assert b"Begin with it" not in client.get("/accounts/login/").content


def test_an_address_that_is_proven_by_its_code_founds_a_company(client, let, mailoutbox):
    let("open")
    assert b"Begin with it" in client.get("/accounts/login/").content
    client.post("/accounts/signup/", FORM)
    assert not Pen.objects.exists()  # nothing before the code
    (mail,) = mailoutbox
    assert mail.to == ["nora@newco.example"]
    answer = client.post("/accounts/confirm-email/", {"code": code(mail)}, follow=True)
    assert answer.request["PATH_INFO"] == "/"
    pen = Pen.objects.get()
    assert (pen.name, pen.domains, pen.second_factor) == ("Newco Ltd", ["newco.example"], True)
    with pen_scope(pen):
        assert Membership.objects.get().is_owner
        assert Template.objects.get().fallback
    assert client.get("/templates/").status_code == 200
    assert client.get("/publish/").status_code == 200


def test_a_wrong_code_founds_nothing(client, let, mailoutbox):
    let("open")
    client.post("/accounts/signup/", FORM)
    client.post("/accounts/confirm-email/", {"code": "AAAAAA"})
    assert not Pen.objects.exists()


def test_a_domain_that_is_everybodys_is_no_companys(client, let, mailoutbox):
    let("open")
    client.post("/accounts/signup/", {**FORM, "email": "nora@gmail.com"})
    client.post("/accounts/confirm-email/", {"code": code(mailoutbox[0])})
    assert Pen.objects.get().domains == []


def test_an_address_that_is_known_is_answered_in_the_same_words(client, let, alice, mailoutbox):
    let("open")
    known = client.post("/accounts/signup/", {**FORM, "email": "alice@acme.example"}, follow=True)
    client.cookies.clear()
    new = client.post("/accounts/signup/", {**FORM, "email": "nobody@acme.example"}, follow=True)

    def plain(answer):
        text = re.sub(r'(nonce="|value=")[^"]+', r"\1", answer.content.decode())
        return text.replace("alice@", "…@").replace("nobody@", "…@")

    assert known.status_code == new.status_code and plain(known) == plain(new)
    assert known.request["PATH_INFO"] == new.request["PATH_INFO"]
    assert [mail.to for mail in mailoutbox] == [["alice@acme.example"], ["nobody@acme.example"]]
    assert "already" in mailoutbox[0].subject and "code" not in mailoutbox[0].subject
    assert Pen.objects.count() == 1


def test_an_account_without_a_company_is_asked_for_one(client, let, mailoutbox):
    let("open")
    client.post("/accounts/signup/", FORM)
    client.session.flush()
    account = Account.objects.get()
    client.force_login(account)
    assert client.get("/")["Location"] == "/companies/new/"
    client.post("/companies/new/", {"company": "Second try"})
    assert Pen.objects.get().name == "Second try"
    assert client.get("/templates/").status_code == 200


def test_whoever_has_a_company_founds_no_second_one_by_that_page(client, let, alice):
    let("open")
    client.force_login(alice.account)
    assert client.post("/companies/new/", {"company": "ACME Ventures"}).status_code == 404


def test_with_an_invitation_only_its_own_address_may(client, let, mailoutbox):
    let("invitation")
    client.post("/accounts/signup/", FORM)
    assert not mailoutbox
    out = StringIO()
    call_command("invite", "--email", "nora@newco.example", "--company", "Newco Ltd", stdout=out)
    path = "/invitation/" + json.loads(out.getvalue())["url"].split("/invitation/")[1]
    page = client.get(path, follow=True).content.decode()
    assert 'value="nora@newco.example"' in page and 'value="Newco Ltd"' in page
    wrong = client.post("/accounts/signup/", {**FORM, "email": "other@newco.example"})
    assert b"The invitation is for nora@newco.example." in wrong.content
    client.post("/accounts/signup/", FORM)
    client.post("/accounts/confirm-email/", {"code": code(mailoutbox[0])})
    assert Pen.objects.get().name == "Newco Ltd"


def test_an_invitation_that_was_tampered_with_or_comes_to_a_closed_house_is_none(client, let):
    let("invitation")
    assert client.get("/invitation/made-up/").status_code == 404
    out = StringIO()
    call_command("invite", "--email", "nora@newco.example", stdout=out)
    path = "/invitation/" + json.loads(out.getvalue())["url"].split("/invitation/")[1]
    let("closed")
    assert client.get(path).status_code == 404
    with pytest.raises(CommandError):
        call_command("invite", "--email", "nora@newco.example")


def test_whoever_signs_up_again_and_again_is_asked_to_wait(client, let, mailoutbox):
    let("open")
    answers = [
        client.post("/accounts/signup/", {**FORM, "email": f"n{n}@newco.example"}).status_code
        for n in range(25)
    ]
    assert answers[-1] == 429
    assert len(mailoutbox) <= 20
