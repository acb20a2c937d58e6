"""Votes: a person's press counts, a program's does not, the last one holds; the page; figures; what is forgotten."""

from __future__ import annotations

import csv
from datetime import timedelta
from email import message_from_bytes, policy

import msgspec
import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from stationer.portal.access.devices import make_api_key
from stationer.portal.alerts import answers, sending
from stationer.portal.alerts.models import AlertRule, Due
from stationer.portal.delivery.models import Outgoing
from stationer.portal.hooks.events import EVENTS
from stationer.portal.hooks.models import Delivery, Hook
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Addressee, Hit, Keeping, Mail, Masking
from stationer.portal.statistics.privacy.erasing import erase, keep_out
from stationer.portal.statistics.rolling import turning
from stationer.portal.surveys import counting, forgetting
from stationer.portal.surveys.models import Question, Vote
from stationer.portal.surveys.signals import voted
from stationer.portal.surveys.tallying import Span, Tally
from stationer.wire.hooks import Answered
from stationer.wire.words import SCALES
from tests.portal.asked import QUESTION, Asked, ask, settle, votes

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(harbour):
    """Harbour Dental asks for stars."""
    ask(harbour, low="Bad", high="Good")
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


def vote(company):
    with pen_scope(company.pen):
        return Vote.objects.get()


# ── which vote counts ──


def test_a_persons_press_is_a_vote_once_it_has_settled(asking, heard):
    mail = Asked(asking)
    mail.press(4)
    assert votes(asking) == [] and heard == []
    settle(asking)
    row = vote(asking)
    assert (row.value, row.scale, row.of, row.campaign) == (4, "stars", asking.message.pk, asking.campaign.pk)
    assert abs(row.sent_at - mail.at) < timedelta(minutes=11) and row.due_at is None
    settle(asking)
    assert heard == [(4, "")]


def test_a_scanner_makes_no_vote_and_a_person_behind_it_does(asking, heard):
    mail = Asked(asking)
    for n, value in enumerate((1, 2, 3, 4, 5)):
        mail.press(value, n * 0.4)
    settle(asking)
    assert votes(asking) == [] and heard == []
    mail.press(2, 90, address="203.0.113.9")
    settle(asking, 200)
    assert votes(asking) == [2] and heard == [(2, "")]


def test_the_last_answer_of_a_person_counts_by_its_moment(asking, heard):
    mail = Asked(asking)
    mail.press(2, 0)
    settle(asking, 30)
    mail.press(5, 40)
    mail.press(3, 20)  # an edge that tells later of what was earlier
    settle(asking, 120)
    assert votes(asking) == [5] and [value for value, _ in heard] == [2, 5]


def test_what_turns_out_to_be_a_program_takes_its_vote_back(asking):
    mail = Asked(asking, ago=timedelta(seconds=30))
    mail.press(1, 0)
    settle(asking, 6)
    assert votes(asking) == [1]
    with pen_scope(asking.pen):
        (hit,) = Hit.objects.all()
        Hit.objects.update(human=False)
        counting.count({(hit.pick, hit.copy, hit.content)})
    assert votes(asking) == []


def test_a_mail_that_is_told_later_gets_its_vote_then(asking, client, heard):
    mail = Asked(asking, known=False)
    assert client.post(mail.page(4), {"value": "2", "comment": "Late"}).status_code == 303
    assert heard == [] and counting.turn() == 0
    mail.tell()
    assert counting.turn() == 1 and heard == [(2, "Late")]
    row = vote(asking)
    assert (row.of, row.due_at) == (asking.message.pk, None)


# ── the page ──


def test_to_look_votes_for_nothing_and_to_send_does(asking, heard):
    mail, client = Asked(asking), Client(enforce_csrf_checks=True)
    shown = client.get(mail.page(4))
    assert (
        shown.status_code == 200
        and shown["Cache-Control"] == "no-store"
        and "noindex" in shown["X-Robots-Tag"]
    )
    said = shown.content.decode()
    assert QUESTION in said and "4 of 5 stars" in said and "jane" not in said and "Harbour" in said
    assert "5 of 5 stars (Good)" in said and votes(asking) == []
    sent = client.post(mail.page(4), {"value": "1", "comment": " Waited\r\nlong\x07 "})
    assert (sent.status_code, sent["Location"]) == (303, mail.page(4) + "?sent=1")
    assert (vote(asking).value, vote(asking).comment) == (1, "Waited\nlong")
    again = client.get(sent["Location"]).content.decode()
    assert "This is noted" in again and "1 of 5 stars" in again and "Waited" not in again
    client.post(mail.page(4), {"value": "3", "comment": ""})
    assert (vote(asking).value, vote(asking).comment) == (3, "Waited\nlong")
    assert heard == [(1, "Waited\nlong"), (3, "Waited\nlong")]


@pytest.mark.parametrize("sent", [{"value": "6"}, {"value": ""}, {"value": "3", "comment": "x" * 2001}])
def test_a_wrong_form_is_said_and_keeps_nothing(asking, client, sent):
    answer = client.post(Asked(asking).page(4), sent)
    assert answer.status_code == 422 and votes(asking) == []


def test_only_the_token_of_an_answer_opens_the_page(asking, other, client):
    mail = Asked(asking)
    page = mail.page(4)
    wrong = page[:-1] + ("A" if page[-1] != "A" else "B")
    for address in (
        wrong,
        page + "A",
        page.replace(mail.pen, other.outside_id),
        f"/vote/{mail.pen}/x",
        "/vote/x/y",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"value": "1"}).status_code == 404
    assert votes(asking) == []


def test_one_mail_is_not_answered_without_end(asking, client):
    page = Asked(asking).page(4)
    codes = [client.post(page, {"value": str(1 + n % 5)}).status_code for n in range(22)]
    assert codes.count(303) == 20 and codes[-1] == 429


def test_who_is_not_followed_is_not_asked(asking, client):
    mail = Asked(asking)
    with pen_scope(asking.pen):
        keep_out("jane@example.com")
    mail.press(4)
    settle(asking)
    shown = client.post(mail.page(4), {"value": "4", "comment": "Still"})
    assert "not collected" in shown.content.decode() and votes(asking) == []


def test_where_a_company_follows_nobody_its_mail_asks_nothing(asking, client, owner):
    mail = Asked(asking)
    asking.pen.tracking = "off"
    asking.pen.save()
    assert "not collected" in client.get(mail.page(4)).content.decode()
    from stationer.portal.publishing.defining import define

    with pen_scope(asking.pen):
        _, compiled = define(asking.pen)
    assert not any(content.asks for content in compiled.contents.values())
    assert not any("vote" in str(content.html) for content in compiled.contents.values())
    assert "The survey is left out: your company follows no links" in owner.get("/publish/").content.decode()


def test_without_a_database_the_reader_is_thanked_all_the_same(asking, client, monkeypatch):
    def gone(*_):
        raise OperationalError("gone")

    monkeypatch.setattr("stationer.portal.surveys.answering.read", gone)
    answer = client.get(Asked(asking).page(4))
    assert (answer.status_code, answer["Retry-After"]) == (
        503,
        "60",
    ) and "Thank you" in answer.content.decode()


# ── figures ──


@pytest.fixture
def counted(asking, client):
    """Thirty mails of which twenty-one were answered, one with words and one with a formula."""
    for n in range(30):
        mail = Asked(asking, (f"p{n}@example.com",))
        if n < 21:
            client.post(
                mail.page(5), {"value": str(5 - n % 3), "comment": "=1+1" if n == 1 else "So, so" * (n == 2)}
            )
    with pen_scope(asking.pen):
        turning.settle(asking.pen)
    return asking


def test_figures_say_how_answers_spread_and_how_sure_that_is(counted, owner, django_assert_max_num_queries):
    owner.get("/figures/surveys/")
    address = f"/figures/surveys/{counted.message.outside_id}/stars/"
    with django_assert_max_num_queries(20):
        assert address in owner.get("/figures/surveys/").content.decode()
    with django_assert_max_num_queries(20):
        shown = owner.get(address).content.decode()
    for words in (
        "4.00",
        "somewhere between 3.6",
        "70.0",
        "of 30 mails",
        "So, so",
        "p0@example.com",
        "5 of 5 stars",
    ):
        assert words in shown, words
    words = owner.get(address + "?only=comments").content.decode()
    assert "So, so" in words and "p0@example.com" not in words
    assert "Nothing is asked" not in shown and owner.get("/figures/surveys/?q=nowhere").status_code == 200
    for wrong in (f"/figures/surveys/{counted.message.outside_id}/nps/", "/figures/surveys/msg_x/stars/"):
        assert owner.get(wrong).status_code == 404
    table = owner.get("/figures/surveys/table.csv").content.decode("utf-8-sig").splitlines()
    assert next(csv.reader(table[1:]))[3:10] == ["stars", QUESTION, "30", "21", "70.0", "4.0", ""]
    lines = owner.get(address + "answers.csv").content.decode("utf-8-sig")
    assert lines.count("@example.com") == 21 and "'=1+1" in lines


def test_programs_read_the_same_numbers(counted, client):
    with pen_scope(counted.pen):
        _, key = make_api_key("figures")
    bearer = {"authorization": f"Bearer {key}"}
    (one,) = client.get("/api/v1/surveys", headers=bearer).json()["items"]
    assert (one["votes"], one["mails"], one["counts"]["5"], one["mean"]["value"]) == (21, 30, 7, 4.0)
    assert one["nps"] is None and one["mean"]["low"] < 4 < one["mean"]["high"]
    page = client.get(f"/api/v1/votes?of={one['id']}&commented=true", headers=bearer).json()
    assert [vote["comment"] for vote in page["items"]] == ["=1+1", "So, so"]
    vote = client.get(f"/api/v1/votes/{page['items'][0]['id']}", headers=bearer).json()
    assert vote["visitor"]["address"] == "p1@example.com" and (vote["scale"], vote["value"]) == ("stars", 4)


def test_few_answers_say_nothing_of_all_and_a_score_is_what_its_authors_say():
    few = Tally("nps", {9: 2, 10: 1, 6: 1, 8: 1}, 8)
    assert few.score() == Span(40.0) and not few.enough and few.rate() == Span(62.5)
    many = Tally("nps", {9: 20, 10: 10, 6: 10, 8: 10}, 100)
    score = many.score()
    assert score.value == 40 and score.low < 40 < score.high and many.mean() is None
    assert abs((score.high - score.low) / 2 - 1.96 * (0.8 - 0.16) ** 0.5 * 100 / 49**0.5) < 0.01
    assert Tally("stars").mean() is None and Tally("stars").rate() is None
    assert Tally("stars", {5: 30}, 30).mean() == Span(5.0, 5.0, 5.0)


# ── who is told ──


def rule(company, **more):
    with pen_scope(company.pen):
        AlertRule.objects.all().delete()
        return AlertRule.objects.create(about="surveys", whom="owner", **more)


def alerts(company):
    """Subjects and texts of the mails that wait, after a minute and more."""
    with pen_scope(company.pen):
        Due.objects.update(due_at=timezone.now())
    while sending.turn():
        pass
    with pen_scope(company.pen):
        mails = [
            message_from_bytes(bytes(row.mail), policy=policy.default)
            for row in Outgoing.objects.order_by("created_at", "pk")
        ]
    return [(mail["Subject"], mail.get_body(("plain",)).get_content()) for mail in mails]


def test_an_answer_is_told_with_its_comment_once(asking, client):
    rule(asking)
    mail = Asked(asking)
    mail.press(2)
    settle(asking)
    client.post(mail.page(2), {"value": "2", "comment": "Waited long"})
    ((subject, text),) = alerts(asking)
    assert (
        subject == "jane@example.com answered: 2 of 5 stars"
        and "Waited long" in text
        and "of 100" not in text
    )
    client.post(mail.page(2), {"value": "5", "comment": ""})
    assert [one for one, _ in alerts(asking)][1:] == ["jane@example.com answered: 5 of 5 stars"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"answer": "low", "most": 2}, [1, 2]),
        ({"answer": "low", "most": 4}, [1, 2, 4]),
        ({"answer": "comment"}, [4]),
    ],
)
def test_a_rule_tells_of_the_answers_it_speaks_of(asking, client, said, told):
    rule(asking, **said)
    for value in (1, 2, 4, 5):
        page = Asked(asking, (f"{value}@example.com",)).page(3)
        client.post(page, {"value": str(value), "comment": "Well" if value == 4 else ""})
    assert [subject.partition("@")[0] for subject, _ in alerts(asking)] == [str(value) for value in told]


def test_a_rule_of_answers_is_a_sentence_whose_blank_says_which(asking, owner):
    row = rule(asking)
    address = f"/alerts/{row.outside_id}/"
    said = {"about": "surveys", "answer": "low", "most": "1"}
    assert owner.post(f"{address}?edit=about", said).status_code == 302
    shown = owner.get(f"{address}?edit=about").content.decode()
    assert (
        "answers a survey with 1 of 5 stars or less" in shown
        and "a person" not in shown.partition("sentence")[2][:600]
    )
    with pen_scope(asking.pen):
        row.refresh_from_db()
    assert (row.answer, row.most) == ("low", 1)


@pytest.mark.parametrize(("scale", "low"), [("faces", {1}), ("nps", {0, 1, 2}), ("stars", {1, 2})])
def test_low_is_as_low_on_every_scale(scale, low):
    two = AlertRule(about="surveys", answer="low", most=2)
    every = {value for value in SCALES[scale] if answers.is_about(two, Vote(scale=scale, value=value))}
    assert every == low


def test_programs_of_the_company_are_told_of_each_answer(asking, client):
    with pen_scope(asking.pen):
        Delivery.objects.all().delete()
        Hook.objects.update(events=["survey.vote"], on=True)
    mail = Asked(asking, ("jane@example.com", "bob@example.com"))
    client.post(mail.page(4), {"value": "4", "comment": "Good"})
    with pen_scope(asking.pen):
        body = msgspec.json.decode(Delivery.objects.get().body, type=Answered)
    assert (body.data.value, body.data.scale, body.data.question) == (4, "stars", QUESTION)
    assert (body.data.comment, body.data.visitor.address, body.data.visitor.recipients) == ("Good", None, 2)
    assert msgspec.convert({"timestamp": body.timestamp, "data": EVENTS["survey.vote"].example}, Answered)


def test_a_click_of_an_answer_is_a_click_like_any(asking):
    with pen_scope(asking.pen):
        AlertRule.objects.all().delete()
        AlertRule.objects.create(about="any", whom="owner")
    Asked(asking).press(5)
    settle(asking)
    ((subject, text),) = alerts(asking)
    assert (
        "clicked" in subject
        and "5 of 5 stars" not in subject
        and (("5" in text and "★" in text) or "5 of 5" in text)
    )


# ── what is forgotten ──


def answered(company, to, comment, client, **more):
    mail = Asked(company, to, **more)
    client.post(mail.page(4), {"value": "4", "comment": comment})
    return mail


def test_who_is_erased_leaves_a_number_and_no_words(asking, client):
    alone = answered(asking, ("jane@example.com",), "I am Jane", client)
    both = answered(asking, ("jane@example.com", "bob@example.com"), "One of us", client)
    other = answered(asking, ("bob@example.com",), "Ask Jane@Example.com, not jane@example.community", client)
    with pen_scope(asking.pen):
        erase("jane@example.com")
        rows = {row.pick: row for row in Vote.objects.all()}
    assert alone.pick not in rows and rows[None].comment == "" and rows[None].value == 4
    assert rows[both.pick].comment == "" and rows[both.pick].value == 4
    assert rows[other.pick].comment == "Ask …, not jane@example.community"


def test_comments_go_with_masking_and_mails_with_their_time(asking, client):
    answered(asking, ("jane@example.com",), "Old", client, ago=timedelta(days=40))
    answered(asking, ("bob@example.com",), "Young", client)
    now = timezone.now()
    with pen_scope(asking.pen):
        Masking.objects.create(days=30)
        forgetting.forget(asking.pen, now)
        assert [row.comment for row in Vote.objects.order_by("sent_at")] == ["", "Young"]
        assert all(row.pick for row in Vote.objects.all())
        Keeping.objects.create(raw_days=30, figure_months=2)
        forgetting.forget_old()
        assert [row.pick is None for row in Vote.objects.order_by("sent_at")] == [True, False]
        forgetting.forget(asking.pen, now + timedelta(days=100))
        assert not Vote.objects.exists()


def test_a_question_is_known_when_it_is_shown_no_more(asking):
    ask(asking, question="And now?")
    with pen_scope(asking.pen):
        assert sorted(Question.objects.values_list("question", flat=True)) == ["And now?", QUESTION]
        assert Mail.objects.count() == Addressee.objects.count() == 0
