"""Hits are judged at once, made known when they have settled, once each, and corrected when later evidence says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import judging
from stationer.portal.statistics.models import Hit, Link
from stationer.portal.statistics.signals import judged
from stationer.portal.statistics.taking import take
from tests.portal.told import FIREFOX, Sent, clicked

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def heard():
    """Hits that were made known."""
    found = []

    def listen(sender, hits, **_):
        found.extend(hits)

    judged.connect(listen)
    yield found
    judged.disconnect(listen)


@pytest.fixture
def sent(harbour):
    """A mail of ten minutes ago that is known."""
    mail = Sent(harbour, timezone.now() - timedelta(minutes=10))
    take([mail.addressed(), mail.reported()], timezone.now())
    return mail


def later(pen, seconds=5):
    """So many seconds later the worker has taken its turn."""
    with pen_scope(pen):
        return judging.piece(timezone.now() + timedelta(seconds=seconds))


def hits(pen):
    with pen_scope(pen):
        return list(Hit.objects.order_by("at"))


def test_a_click_is_judged_as_it_comes_and_made_known_when_it_has_settled(harbour, sent, heard):
    take([sent.clicked(timezone.now())], timezone.now())
    (hit,) = hits(harbour.pen)
    assert hit.human and hit.score == 90 and hit.told_at is None
    assert {one["rule"] for one in hit.reasons} == {"opened", "time-to-read", "language"}
    assert not heard and later(harbour.pen, 1) == 0
    assert later(harbour.pen) == 1
    (hit,) = hits(harbour.pen)
    assert hit.told_at and hit.settled_at and hit.due_at is None and not hit.corrected_at
    assert [one.pk for one in heard] == [hit.pk]
    assert later(harbour.pen, 60) == 0


def test_many_that_come_at_once_are_left_to_the_worker(harbour, sent, heard, monkeypatch):
    monkeypatch.setattr("stationer.portal.statistics.clicking.AT_ONCE", 1)
    take([sent.clicked(timezone.now(), address=f"81.2.69.{n}") for n in range(2)], timezone.now())
    assert [hit.score for hit in hits(harbour.pen)] == [None, None]
    assert judging.turn() == 2
    assert all(hit.human for hit in hits(harbour.pen))


def test_a_sweep_is_known_by_its_next_steps_and_nobody_is_told(harbour, sent, heard):
    now = timezone.now()
    for n in range(3):
        take([sent.clicked(now + timedelta(seconds=n), number=n)], now)
    assert hits(harbour.pen)[0].human  # it was first, and nothing was against it
    later(harbour.pen)
    assert [hit.human for hit in hits(harbour.pen)] == [False, False, False]
    assert not heard and not any(hit.corrected_at for hit in hits(harbour.pen))
    assert hits(harbour.pen)[0].reasons[0] == {"rule": "sweep", "saw": {"links": 3, "within_s": 2}}


def test_a_double_click_is_made_known_once(harbour, sent, heard):
    now = timezone.now()
    take([sent.clicked(now), sent.clicked(now + timedelta(milliseconds=300))], now)
    later(harbour.pen)
    assert len(heard) == 1 and [hit.human for hit in hits(harbour.pen)] == [True, True]


def test_later_evidence_corrects_what_was_said(harbour, sent, heard):
    now = timezone.now()
    take([sent.clicked(now)], now)
    later(harbour.pen)
    assert len(heard) == 1
    take([sent.clicked(now + timedelta(seconds=8), number=255)], now + timedelta(seconds=9))
    later(harbour.pen, 20)
    first = hits(harbour.pen)[0]
    assert first.human is False and first.corrected_at and first.told_at
    assert first.reasons[0]["rule"] == "decoy-near" and len(heard) == 1


def test_what_an_address_does_on_other_mails_corrects_what_it_did_on_this(harbour, sent, heard):
    now = timezone.now()
    others = [Sent(harbour, now - timedelta(minutes=9)) for _ in range(3)]
    take([sent.clicked(now), *(one.addressed() for one in others)], now)
    later(harbour.pen)
    assert len(heard) == 1
    take(
        [one.clicked(now + timedelta(seconds=2), agent=CHROME) for one in others], now + timedelta(seconds=9)
    )
    later(harbour.pen, 20)
    rows = hits(harbour.pen)
    assert all("other-mails" in {one["rule"] for one in row.reasons} for row in rows)


def test_a_person_after_a_scanner_is_told_from_it(harbour, sent, heard):
    now = timezone.now()
    scan = now - timedelta(minutes=9, seconds=50)
    take(
        [sent.clicked(scan, number=n, address="3.4.5.6", agent=CHROME, hints={}) for n in (0, 1, 2, 255)],
        scan,
    )
    take([sent.clicked(now, agent=FIREFOX)], now)
    later(harbour.pen)
    assert [hit.human for hit in hits(harbour.pen)] == [False] * 4 + [True]
    assert "checked-before" in {one["rule"] for one in heard[0].reasons}


def test_a_click_on_a_mail_that_is_not_known_yet_is_made_known_with_it(harbour, heard):
    now = timezone.now()
    mail = Sent(harbour, now - timedelta(minutes=10))
    take([mail.clicked(now)], now)
    later(harbour.pen)
    assert not heard
    take([mail.addressed()], now)
    later(harbour.pen)
    with pen_scope(harbour.pen):
        assert [one.mail.addressees.get().address for one in heard] == ["jane@example.com"]


def test_readers_of_one_link_made_by_hand_do_not_speak_against_one_another(harbour, heard):
    with pen_scope(harbour.pen):
        Link.objects.create(code="0a" * 12, target="https://harbourdental.example/prices")
    token, now = b"\x02abcd" + bytes.fromhex("0a" * 12) + b"t" * 10, timezone.now()
    take(
        [
            clicked(harbour.pen.outside_id, token, now + timedelta(seconds=n), address=f"81.2.69.{n}")
            for n in range(8)
        ],
        now,
    )
    later(harbour.pen, 12)
    assert len(heard) == 8


def test_a_fault_of_a_listener_takes_nothing_apart(harbour, sent):
    def fail(**_):
        raise RuntimeError("the alert could not be written")

    take([sent.clicked(timezone.now())], timezone.now())
    judged.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            later(harbour.pen)
    finally:
        judged.disconnect(fail)
    (hit,) = hits(harbour.pen)
    assert hit.told_at is None and hit.due_at is not None  # it is said when it can be written down
    later(harbour.pen)
    assert hits(harbour.pen)[0].told_at


def test_each_pen_is_judged_by_itself(harbour, sent, other, heard):
    now = timezone.now()
    foreign = clicked(other.outside_id, sent.token(255), now)
    take([sent.clicked(now), foreign], now)
    assert hits(harbour.pen)[0].human


def test_a_piece_of_work_costs_few_queries(harbour, heard, django_assert_max_num_queries):
    now = timezone.now()
    mails = [Sent(harbour, now - timedelta(minutes=10)) for _ in range(150)]
    take([one.addressed() for one in mails], now)
    take([one.clicked(now, address=f"81.2.{n}.1") for n, one in enumerate(mails)], now)
    with django_assert_max_num_queries(40):  # those who are told of it ask as well
        assert later(harbour.pen) == 150
    assert len(heard) == 150
