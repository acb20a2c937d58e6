"""Alerts: who is told of what, how soon, once, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.alerts import hearing, mailing, sending, wanting
from stationer.portal.alerts.models import AlertPreference, AlertRule, AlertTerms, Due, DueHit
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Hit
from tests.portal.clicked import a_hit, a_link, a_mail, tell

pytestmark = pytest.mark.django_db

BOB = "bob@harbourdental.example"


@pytest.fixture
def rule(harbour):
    """The rule that every PEN begins with."""
    with pen_scope(harbour.pen):
        return AlertRule.objects.get()


def dues(company, **what):
    with pen_scope(company.pen):
        return list(Due.objects.filter(**what).order_by("number", "to"))


def change(company, row, **values):
    with pen_scope(company.pen):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def wish(company, address=BOB, **values):
    with pen_scope(company.pen):
        return AlertPreference.objects.create(address=address, **values)


def make_due(company):
    """As if the time had come."""
    with pen_scope(company.pen):
        Due.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(seconds=1))


def run():
    """All that is due, told."""
    while sending.turn():
        pass


def mails():
    """Those that alerts are; the company has others waiting."""
    rows = Outgoing.objects.exclude(pen=None).order_by("pk")
    found = [message_from_bytes(bytes(row.mail), policy=policy.default) for row in rows]
    return [mail for mail in found if str(mail["Message-ID"]).startswith("<alert.")]


def body(mail, kind="plain"):
    return mail.get_body((kind,)).get_content()


# ── raising ──


def test_a_company_begins_with_a_rule_that_tells_the_sender_at_once(harbour, rule):
    assert (rule.about, rule.whom, rule.pace, rule.least) == ("any", "sender", "at-once", 65)
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    (due,) = dues(harbour)
    assert due.to == BOB and due.state == "waiting" and due.due_at - timezone.now() < timedelta(seconds=4)


def test_ten_clicks_of_one_reader_are_one_alert(harbour):
    mail = a_mail(harbour, "jane@example.com")
    for number in range(10):
        tell(harbour, a_hit(harbour, mail, number=number % 3))
    (due,) = dues(harbour)
    with pen_scope(harbour.pen):
        assert DueHit.objects.filter(due=due).count() == 10
    make_due(harbour)
    run()
    (told,) = mails()
    last = timezone.localtime(due.last_at, ZoneInfo("Europe/London")).strftime("%H:%M")
    assert f"3 links, last at {last}" in body(told)


def test_clicks_after_it_was_told_raise_no_second_mail_within_the_hour_and_one_after_it(harbour):
    mail = a_mail(harbour, "jane@example.com")
    tell(harbour, a_hit(harbour, mail))
    make_due(harbour)
    run()
    tell(harbour, a_hit(harbour, mail, number=1))
    assert len(dues(harbour)) == 1
    tell(harbour, a_hit(harbour, mail, at=timezone.now() + timedelta(minutes=61)))
    assert [due.number for due in dues(harbour)] == [1, 2]
    make_due(harbour)
    run()
    assert len(mails()) == 2


def test_the_same_hit_told_twice_is_one_alert_of_one_hit(harbour):
    hit = a_hit(harbour, a_mail(harbour, "jane@example.com"))
    tell(harbour, hit)
    tell(harbour, hit)
    with pen_scope(harbour.pen):
        assert DueHit.objects.count() == 1 and Due.objects.count() == 1


def test_what_is_rolled_back_raises_nothing(harbour):
    hit = a_hit(harbour, a_mail(harbour, "jane@example.com"))
    with pytest.raises(ZeroDivisionError), transaction.atomic(), pen_scope(harbour.pen):
        hearing.hear(sender=Hit, hits=[hit])
        raise ZeroDivisionError
    assert not dues(harbour)


def test_a_hit_that_is_not_sure_enough_raises_nothing(harbour, rule):
    mail = a_mail(harbour, "jane@example.com")
    tell(harbour, a_hit(harbour, mail, score=64))
    assert not dues(harbour)
    change(harbour, rule, least=50)
    tell(harbour, a_hit(harbour, mail, score=64))
    assert len(dues(harbour)) == 1


@pytest.mark.parametrize(
    ("values", "to"),
    [
        ({"whom": "owner"}, ["alice@harbourdental.example"]),
        ({"whom": "address", "address": "office@example.org"}, ["office@example.org"]),
        ({"pace": "never"}, []),
        ({"about": "links"}, []),
        ({"about": "campaigns", "campaigns": []}, []),
    ],
    ids=lambda one: str(one)[:40],
)
def test_the_rule_says_who_is_told_of_what(harbour, rule, values, to):
    change(harbour, rule, **values)
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    assert [due.to for due in dues(harbour)] == to


def test_a_rule_of_certain_campaigns_speaks_of_those_alone(harbour, rule):
    change(harbour, rule, about="campaigns", campaigns=[harbour.campaign.outside_id])
    mail = a_mail(harbour, "jane@example.com")
    tell(harbour, a_hit(harbour, mail, campaign=False))
    assert not dues(harbour)
    tell(harbour, a_hit(harbour, mail))
    assert len(dues(harbour)) == 1


def test_two_rules_for_one_person_are_one_alert_and_at_once_wins(harbour, rule):
    change(harbour, rule, pace="digest")
    with pen_scope(harbour.pen):
        AlertRule.objects.create(whom="address", address=BOB)
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    (due,) = dues(harbour)
    assert due.pace == "at-once"


def test_nobody_is_told_of_their_own_clicks(harbour):
    tell(harbour, a_hit(harbour, a_mail(harbour, BOB)))
    assert not dues(harbour)


def test_readers_of_one_link_are_told_apart_by_where_they_came_from(harbour):
    link = a_link(harbour)
    first, second = a_hit(harbour, link=link), a_hit(harbour, link=link)
    second.address = "198.51.100.7"
    tell(harbour, first, second)
    assert len(dues(harbour)) == 2
    assert not any("198" in due.key or "81.2" in due.key for due in dues(harbour))


def test_another_company_hears_nothing(harbour, other):
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    with pen_scope(other):
        assert not Due.objects.exists()


# ── what people want ──


@pytest.mark.parametrize(
    ("values", "paces"),
    [
        ({"how": "none"}, []),
        ({"how": "digest"}, ["digest"]),
        ({"how": "chosen"}, []),
        ({"how": "digest", "muted": ["digest"]}, []),
    ],
    ids=str,
)
def test_everybody_says_how_they_are_told(harbour, values, paces):
    wish(harbour, **values)
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    assert [due.pace for due in dues(harbour)] == paces


def test_chosen_campaigns_and_own_links(harbour):
    wish(harbour, how="chosen", campaigns=[harbour.campaign.outside_id], links=False)
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")), a_hit(harbour, link=a_link(harbour)))
    assert [due.key.partition(":")[0] for due in dues(harbour)] == ["mail"]


def test_a_rule_that_was_switched_off_is_silent_for_that_address(harbour, rule):
    wish(harbour, muted=[rule.outside_id])
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    assert not dues(harbour)


def test_switched_off_meanwhile_it_is_not_told(harbour):
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    wish(harbour, how="none")
    make_due(harbour)
    run()
    assert not mails() and dues(harbour)[0].state == "dropped"


LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "hour", "then"),
    [
        (datetime(2026, 11, 22, 7, 59, tzinfo=UTC), 8, datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), 8, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 22, 6, 0, tzinfo=UTC), 8, datetime(2026, 7, 22, 7, 0, tzinfo=UTC)),
        # the clocks go forward at 1:00: that hour is not there, and it is told when it would have been
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 1, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # they go back: the day has 25 hours
        (datetime(2026, 10, 24, 8, 0, tzinfo=UTC), 8, datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_digest_comes_by_the_readers_clock(now, hour, then):
    assert wanting.next_hour(hour, LONDON, now) == then


@pytest.mark.parametrize(("at", "hour"), [(22, 7), (3, 7), (7, None), (12, None)])
def test_in_quiet_hours_an_alert_waits_for_their_end(harbour, at, hour):
    mine = AlertPreference(address=BOB, quiet_from=20, quiet_until=7, zone="UTC")
    now = datetime(2026, 11, 22, at, 0, tzinfo=UTC)
    due = wanting.due_at("at-once", mine, harbour.pen, AlertTerms(), now)
    assert due == now + wanting.SETTLE if hour is None else (due.hour == hour and due > now)


# ── telling ──


def test_the_mail_says_who_what_when_and_how_sure(harbour):
    reasons = [
        {"rule": "language", "saw": {"said": "en-GB"}},
        {"rule": "time-to-read", "saw": {"after_s": 600}},
        {"rule": "network-unknown", "saw": {"address": "81.2.69.142"}},
    ]
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com"), reasons=reasons))
    make_due(harbour)
    run()
    (mail,) = mails()
    assert mail["Subject"] == "jane@example.com clicked “Straighter teeth”"
    for text in (body(mail), body(mail, "html")):
        assert "Open evening, 3 December" in text and "harbourdental.example" in text
        assert (
            "almost certainly a person" in text
            and "93 of 100" in text
            and "10 minutes after the mail was made" in text
        )
        assert "data centre" not in text  # what is not known speaks for nobody
        assert "forwarded" in text and "/alerts/by-link/" in text
    assert "<img" not in body(mail, "html") and "/c/" not in body(mail, "html")
    assert harbour.pen.name in body(mail, "html")


def test_its_headers_say_that_it_is_automatic_and_how_to_stop_it(harbour):
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    make_due(harbour)
    run()
    (mail,) = mails()
    due = dues(harbour)[0]
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Precedence"] is None
    assert mail["Message-ID"].startswith(f"<alert.{due.pk.hex}@")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http") and mail["Feedback-ID"].count(":") == 3
    assert mail["To"] == BOB and "Harbour Dental" in mail["From"]
    raw = bytes(Outgoing.objects.exclude(pen=None).order_by("pk").last().mail)
    for field in (
        "List-Unsubscribe",
        "Feedback-ID",
    ):  # programs decode no encoded words there, and unfold little
        assert f"{field}: {mail[field]}\r\n".encode() in raw


def test_of_several_recipients_no_more_is_said_than_is_known(harbour):
    tell(harbour, a_hit(harbour, a_mail(harbour, "a@example.com", "b@example.com", "c@example.com")))
    make_due(harbour)
    run()
    (mail,) = mails()
    assert mail["Subject"].startswith("one of 3 at example.com clicked")
    assert "a@example.com" not in body(mail) and "cannot be told" in body(mail)


def test_it_is_told_in_the_language_and_by_the_clock_of_its_reader(harbour):
    wish(harbour, language="de", zone="Asia/Tokyo")
    at = timezone.now()
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com"), at=at))
    make_due(harbour)
    run()
    (mail,) = mails()
    assert at.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M") in body(mail)
    assert 'lang="de"' in body(mail, "html")


def test_what_was_forgotten_is_not_told(harbour):
    hit = a_hit(harbour, a_mail(harbour, "jane@example.com"))
    tell(harbour, hit)
    with pen_scope(harbour.pen):
        Hit.objects.filter(pk=hit.pk).delete()
    make_due(harbour)
    run()
    assert not mails() and dues(harbour)[0].state == "dropped"


def test_what_turned_out_to_be_a_program_meanwhile_is_not_told(harbour):
    hit = a_hit(harbour, a_mail(harbour, "jane@example.com"))
    tell(harbour, hit)
    with pen_scope(harbour.pen):
        Hit.objects.filter(pk=hit.pk).update(human=False)
    make_due(harbour)
    run()
    assert not mails() and dues(harbour)[0].state == "dropped"


def test_a_click_after_an_alert_that_was_dropped_as_a_programs_is_told(harbour):
    mail = a_mail(harbour, "jane@example.com")
    scan = a_hit(harbour, mail)
    tell(harbour, scan)
    with pen_scope(harbour.pen):
        Hit.objects.filter(pk=scan.pk).update(score=10, human=False, reasons=[{"rule": "sweep", "saw": {}}])
    make_due(harbour)
    run()
    assert [due.state for due in dues(harbour)] == ["dropped"]
    tell(harbour, a_hit(harbour, mail, number=1))
    make_due(harbour)
    run()
    assert [due.state for due in dues(harbour)] == ["dropped", "done"] and len(mails()) == 1


def test_the_digest_is_one_mail_of_all_that_happened(harbour):
    wish(harbour, how="digest")
    for name in ("jane", "john", "joan"):
        tell(harbour, a_hit(harbour, a_mail(harbour, f"{name}@example.com")))
    run()
    assert not mails()  # not before its hour
    make_due(harbour)  # the worker was off at eight
    run()
    (mail,) = mails()
    assert "3 visitors" in mail["Subject"]
    assert all(f"{name}@example.com" in body(mail) for name in ("jane", "john", "joan"))
    run()
    assert len(mails()) == 1


def test_no_news_is_no_mail(harbour):
    wish(harbour, how="digest")
    run()
    assert not mails()


def test_a_fault_loses_nothing_and_tells_nothing_twice(harbour, monkeypatch):
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    make_due(harbour)

    def broken(*_):
        raise OSError("the template is gone")

    monkeypatch.setattr(mailing, "mail_of", broken)
    run()
    assert not mails()
    (due,) = dues(harbour)
    assert due.state == "waiting" and due.attempts == 1 and "template is gone" in due.reason
    monkeypatch.undo()
    make_due(harbour)
    run()
    assert len(mails()) == 1 and dues(harbour)[0].state == "done"
    assert Recipient.objects.latest("pk").address == BOB


def test_it_is_given_up_at_last(harbour, monkeypatch):
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    monkeypatch.setattr(mailing, "mail_of", lambda *_: 1 / 0)
    for _ in range(sending.MOST_ATTEMPTS):
        make_due(harbour)
        run()
    assert dues(harbour)[0].state == "failed"


def test_old_alerts_are_forgotten(harbour):
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    make_due(harbour)
    run()
    with pen_scope(harbour.pen):
        Due.objects.update(last_at=timezone.now() - sending.KEEP - timedelta(days=1))
    assert sending.forget_old() and not dues(harbour)


def test_an_owner_who_joins_later_is_told_too(harbour, rule):
    change(harbour, rule, whom="owner")
    with pen_scope(harbour.pen):
        give_access(BOB, role="owner")
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com"), score=99))
    assert len(dues(harbour)) == 2
