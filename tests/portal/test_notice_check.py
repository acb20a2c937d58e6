"""The page on which anybody checks a notification: what it says, and what nobody learns from it."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from stationer import notice
from stationer.portal.notices import views
from stationer.portal.notices.pens import notice_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault.announcing import notification
from stationer.portal.vault.ending import end
from tests.portal.lettered import letter

pytestmark = pytest.mark.django_db
MAIL = b"From: Alice <alice@acme.example>\r\nTo: carol@example.org\r\nSubject: Secret plans\r\n\r\nHello\r\n"


@pytest.fixture
def made(acme, settings):
    """A notification of ACME's, as it left."""
    settings.PUBLIC_URL = "https://mail.acme.example"
    settings.ALLOWED_HOSTS = ["testserver", "mail.acme.example"]
    with pen_scope(acme):
        answer = notice.compose(MAIL, notice_pen(acme), "m7gq4", 1_795_343_400_000)
    assert isinstance(answer, notice.Notification)
    return answer.mail.decode()


def ask(text, **headers):
    answer = Client().post("/check/", {"mail": text}, headers=headers)
    words = re.sub(r"<textarea.*?</textarea>", "", answer.content.decode(), flags=re.DOTALL)
    return answer, re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", words)))


@pytest.mark.parametrize("change", [str, lambda mail: mail.replace("\r\n", "\n"), lambda mail: "\n\n" + mail])
def test_a_notification_is_told_with_who_to_whom_when_and_where(made, change):
    answer, said = ask(change("Received: from a by b\r\n" + made))
    assert answer.status_code == 200 and "This notification is from ACME." in said
    assert "alice@acme.example" in said and "carol@example.org" in said and "22 Nov" in said
    assert "https://mail.acme.example/m/m7gq4" in said and "The links: all lead to us." in said
    assert "Secret plans" not in said and 'href="https://mail' not in answer.content.decode()


def test_a_header_alone_is_enough_and_says_what_was_not_looked_at(made):
    _, said = ask(made.partition("\r\n\r\n")[0])
    assert (
        "This notification is from ACME." in said
        and "The links: not looked at, for you pasted the header alone" in said
    )
    assert "The words: as we" not in said and "what was sent is not kept any more" in said


@pytest.fixture
def kept(acme, settings):
    """A letter of ACME's that is kept, and its notification."""
    settings.PUBLIC_URL = "https://mail.acme.example"
    settings.ALLOWED_HOSTS = ["testserver", "mail.acme.example"]
    row = letter(acme)
    with pen_scope(acme):
        return row, notification(row).decode()


SAME = ["subject: as", "beside the addresses: as", "answers go: as", "date: as", "words: as"]


@pytest.mark.parametrize(
    "change",
    [
        str,
        lambda mail: mail.replace("\r\n", "\n"),
        lambda mail: mail.replace("Subject: Your plan", "Subject: =?utf-8?q?Your?= =?utf-8?q?_plan?="),
        lambda mail: mail.replace("Alice Penrose <", '"Alice Penrose"\r\n <'),
        lambda mail: "Received: from a by b\r\nX-Spam: no\r\n" + mail,
    ],
)
def test_what_stands_as_it_was_sent_is_said_line_by_line(kept, change):
    _, said = ask(change(kept[1]))
    assert "This notification is from ACME. It stands as it was sent." in said
    assert all(f"{one} we sent" in said for one in SAME) and "not as we sent" not in said


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda mail: mail.replace("Subject: Your plan", "Subject: Your invoice"), "subject"),
        (lambda mail: mail.replace("Subject:", "Subject: Pay now\r\nSubject:"), "subject"),
        (lambda mail: mail.replace("Alice Penrose <", "Your Bank <"), "beside the addresses"),
        (lambda mail: mail.replace("To: ", "Sender: eve@evil.example\r\nTo: "), "beside the addresses"),
        (lambda mail: mail.replace("To: ", "Reply-To: eve@evil.example\r\nTo: "), "answers go"),
        (lambda mail: mail.replace("22 Nov 2026", "23 Nov 2026"), "date"),
        (lambda mail: mail.replace("Alice Penrose has", "Send us your password. Alice has"), "words"),
        (lambda mail: re.sub(r"(?s)<h1.*?</h1>", "", mail), "words"),
    ],
)
def test_what_is_not_as_it_was_sent_is_warned_of_and_is_no_plain_green(kept, change, what):
    changed = change(kept[1])
    assert changed != kept[1]
    answer, said = ask(changed)
    assert "ACME has sent a notification to these people, but this is not how it left" in said
    assert "This notification is from ACME" not in said and "note is-good" not in answer.content.decode()
    assert f"{what}: not as we sent" in said and said.count("not as we sent") == 1
    assert "Your plan" not in said  # never what was sent instead


def test_the_header_alone_is_compared_as_far_as_it_goes(kept):
    _, said = ask(kept[1].partition("\r\n\r\n")[0])
    assert "This notification is from ACME. See below what was checked" in said
    assert "subject: as we sent" in said and "The words: not looked at" in said


def test_a_proven_mail_leads_to_its_letter_at_this_host_and_at_no_other(kept):
    row, mail = kept
    here = Client().post("/check/", {"mail": mail}, headers={"host": "mail.acme.example"})
    assert f'href="/m/{row.locator}"' in here.content.decode()
    assert f'href="/m/{row.locator}"' not in ask(mail)[0].content.decode()


def test_of_a_letter_that_has_ended_nothing_is_compared_and_that_is_said(acme, kept):
    row, mail = kept
    with pen_scope(acme):
        end(row, "author")
    _, said = ask(mail.replace("Your plan", "Your invoice"))
    assert "what was sent is not kept any more" in said and "as we sent" not in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda mail: "", "Nothing was pasted"),
        (lambda mail: " \r\n ", "Nothing was pasted"),
        (lambda mail: "Dear all", "The line that every notification has"),
        (lambda mail: MAIL.decode(), "The line that every notification has"),
        (lambda mail: mail.replace("s=", "s=!"), "is torn"),
        (lambda mail: mail.replace("v=1", "v=2"), "newer program"),
        (lambda mail: re.sub(r"pen=pen_\w+", "pen=pen_" + "a" * 26, mail), "No company here"),
        (lambda mail: re.sub(r"pen=pen_\w+", "pen=x", mail), "No company here"),
        (lambda mail: mail.replace("carol@", "mallory@"), "not what we sent"),
        (lambda mail: mail.replace("https://mail.acme", "https://evil.acme"), "also leads somewhere else"),
    ],
)
def test_a_refusal_says_why_in_plain_words(made, change, words):
    answer, said = ask(change(made))
    assert answer.status_code == 200 and words in said and "is from ACME" not in said


def test_what_was_sent_for_a_guest_says_who_wrote_and_that_the_company_sent_it(acme, made):
    guest = MAIL.replace(b"Alice <alice@acme.example>", b"Carol <carol@example.org>")
    with pen_scope(acme):
        sent = notice.compose(guest, notice_pen(acme), "m7gq4", 1, via=notice.Via("notify@acme.example"))
    assert isinstance(sent, notice.Notification)
    mail = sent.mail.decode()
    _, said = ask(mail)
    assert "This notification is from ACME." in said and "Written bycarol@example.org" in said
    assert "Sent for them byACME, from notify@acme.example" in said
    assert "not what we sent" in ask(mail.replace("a=carol@", "a=alice@"))[1]
    assert "not what we sent" in ask(mail.replace("<notify@", "<eve@"))[1]
    assert "Sent for them by" not in ask(made)[1]


def test_another_companys_key_proves_nothing_here(made, other):
    with pen_scope(other):
        notice_pen(other)
    _, said = ask(re.sub(r"pen=pen_\w+", f"pen={other.outside_id}", made))
    assert "not what we sent" in said and "Other" not in said


def test_it_says_the_same_in_german(made):
    _, said = ask(made, accept_language="de")
    assert "Diese Benachrichtigung ist von ACME." in said
    assert "Nicht bewiesen" in ask("x: y", accept_language="de")[1]


def test_what_is_too_long_or_too_often_is_refused_in_words(made, monkeypatch):
    _, said = ask(made + "x" * 600_000)
    assert "longer than any notification" in said and "is from ACME" not in said
    monkeypatch.setattr(views, "MOST", 0)
    monkeypatch.setattr(views, "WITHIN_S", 10**9)
    answer, said = ask(made)
    assert answer.status_code == 429 and "very often" in said and "is from ACME" not in said
    assert "m7gq4" in answer.content.decode()  # what was pasted is still there


def test_markup_that_was_pasted_stays_text(made):
    answer, _ = ask("</textarea><script>alert(1)</script>")
    assert "<script>alert(1)" not in answer.content.decode()


def test_looking_at_the_page_needs_nobody_and_is_kept_by_nobody():
    answer = Client().get("/check/")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
