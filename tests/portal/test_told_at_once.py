"""Two edges tell of one mail at the same moment: a click and its mail find one another."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Hit
from stationer.portal.statistics.taking import take
from tests.portal.told import Sent

#: SQLite has one writer at a time.
on_postgresql = pytest.mark.skipif("not __import__('django.db').db.connection.vendor == 'postgresql'")


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_click_and_its_mail_are_joined_however_their_transactions_lie(harbour):
    now = timezone.now()
    sent = Sent(harbour, now - timedelta(minutes=5))
    told, commit = threading.Event(), threading.Event()

    def one_edge():
        with transaction.atomic():
            take([sent.addressed(), sent.reported()], now)
            told.set()
            commit.wait(10)
        connection.close()

    def other_edge():
        told.wait(10)
        take([sent.clicked(now - timedelta(minutes=1))], now)
        close_old_connections()
        connection.close()

    edges = [threading.Thread(target=one) for one in (one_edge, other_edge)]
    for edge in edges:
        edge.start()
    edges[1].join(1.0)  # it waits for the first, or has written its click without the mail
    commit.set()
    for edge in edges:
        edge.join(20)
    with pen_scope(harbour.pen):
        assert Hit.objects.get().mail is not None
