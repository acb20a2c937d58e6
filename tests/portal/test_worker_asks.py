"""How often the worker asks the database for what partners hand down and are told: not as often as it turns."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stationer.portal.delivery import worker
from stationer.portal.partners import counting, founding, handing
from stationer.portal.partners.models import Standing
from stationer.portal.people.models import Partner, Pen

pytestmark = pytest.mark.django_db


class Clock:
    """The seconds that have passed, as a test says."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def chores(clock):
    """What the worker does for partners."""
    ours = (handing.__name__, counting.__name__)
    found = [one for one in worker.others(clock) if getattr(one, "__module__", "") in ours]
    assert len(found) == 2
    return found


@pytest.fixture
def partner(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return Partner.objects.create(name="Southwest IT")


def asked_in(seconds, chores, clock):
    """How many statements the turns of so many seconds are."""
    with CaptureQueriesContext(connection) as queries:
        for _ in range(int(seconds / worker.PAUSE_S)):
            for one in chores:
                one()
            clock.now += worker.PAUSE_S
    return len(queries)


def test_without_partners_a_minute_of_turns_asks_little(chores, clock):
    assert 0 < asked_in(60, chores, clock) <= 60 / worker.HANDED_S + 2 * 60 / worker.COUNTED_S


def test_with_a_partner_whose_companies_wait_for_nothing_neither(chores, clock, partner):
    founding.found(partner, "Harbour Dental", "alice@harbour.example")
    asked_in(1, chores, clock)
    clock.now += worker.COUNTED_S
    assert asked_in(60, chores, clock) <= 60 / worker.HANDED_S + 2 * 60 / worker.COUNTED_S


def test_what_is_handed_down_arrives_all_the_same_and_many_without_a_rest(
    chores, clock, partner, monkeypatch
):
    monkeypatch.setattr(handing, "MANY", 1)
    pens = [founding.found(partner, f"Company {n}", f"a@c{n}.example") for n in range(3)]
    asked_in(10, chores, clock)
    Partner.objects.filter(pk=partner.pk).update(
        terms={"management": {"tracking": "off"}, "locks": ["tracking"]}
    )
    handing.want(partner)
    asked_in(worker.HANDED_S, chores, clock)
    assert handing.waiting(partner) <= 2  # the first of them, within the rest
    asked_in(3 * worker.PAUSE_S, chores, clock)
    assert handing.waiting(partner) == 0
    assert [Pen.objects.get(pk=one.pk).inherited["locks"] for one in pens] == [["tracking"]] * 3


def test_a_company_is_counted_within_half_a_minute(chores, clock, partner):
    asked_in(1, chores, clock)
    pen = founding.found(partner, "Harbour Dental", "alice@harbour.example")
    asked_in(worker.COUNTED_S, chores, clock)
    assert Standing.objects.get(pen=pen).counted_at is not None


def test_a_chore_that_fails_rests_as_well(clock):
    tried = []

    def failing():
        tried.append(clock.now)
        raise RuntimeError("no database")

    chore = worker.rarely(failing, 2.0, clock)
    for _ in range(8):
        worker.do(chore)
        clock.now += 0.5
    assert tried == [1000.0, 1002.0]
