"""Votes where moments, privacy and odd links meet: what is refused, what is taken back, and what is told."""

from __future__ import annotations

import uuid
from datetime import timedelta

import msgspec
import pytest
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.forgetting import forget
from stationer.portal.statistics.models import Hit, Keeping, LostClicks, Mail, Masking
from stationer.portal.statistics.privacy import masking
from stationer.portal.statistics.privacy.erasing import erase, keep_out
from stationer.portal.statistics.taking import take
from stationer.portal.surveys import counting, forgetting
from stationer.portal.surveys.models import Question
from stationer.portal.surveys.signals import voted
from tests.portal.asked import Asked, ask, settle, votes
from tests.portal.told import ms

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(harbour):
    """Harbour Dental asks for stars."""
    ask(harbour)
    Outgoing.objects.all().delete()
    return harbour


@pytest.fixture
def heard():
    """Votes that were made known: their value and comment."""
    found = []

    def listen(sender, votes, **_):
        found.extend((row.value, row.comment) for row in votes)

    voted.connect(listen)
    yield found
    voted.disconnect(listen)


def test_a_click_on_an_answer_of_another_scale_is_no_vote(asking, client, heard):
    mail = Asked(asking)
    mail.press(4)
    with pen_scope(asking.pen):
        Question.objects.update(scale="nps")
    settle(asking)
    assert client.post(mail.page(4), {"value": "4", "comment": ""}).status_code == 404
    assert votes(asking) == [] and heard == []


# ── who does not want to be followed ──


def report_without_bcc(mail):
    """First it is told that somebody else may have it, then that nobody has."""
    addressed = mail.addressed()
    copies = tuple(msgspec.structs.replace(copy, rest=True) for copy in addressed.copies)
    take([msgspec.structs.replace(addressed, copies=copies)], timezone.now())
    yield
    take([msgspec.structs.replace(mail.reported(), rest=False)], timezone.now())
    yield


def test_a_vote_of_who_objected_goes_once_their_mail_is_known_to_be_theirs_alone(asking, client):
    with pen_scope(asking.pen):
        keep_out("jane@example.com")
    mail = Asked(asking, known=False)
    told = report_without_bcc(mail)
    next(told)
    mail.press(2)
    settle(asking)
    client.post(mail.page(2), {"value": "2", "comment": "Secret"})
    assert votes(asking) == [2]
    next(told)
    with pen_scope(asking.pen):
        assert Mail.objects.get().quiet
    assert votes(asking) == []


def test_a_mail_whose_masked_readers_all_object_is_quiet(asking):
    Asked(asking, ("jane@example.com", "bob@example.com"), ago=timedelta(days=40))
    with pen_scope(asking.pen):
        Masking.objects.create(days=30, stays="hash")
        masking.mask(asking.pen, timezone.now())
        keep_out("jane@example.com")
        assert not Mail.objects.get().quiet
        keep_out("bob@example.com")
        assert Mail.objects.get().quiet


def test_a_vote_of_before_an_objection_stays_whatever_is_judged_again(asking, heard):
    mail = Asked(asking)
    mail.press(4)
    settle(asking)
    with pen_scope(asking.pen):
        keep_out("jane@example.com")
        Hit.objects.update(due_at=timezone.now())
    settle(asking, 300)
    assert votes(asking) == [4] and heard == [(4, "")]


def test_what_had_not_settled_when_a_company_stopped_following_is_no_vote(asking, heard):
    mail, late = Asked(asking), Asked(asking, ("bob@example.com",), known=False)
    mail.press(4)
    late.press(3)
    asking.pen.tracking = "off"
    asking.pen.save()
    settle(asking)
    assert votes(asking) == [] and heard == []


def test_what_waited_for_its_mail_when_a_company_stopped_following_is_not_told(asking, heard, client):
    mail = Asked(asking, known=False)
    client.post(mail.page(4), {"value": "4", "comment": ""})
    mail.tell()
    asking.pen.tracking = "off"
    asking.pen.save()
    counting.turn()
    assert votes(asking) == [] and heard == []


# ── moments ──


def test_a_newer_click_that_another_worker_settles_meanwhile_counts(asking, monkeypatch):
    mail = Asked(asking)
    mail.press(2)
    settle(asking, 30)
    mail.press(5, 40, address="81.2.69.142")
    with pen_scope(asking.pen):
        old, new = Hit.objects.order_by("at")
        keys = {(old.pick, old.copy, old.content)}
        read, done = counting._last_clicks, []

        def slow(wanted):
            found = read(wanted)
            if not done:
                done.append(1)
                Hit.objects.filter(pk=new.pk).update(human=True, settled_at=timezone.now())
                counting.count(keys)
            return found

        monkeypatch.setattr(counting, "_last_clicks", slow)
        counting.count(keys)
    assert votes(asking) == [5]


def test_what_the_page_says_last_counts_though_the_edges_clock_is_ahead(asking, client):
    mail = Asked(asking, ago=timedelta(seconds=5))
    mail.press(1, 90)
    settle(asking, 200)
    client.post(mail.page(1), {"value": "5", "comment": ""})
    assert votes(asking) == [5]


def test_the_same_answer_sent_again_is_told_once(asking, client, heard):
    page = Asked(asking).page(2)
    for comment in ("", "Long wait", "Long wait", ""):
        client.post(page, {"value": "2", "comment": comment})
    assert heard == [(2, ""), (2, "Long wait")]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("très\u00a0bien\u00a0!", "très bien !"),
        ("a\tb", "a b"),
        ("良い\u3000店", "良い 店"),
        ("\u0646\u200c\u0647", "\u0646\u200c\u0647"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("a\u202e\x07b", "ab"),
    ],
)
def test_a_comment_keeps_its_blanks_and_joiners(written, kept):
    assert counting.clean(written) == kept


# ── what is over ──


def test_a_company_that_has_ended_collects_nothing_and_one_that_is_suspended_does(asking, client):
    mail = Asked(asking)
    asking.pen.standing = "suspended"
    asking.pen.save()
    client.post(mail.page(4), {"value": "4", "comment": ""})
    assert votes(asking) == [4]
    asking.pen.standing = "ended"
    asking.pen.save()
    assert "not collected" in client.get(mail.page(4)).content.decode()
    assert "not collected" in client.post(mail.page(4), {"value": "2", "comment": ""}).content.decode()
    assert votes(asking) == [4]


def test_who_answers_again_after_single_mails_are_gone_makes_no_second_vote(asking, client):
    mail = Asked(asking, ago=timedelta(days=40), known=False)
    mail.pick = uuid.UUID(int=ms(mail.at) << 80 | mail.pick.int & (1 << 80) - 1)
    mail.tell()
    client.post(mail.page(4), {"value": "4", "comment": ""})
    with pen_scope(asking.pen):
        Keeping.objects.create(raw_days=30, figure_months=12)
        forgetting.forget(asking.pen, timezone.now())
    assert "not collected" in client.post(mail.page(5), {"value": "5", "comment": ""}).content.decode()
    assert votes(asking) == [4]


def test_without_a_database_what_is_sent_is_not_said_to_be_kept(asking, client, monkeypatch):
    def gone(*_):
        raise OperationalError("gone")

    monkeypatch.setattr("stationer.portal.surveys.answering.read", gone)
    answer = client.post(Asked(asking).page(4), {"value": "1", "comment": "Lost"})
    said = answer.content.decode()
    assert answer.status_code == 503 and "Nothing was kept" in said and "noted" not in said


def test_a_question_that_still_stands_in_mails_is_known_however_old(asking):
    later = timezone.now() + timedelta(days=5_000)
    with pen_scope(asking.pen):
        forgetting.forget(asking.pen, later)
        assert Question.objects.count() == 1
        Question.objects.update(of=uuid.uuid4())
        forgetting.forget(asking.pen, later)
        assert not Question.objects.exists()


def test_lost_clicks_are_known_as_long_as_the_figures_that_lack_them(asking):
    now = timezone.now()
    with pen_scope(asking.pen):
        Keeping.objects.create(raw_days=30, figure_months=12)
        LostClicks.objects.create(at=now - timedelta(days=90), clicks=3)
        LostClicks.objects.create(at=now - timedelta(days=600), clicks=4)
        forget(asking.pen, now)
        assert [row.clicks for row in LostClicks.objects.all()] == [3]


def test_to_erase_asks_no_more_for_many_mails_than_for_few(asking):
    def asked(many):
        for _ in range(many):
            Asked(asking)
        with pen_scope(asking.pen), CaptureQueriesContext(connection) as queries:
            erase("jane@example.com")
        return sum("surveys_vote" in one["sql"] for one in queries)

    few = asked(1)
    assert asked(12) <= few


def test_every_line_of_a_comment_is_set_in(asking):
    visit = {"answer": "2 of 5 stars", "comment": "Dear all\n-- \nBoss", "what": "", "of": "", "who": {}}
    text = render_to_string("alerts/alert.txt", {"visits": [visit], "pen": asking.pen})
    assert "  Dear all\n  -- \n  Boss" in text
