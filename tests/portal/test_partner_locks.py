"""A lock holds: whatever is deleted, whoever saves at the same time, and however many companies are faulty."""

from __future__ import annotations

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from stationer.pick.company import CompanyErrors
from stationer.portal.access import devices
from stationer.portal.access.models import Account
from stationer.portal.company.looking import look
from stationer.portal.company.writing import as_it_is
from stationer.portal.content.models import Template
from stationer.portal.partners import founding, handing
from stationer.portal.partners.models import Part, Standing
from stationer.portal.partners.saying import Saying
from stationer.portal.people.models import Partner, Pen
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
WORDS = {"shape": "disclaimer", "values": {"words": "Regulated by the Moon."}}


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def upper():
    return Partner.objects.create(name="Southwest IT")


@pytest.fixture
def dental(upper):
    return founding.found(upper, "Harbour Dental", "alice@harbour.example")


def handed(pen):
    handing.turn()
    return Pen.objects.get(pk=pen.pk)


def test_the_template_for_everyone_else_stays_while_a_part_is_locked(upper, dental):
    Part.objects.create(partner=upper, part="disclaimer", source=WORDS, locked=True)
    handing.want(upper)
    with pen_scope(handed(dental)):
        row = Template.objects.get()
        _, key = devices.make_api_key("key")
    bearer = {"authorization": f"Bearer {key}"}
    answer = Client().delete(f"/api/v1/templates/{row.outside_id}", headers=bearer)
    assert answer.status_code == 422 and "Southwest IT" in answer.content.decode()
    alice = Client()
    alice.force_login(Account.objects.get(email="alice@harbour.example"))
    page = alice.post(reverse("template-name", args=[row.outside_id]), {"delete": "1", "typed": row.name})
    assert page.status_code == 200 and b"Southwest IT has locked this part" in page.content
    with pen_scope(dental):
        assert Template.objects.get().fallback


def test_the_last_template_for_everyone_else_does_not_give_way_while_a_part_is_locked(upper, dental):
    Part.objects.create(partner=upper, part="disclaimer", source=WORDS, locked=True)
    handing.want(upper)
    with pen_scope(handed(dental)):
        row = Template.objects.get()
        _, key = devices.make_api_key("key")
        file = yaml.safe_load(as_it_is())
        next(iter(file["templates"].values()))["fallback"] = False
        with pytest.raises(CompanyErrors, match="Southwest IT has locked this part"):
            look(yaml.safe_dump(file), name="company.yaml", absent="keep")
        other = Template.objects.create(name="Other", parts={"new": row.parts["new"]})
    answer = Client().patch(
        f"/api/v1/templates/{row.outside_id}",
        {"fallback": False},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 422 and "Southwest IT" in answer.content.decode()
    alice = Client()
    alice.force_login(Account.objects.get(email="alice@harbour.example"))
    page = alice.post(reverse("template-name", args=[row.outside_id]), {"name": "New", "priority": "0"})
    assert page.status_code == 200 and b"Southwest IT has locked this part" in page.content
    with pen_scope(dental):
        row.refresh_from_db()
        assert row.fallback and row.name == "Letterhead"
    said = {"name": "Other", "priority": "0", "fallback": "on"}  # another one in its place is no harm
    assert alice.post(reverse("template-name", args=[other.outside_id]), said).status_code == 302
    with pen_scope(dental):
        assert Template.objects.get(fallback=True) == other
    back = Client().patch(
        f"/api/v1/templates/{row.outside_id}",
        {"fallback": True},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    assert back.status_code == 200 and back.json()["fallback"]
    with pen_scope(dental):
        assert Template.objects.get(fallback=True) == row
        assert Template.objects.get(pk=other.pk).parts == row.parts  # what is locked stands in both


def test_where_no_template_is_for_everyone_else_the_next_change_from_above_brings_one(upper, dental):
    with pen_scope(dental):
        Template.objects.update(fallback=False)
    Part.objects.create(partner=upper, part="disclaimer", source=WORDS, locked=True)
    for _ in range(2):
        handing.want(upper)
        with pen_scope(handed(dental)):
            row = Template.objects.get(fallback=True)
            assert row.parts["new"]["footer"]["values"]["words"] == "Regulated by the Moon."
            Template.objects.filter(pk=row.pk).delete()


def test_where_the_law_asks_for_consent_first_a_lock_does_not_turn_tracking_on(upper):
    pen = founding.found(upper, "Hafen", "a@hafen.de")
    assert pen.management().tracking == "off"
    upper.terms = {"management": {"tracking": "people", "replay": True}, "locks": ["tracking", "replay"]}
    upper.full_clean()
    upper.save()
    handing.want(upper)
    settled = handed(pen).management()
    assert (settled.tracking, settled.replay) == ("off", False)


def test_many_faulty_companies_keep_no_other_waiting(upper, monkeypatch):
    pens = [Pen.objects.create(name=f"b{n}", partner=upper) for n in range(handing.MANY + 1)]
    Standing.objects.bulk_create([Standing(pen=pen) for pen in pens])
    last, write = max(pens, key=lambda pen: pen.pk), handing.write

    def faulty(pen_id):
        if pen_id != last.pk:
            raise RuntimeError("a fault of this company")
        return write(pen_id)

    monkeypatch.setattr(handing, "write", faulty)
    assert [handing.turn(), handing.turn(), handing.turn()] == [0, 1, 0]


def test_of_two_people_who_say_something_at_once_both_are_heard(upper):
    upper.terms = {"management": {"tracking": "off"}, "locks": []}
    upper.save()
    one, other, third = (Saying(Partner.objects.get(pk=upper.pk)) for _ in range(3))
    one.lock("tracking", True)
    other.most_messages = 1
    other.save(["most_messages"])
    assert Partner.objects.get(pk=upper.pk).terms == {
        "management": {"tracking": "off", "most_messages": 1},
        "locks": ["tracking"],
    }
    third.take_back("most_messages")
    assert Partner.objects.get(pk=upper.pk).terms["locks"] == ["tracking"]
    with pytest.raises(ValidationError):
        other.lock("most_messages", True)


def test_a_lock_that_is_set_while_a_company_is_founded_reaches_it(
    upper, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as after, monkeypatch.context() as before:
        before.setattr(handing, "parts", lambda line: {})  # what another transaction wrote is not seen yet
        pen = founding.found(upper, "Fal", "dan@fal.example")
        Part.objects.create(partner=upper, part="disclaimer", source=WORDS, locked=True)
    for callback in after:
        callback()
    with pen_scope(handed(pen)):
        assert Template.objects.get().parts["new"]["footer"]["values"]["words"] == "Regulated by the Moon."
