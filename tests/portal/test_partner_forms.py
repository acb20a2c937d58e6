"""What somebody types into a form of partners is refused or put in order, and never a fault."""

from __future__ import annotations

import msgspec
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from stationer.portal.partners import letting
from stationer.portal.partners.joining import join
from stationer.portal.partners.models import Enquiry
from stationer.portal.people.models import Partner, Pen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, operator="boss@southwest.example")
    cache.clear()


@pytest.fixture
def upper():
    return Partner.objects.create(name="Southwest IT")


@pytest.fixture
def boss(upper):
    browser = Client()
    browser.force_login(join(upper, "boss@southwest.example", "owner").account)
    return browser


def test_a_line_break_in_a_name_becomes_a_blank(boss, upper, client):
    form = {"company": "Fal\r\nBcc: v@x.example", "address": "dan@fal.example", "slug": ""}
    assert boss.post(reverse("partner-new-company", args=[upper.outside_id]), form).status_code == 302
    assert Pen.objects.get().name == "Fal Bcc: v@x.example"
    form = {"name": "Tamar\n  IT", "owner": "t@tamar.example"}
    assert boss.post(reverse("partner-new-reseller", args=[upper.outside_id]), form).status_code == 302
    assert Partner.objects.filter(name="Tamar IT").exists()
    asked = {"name": "Eve\nX", "company": "Eve\nLtd", "address": "eve@eve.example", "words": "a\nb"}
    client.post("/partners/become/", asked)
    row = Enquiry.objects.get()
    assert (row.name, row.company, row.words.split()) == ("Eve X", "Eve Ltd", ["a", "b"])
    Enquiry.objects.update(company="Eve\nLtd")  # one of before
    boss.post(reverse("operator-enquiry", args=[row.outside_id]), {"deed": "partner"})
    assert Partner.objects.filter(name="Eve Ltd").exists()


def test_the_operator_is_told_why_a_partner_cannot_be_made_and_makes_one_once(boss, monkeypatch):
    row = Enquiry.objects.create(name="Eve", company="Eve Ltd", address="eve@eve.example")
    page = reverse("operator-enquiry", args=[row.outside_id])
    with monkeypatch.context() as full:
        full.setattr(letting, "MOST_A_DAY", 0)
        answer = boss.post(page, {"deed": "partner"}, follow=True)
        assert answer.status_code == 200 and b"invitations in a day" in answer.content
    assert not Partner.objects.filter(name="Eve Ltd").exists()
    for _ in range(2):
        assert boss.post(page, {"deed": "partner"}).status_code == 302
    assert Partner.objects.filter(name="Eve Ltd").count() == 1
