"""When a company begins, rests, ends and comes back below a partner: what holds whatever goes wrong in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access.models import Account
from stationer.portal.partners import counting, founding, resting
from stationer.portal.partners.joining import join
from stationer.portal.partners.models import DayCount, Standing
from stationer.portal.people.models import Member, Package, Partner, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import last_publication
from stationer.portal.publishing.publish import publish
from stationer.portal.publishing.undoing import undoable
from stationer.portal.statistics.rolled import HourFigure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def upper():
    return Partner.objects.create(name="Southwest IT")


@pytest.fixture
def lower(upper):
    return Partner.objects.create(name="Kernow Health", parent=upper)


@pytest.fixture
def boss(upper):
    return browser(join(upper, "boss@southwest.example", "owner").account)


@pytest.fixture
def dental(lower):
    return founding.found(lower, "Harbour Dental", "alice@harbour.example")


@pytest.fixture
def alice(dental):
    return browser(Account.objects.get(email="alice@harbour.example"))


def browser(account):
    client = Client()
    client.force_login(account)
    return client


def company(partner, pen):
    return reverse("partner-company", args=[partner.outside_id, pen.outside_id])


def stands(pen):
    return Pen.objects.get(pk=pen.pk).standing


def test_a_company_has_begun_also_where_its_first_page_failed(dental, alice, monkeypatch):
    def locked(**_):
        raise OperationalError("database is locked")

    with monkeypatch.context() as once:
        once.setattr(resting.Standing.objects, "filter", locked)
        with pytest.raises(OperationalError):
            alice.get("/")
    assert alice.get("/").status_code == 200
    assert Standing.objects.get(pen=dental).begun_at is not None


def published(pen, about):
    with pen_scope(pen):
        return publish(Pen.objects.get(pk=pen.pk), None, about)


def in_force(pen):
    with pen_scope(pen):
        return last_publication()


def test_an_ended_company_is_not_suspended_and_comes_back_with_its_version(boss, upper, dental):
    published(dental, "one")
    page = company(upper, dental)
    boss.post(page, {"deed": "end", "typed": dental.name})
    assert boss.post(page, {"deed": "suspend"}).status_code == 200
    assert stands(dental) == "ended"
    boss.post(page, {"deed": "resume"})
    assert stands(dental) == "active" and in_force(dental).about == "one"


def test_what_is_in_force_is_not_empty_after_a_resume_however_it_came_to_rest(dental):
    published(dental, "one")
    resting.end(Pen.objects.get(pk=dental.pk))
    Pen.objects.filter(pk=dental.pk).update(standing="suspended")
    resting.resume(Pen.objects.get(pk=dental.pk))
    assert in_force(dental).about == "one"


def test_the_version_of_an_end_is_in_no_history_and_undo_passes_over_it(dental, alice):
    Pen.objects.filter(pk=dental.pk).update(second_factor=False)
    published(dental, "one")
    resting.end(Pen.objects.get(pk=dental.pk))
    empty = in_force(dental)
    resting.resume(Pen.objects.get(pk=dental.pk))
    with pen_scope(dental):
        assert undoable(last_publication()).about == "one"
    assert empty.outside_id not in alice.get(reverse("versions")).content.decode()
    assert alice.post(reverse("restore-version", args=[empty.outside_id])).status_code == 404
    assert in_force(dental).about == "one"


def test_a_reseller_does_not_lift_what_the_partner_above_it_has_said(boss, upper, lower, dental):
    low = browser(join(lower, "low@k.example", "support").account)
    above, below = company(upper, dental), company(lower, dental)
    boss.post(above, {"deed": "suspend"})
    low.post(below, {"deed": "end", "typed": dental.name})
    assert b'value="resume"' not in low.get(below).content
    low.post(below, {"deed": "resume"})
    assert stands(dental) == "ended"
    assert b'value="resume"' in boss.get(above).content
    boss.post(above, {"deed": "resume"})
    assert stands(dental) == "active"
    low.post(below, {"deed": "suspend"})
    low.post(below, {"deed": "resume"})
    assert stands(dental) == "active"
    low.post(below, {"deed": "suspend"})
    boss.post(below, {"deed": "suspend"})
    low.post(below, {"deed": "resume"})
    assert stands(dental) == "suspended"
    Pen.objects.filter(pk=dental.pk).update(partner=Partner.objects.create(name="Elsewhere"))
    assert resting.may_resume(Pen.objects.get(pk=dental.pk), "anywhere/")


def test_mails_that_are_told_after_an_end_are_in_the_statement(dental):
    now = timezone.now()
    counting.count(dental.pk)
    with pen_scope(dental):
        people = DayCount.objects.get(pen=dental).people
        resting.end(Pen.objects.get(pk=dental.pk))
        HourFigure.objects.create(at=now.replace(minute=0, second=0, microsecond=0), mails=7)
        Member.objects.create(address="late@harbour.example", package=Package.objects.first())
    Standing.objects.filter(pen=dental).update(counted_at=None)
    assert counting.turn() == 1 and counting.turn() == 0
    row = DayCount.objects.get(pen=dental)
    assert (row.mails, row.people) == (7, people)
    Pen.objects.filter(pk=dental.pk).update(standing_since=now - timedelta(days=7))
    Standing.objects.filter(pen=dental).update(counted_at=None)
    assert counting.turn() == 0
