"""What is sent twice, at whatever moment, is one message."""

from __future__ import annotations

import threading
from contextvars import copy_context
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault import announcing, checking, keeping, once
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Once, SecureMessage
from stationer.portal.vault.once import KeptAlready
from tests.portal import lettered
from tests.portal.lettered import CAROL, in_by_code, path
from tests.portal.vaulted import LETTER, TO

KEY = "0123456789abcdef" * 2


def keep(**more):
    return keeping.keep(LETTER, author="alice@acme.example", recipients=TO, **more)


def at_once(many, work):
    """`work` in so many threads at the same moment; what each said."""
    start, said = threading.Barrier(many), []

    def one():
        try:
            start.wait()
            said.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=copy_context().run, args=(one,)) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_parallel_posts_of_one_answer_are_one_message(acme):
    row = lettered.letter(acme)
    browser = in_by_code(Client(), row)
    before = Outgoing.objects.count()

    def post():
        client = Client()
        client.cookies.update(browser.cookies)
        said = {"text": "Tuesday suits me.", "whom": "first", "once": KEY}
        answer = client.post(path(row, "reply"), said)
        return answer.status_code, answer["Location"]

    assert at_once(8, post) == [(303, path(row) + "?answered=1")] * 8
    with pen_scope(acme):
        assert SecureMessage.objects.filter(author=CAROL).count() == 1
    assert Outgoing.objects.count() == before + 1
    assert lettered.events(acme, row, "answered") == 1


@pytest.mark.django_db
def test_sent_again_it_is_the_message_that_it_was_and_another_key_or_author_is_another(in_acme):
    first = keep(once=KEY)
    with pytest.raises(KeptAlready) as told:
        keep(once=KEY)
    assert told.value.message == first
    assert keep(once=KEY[::-1]) != first
    bob = LETTER.replace(b"alice@acme.example", b"carol@acme.example")
    keeping.keep(bob, author="carol@acme.example", recipients=TO, once=KEY)
    assert [keep() for _ in range(2)] and SecureMessage.objects.count() == 5


@pytest.mark.django_db
def test_what_was_refused_or_failed_makes_room(in_acme):
    refused = keeping.keep(b"no header at all", author="alice@acme.example", recipients=TO, once=KEY)
    assert refused.state == "refused"
    with (
        mock.patch.object(checking, "read", side_effect=OSError("full")),
        pytest.raises(OSError, match="full"),
    ):
        keep(once=KEY)
    assert keep(once=KEY).state == "ready"
    assert SecureMessage.objects.count() == 2 and Once.objects.count() == 1


@pytest.mark.django_db
def test_whoever_comes_second_waits_for_the_first_and_not_for_one_that_is_no_more(in_acme):
    data = announcing.reachable(TO)
    row = keeping.begin(author="alice@acme.example", recipients=data, size=5, sha256="0" * 64, once=KEY)
    ticks = iter(range(0, 10_000, 7))
    waited = []
    with pytest.raises(VaultError, match="in a minute") as told:
        once.kept(row.author, KEY, clock=lambda: float(next(ticks)), wait=waited.append)
    assert told.value.code == "not-ready" and waited == [once.LOOK_S] * 2

    def ready(_seconds):
        SecureMessage.objects.update(state="ready")

    assert once.kept(row.author, KEY, wait=ready) == row
    SecureMessage.objects.update(state="uploading", touched_at=timezone.now() - timedelta(hours=1))
    assert keep(once=KEY).state == "ready"
