"""The trial on pages: from the form by the code to a stamped mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.utils import timezone

from stationer.portal.access.signing_up import invitation
from stationer.portal.delivery.models import Recipient
from stationer.portal.trial import asking
from stationer.portal.trial.models import Asked, Trial
from tests.portal.pictures import png
from tests.portal.tried import FORM, body, code_of, left, offer, tried

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(settings):
    offer(settings)
    cache.clear()


def logo():
    return SimpleUploadedFile("logo.png", png(120, 40), content_type="image/png")


@pytest.mark.parametrize(
    ("trial", "sign_up", "found"), [(True, "open", 200), (False, "open", 404), (True, "closed", 404), (True, "invitation", 404)]
)  # fmt: skip
def test_it_is_offered_as_the_installation_says(client, settings, trial, sign_up, found):
    offer(settings, sign_up, trial=trial)
    assert client.get("/trial/").status_code == found
    assert client.post("/trial/", FORM).status_code == (302 if found == 200 else 404)
    assert (b'href="/trial/"' in client.get("/accounts/login/").content) == (found == 200)


def test_by_invitation_it_is_for_the_invited_address(client, settings):
    offer(settings, "invitation")
    client.get(f"/invitation/{invitation('nora@newco.example')}/")
    assert client.post("/trial/", FORM | {"address": "other@newco.example"}).status_code == 200
    assert left() == []
    assert client.post("/trial/", FORM).status_code == 302


def test_before_the_code_not_a_word_of_the_visitor_is_sent(client):
    said = {"company": "Cheap Pills www.pills.example", "headline": "Buy pills", "person": "Pillman"}
    assert (
        client.post("/trial/", FORM | said | {"website": "pills.example", "logo": logo()}).status_code == 302
    )
    ((recipients, mail),) = left()
    assert recipients == ["nora@newco.example"]
    assert not {word for word in ("Cheap", "ills", "Buy", "ewco Ltd") if word in str(mail)}
    assert not mail.is_multipart()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Stationer <house@house.example>"


def test_the_mail_wears_what_was_chosen(client):
    mail = tried(client, headline="Our open day", logo=logo(), person="Nora Newton", starter="news")
    html, text = body(mail, "html"), body(mail)
    for said in ("Our open day", "Nora Newton", "https://newco.example/", "#0e6e73"):
        assert said in html, said
    assert "Newco Ltd" in text and "www.example.com" not in html + text
    pictures = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert len(pictures) == 2  # the logo and the starter's, and nothing is fetched
    assert 'src="http' not in html
    assert (mail["To"], mail["Stationer-Trial"], mail["X-Auto-Response-Suppress"]) == (
        "nora@newco.example",
        "1",
        "All",
    )
    assert "Newco" not in "".join(f"{name}: {value}" for name, value in mail.items() if name != "To")


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ({"website": "www.newco.example/a?b=1"}, "https://www.newco.example/a?b=1"),
        ({}, "https://newco.example/"),
        ({"address": "nora@gmail.com"}, "http://testserver/trial/"),
    ],
)
def test_the_button_leads_to_the_website(client, settings, said, leads):
    settings.PUBLIC_URL = "http://testserver"
    assert f'href="{leads}"' in body(tried(client, **said), "html")


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "nobody"}, {"address": "a@b.example\nBcc: c@d.example"}, {"address": "a@b.example, c@d.example"},
        {"company": ""}, {"colour": "red"}, {"starter": "opinion"}, {"website": "javascript:alert(1)"},
        {"website": "https://user@evil.example"}, {"headline": "{{nothing"}, {"headline": "x" * 81},
        {"logo": SimpleUploadedFile("a.svg", b"<svg/>")}, {"address": "\u00fcber@newco.example"},
    ],
)  # fmt: skip
def test_what_makes_no_mail_is_told_on_the_form_and_sends_nothing(client, wrong):
    answer = client.post("/trial/", FORM | wrong)
    assert (
        answer.status_code == 200 and b'aria-invalid="true"' in answer.content
    ) or b'role="alert"' in answer.content
    assert left() == [] and not Trial.objects.exists()


def test_a_logo_that_is_too_large_is_refused(client):
    answer = client.post("/trial/", FORM | {"logo": SimpleUploadedFile("a.png", png() + b"\0" * 400_001)})
    assert answer.status_code == 200 and b"400 KB" in answer.content


def test_a_code_is_good_in_its_own_browser_for_five_attempts_and_fifteen_minutes(client):
    client.post("/trial/", FORM)
    code = code_of(left()[0][1])
    assert Client().post("/trial/code/", {"code": code})["Location"] == "/trial/"
    for _ in range(4):
        assert client.post("/trial/code/", {"code": "BBBB-BBBB"}).status_code == 200
    assert client.post("/trial/code/", {"code": "BBBB-BBBB"}).status_code == 410
    assert client.post("/trial/code/", {"code": code}).status_code == 410
    Trial.objects.update(attempts=0, created_at=timezone.now() - timedelta(minutes=16))
    assert client.post("/trial/code/", {"code": code}).status_code == 410
    assert len(left()) == 1


def test_a_code_can_be_typed_in_small_letters_and_without_its_dash_and_works_once(client):
    client.post("/trial/", FORM)
    code = code_of(left()[0][1]).replace("-", " ").lower()
    assert client.post("/trial/code/", {"code": code})["Location"] == "/trial/sent/"
    assert client.post("/trial/code/", {"code": code})["Location"] == "/trial/sent/"
    assert len(left()) == 2
    assert not Trial.objects.exclude(code="").exists()


def test_the_page_says_where_the_mail_is(client):
    tried(client)
    assert b"Your mail is on its way" in client.get("/trial/sent/").content
    last = Recipient.objects.order_by("id").last()
    Recipient.objects.filter(pk=last.pk).update(attempts=1)
    assert b"We try again by ourselves" in client.get("/trial/sent/").content
    Recipient.objects.filter(pk=last.pk).update(state="failed")
    assert b"Your mail was refused" in client.get("/trial/sent/").content
    Recipient.objects.filter(pk=last.pk).update(state="sent")
    assert b"Look in your inbox" in client.get("/trial/sent/").content
    assert Client().get("/trial/sent/")["Location"] == "/trial/"


def test_what_was_typed_is_forgotten(client):
    client.post("/trial/", FORM)
    assert asking.forget_old() == 0
    Trial.objects.update(created_at=F("created_at") - timedelta(minutes=61))
    Asked.objects.update(at=timezone.now() - timedelta(days=29))
    assert asking.forget_old() == 1 and not Trial.objects.exists()
    tried(client, address="other@newco.example")
    Trial.objects.update(created_at=F("created_at") - timedelta(days=9))
    Asked.objects.update(at=timezone.now() - timedelta(days=31))
    assert asking.forget_old() > 1
    assert not Trial.objects.exists() and not Asked.objects.exists()
