"""How much a partner, or somebody who would like to be one, can send in a while."""

from __future__ import annotations

import time

import pytest
from django.core.cache.backends.filebased import FileBasedCache

from stationer.portal.partners import asking, letting
from stationer.portal.people.models import Partner
from stationer.portal.site import counting

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """A cache of files, as an installation has it, and a clock that can be set forward."""
    files = FileBasedCache(str(tmp_path / "cache"), {"OPTIONS": {"MAX_ENTRIES": 20000}})
    for room in (counting, asking, letting):
        monkeypatch.setattr(room, "cache", files, raising=False)
    now = [float(int(time.time()) // 86400 * 86400 + 3600)]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(counting, "time", lambda: now[0])
    return now


def test_enquiries_of_an_address_are_counted_for_a_whole_hour(clock):
    taken = 0
    for _ in range(6):
        taken += sum(asking.room("10.1.1.1") for _ in range(7))
        clock[0] += 301
    assert taken == asking.MOST_AN_HOUR
    clock[0] += 3600
    assert asking.room("10.1.1.1")


def test_mails_of_a_partner_are_counted_for_a_whole_day(clock, monkeypatch):
    monkeypatch.setattr(letting, "MOST_A_DAY", 3)
    upper = Partner.objects.create(name="Southwest IT")
    sent = 0
    for _ in range(5):
        for _ in range(4):
            try:
                letting.spend(upper)
            except letting.TooMany:
                continue
            sent += 1
        clock[0] += 301
    assert sent == 3
    clock[0] += 24 * 3600
    letting.spend(upper)
