"""Months of raw rows on PostgreSQL: made ahead, dropped whole, while every PEN's own days are kept to."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import forgetting, months
from stationer.portal.statistics.models import Addressee, Hit, Mail, Shown, first_id, id_at, id_of_mail
from stationer.portal.statistics.rolled import HourFigure, Keeping
from stationer.portal.statistics.rolling import turning

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif("not __import__('django.db').db.connection.vendor == 'postgresql'")


def sent(at, clicked=None):
    """A used mail of a campaign, with ids of its moment as taking makes them, and a click."""
    ms = int(at.timestamp() * 1000)
    mail = Mail.objects.create(pick=uuid.uuid4(), at=at, people=1, outcome="used")
    Addressee.objects.create(id=id_at(ms), mail=mail, address="a@one.example")
    Shown.objects.create(id=id_at(ms), mail=mail, campaign=uuid.UUID(int=1), of=uuid.UUID(int=2), used=True)
    if clicked:
        Hit.objects.create(
            id=id_at(int(clicked.timestamp() * 1000)), at=clicked, mail=mail, method="GET", human=True
        )
    return mail


def partition_of(row):
    """The table in which it lies."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def test_the_id_of_a_mail_is_of_its_moment_and_the_same_when_it_is_told_twice():
    at, pick = datetime(2026, 11, 3, 9, 30, tzinfo=UTC), uuid.uuid4()
    one = id_of_mail(at, pick, 0)
    assert one == id_of_mail(at, pick, 0) == Mail(at=at, pick=pick).pk != id_of_mail(at, pick, 1)
    assert one.version == 7 and one.variant == uuid.RFC_4122
    assert first_id(at) < one < first_id(at + timedelta(milliseconds=1))
    assert months.begins(datetime(2026, 12, 31, 23, tzinfo=UTC), 1) == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_database_without_partitions_has_nothing_to_make_or_drop(in_acme):
    if not months.there():
        months.make_ahead()
        assert months.drop_before(timezone.now()) == 0


@on_postgresql
def test_months_are_made_ahead_and_a_row_lies_in_its_own(in_acme):
    months.make_ahead()
    months.make_ahead()
    now = timezone.now()
    assert months.begins(now, months.AHEAD) in set(months.known())
    mail = sent(now, now)
    assert partition_of(mail) == f"statistics_mail_{now:%Y_%m}"
    assert partition_of(Hit.objects.get()) == f"statistics_hit_{now:%Y_%m}"
    assert partition_of(sent(datetime(2001, 1, 1, tzinfo=UTC))) == "statistics_mail_rest"
    assert connection.introspection.table_names().count("statistics_mail") == 1


@on_postgresql
def test_a_month_that_came_too_early_stays_in_the_rest(in_acme):
    later = months.begins(timezone.now(), months.AHEAD + 5)
    early = sent(later)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    months.make(later)
    assert later not in set(months.known()) and partition_of(early) == "statistics_mail_rest"


@on_postgresql
def test_a_month_goes_when_no_company_keeps_it_and_a_young_click_on_its_mail_stays(acme, other):
    now = months.begins(timezone.now()) + timedelta(days=9)
    old = months.begins(now, -2) + timedelta(days=3)
    for pen, days in ((acme, 20), (other, 120)):
        with pen_scope(pen):
            Keeping.objects.create(raw_days=days)
            sent(old, old)
            sent(old, now)
            turning.settle(pen)
    assert months.begins(old) in set(months.known())
    with pen_scope(acme):
        forgetting.forget(acme, now)  # its own days are over: row by row, since the other keeps the month
        assert not Mail.objects.exists() and Hit.objects.get().mail is None
    with pen_scope(other):
        assert Mail.objects.count() == 2
        Keeping.objects.update(raw_days=20)
    assert forgetting.forget_old.__name__ and months.drop_before(months.begins(now)) >= 1
    assert months.begins(old) not in set(months.known())
    with pen_scope(other):
        assert not Mail.objects.exists() and not Addressee.objects.exists() and not Shown.objects.exists()
        assert [hit.mail_id for hit in Hit.objects.all()] == [None]
        assert sum(HourFigure.objects.filter(campaign=None, of=None).values_list("mails", flat=True)) == 2
