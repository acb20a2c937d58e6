"""Figures of surveys where one message asks twice, and files of what people wrote."""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.figures import sheet
from stationer.portal.statistics.figures.period import Period
from stationer.portal.statistics.rolling import turning
from stationer.portal.surveys import reading, telling
from stationer.portal.surveys.models import Question
from stationer.portal.surveys.tallying import Tally
from tests.portal.asked import QUESTION, Asked, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(harbour):
    """Harbour Dental asks for stars."""
    ask(harbour)
    Outgoing.objects.all().delete()
    return harbour


def test_another_question_begins_other_figures(asking, client, owner):
    client.post(Asked(asking).page(1), {"value": "1"})
    ask(asking, question="Was anything wrong?")
    client.post(Asked(asking, ("b@example.com",)).page(5), {"value": "5"})
    table = owner.get("/figures/surveys/table.csv").content.decode("utf-8-sig").splitlines()
    lines = {row["question"]: row for row in csv.DictReader(table)}
    assert {name: (row["answers"], row["mean"]) for name, row in lines.items()} == {
        QUESTION: ("1", "1.0"), "Was anything wrong?": ("1", "5.0")
    }  # fmt: skip
    shown = owner.get("/figures/surveys/").content.decode()
    pages = set(re.findall(r'href="(/figures/surveys/msg_[^"?]*)', shown))
    said = sorted(re.search(r"<h1><bdi>(.*?)</bdi>", owner.get(one).content.decode())[1] for one in pages)
    assert said == [QUESTION, "Was anything wrong?"]
    last = owner.get(f"/figures/surveys/{asking.message.outside_id}/stars/").content.decode()
    assert "<h1><bdi>Was anything wrong?" in last and "b@example.com" in last and "jane" not in last
    assert owner.get(f"/figures/surveys/{asking.message.outside_id}/stars/000000000000/").status_code == 404


def test_a_list_and_a_page_say_the_same_response_rate(asking, client, owner):
    for n in range(6):
        Asked(asking, (f"a{n}@example.com",), ago=timedelta(hours=3))
    with pen_scope(asking.pen):
        Question.objects.update(asked_at=timezone.now() - timedelta(hours=5))
    ask(asking, "nps")
    for n in range(4):
        mail = Asked(asking, (f"b{n}@example.com",), ago=timedelta(seconds=1), scale="nps")
        client.post(mail.page(9), {"value": "9"})
    with pen_scope(asking.pen):
        turning.settle(asking.pen)
    period = Period(timezone.now().date() - timedelta(days=3), timezone.now().date(), asking.pen.zone)
    with pen_scope(asking.pen):
        every = {one.scale: one.tally.mails for one in reading.surveys(period)}
        (alone,) = reading.surveys(period, (asking.message.pk, "nps"))
    assert every["nps"] == alone.tally.mails


def test_the_three_kinds_that_a_score_is_made_of():
    tally = Tally("nps", {10: 4, 9: 1, 8: 2, 7: 1, 6: 1, 0: 3})
    assert tally.recommending() == (5, 3, 4)
    assert tally.score().value == pytest.approx(100 * (5 - 4) / 12)
    assert [(count, round(share)) for _, count, share in telling.recommending(tally)] == [
        (5, 42), (3, 25), (4, 33)
    ]  # fmt: skip
    assert telling.recommending(Tally("stars", {5: 3})) == []
    assert telling.recommending(Tally("nps"))[0][1:] == (0, 0.0)


def test_a_list_says_a_score_with_its_sign_and_a_mean_without():
    assert telling.of_list(Tally("nps", {10: 3, 0: 1})) == "+50.0"
    assert telling.of_list(Tally("nps", {0: 1})) == "−100.0"
    assert telling.of_list(Tally("faces", {3: 1, 2: 1})) == "2.50"
    assert telling.of_list(Tally("stars")) == ""


def test_a_page_says_who_would_recommend_and_the_words_at_the_ends(asking, client, owner):
    ask(asking, "nps", low="Not at all", high="Very much")
    for n, value in enumerate((10, 9, 8, 0)):
        mail = Asked(asking, (f"b{n}@example.com",), ago=timedelta(seconds=1), scale="nps")
        client.post(mail.page(value), {"value": str(value)})
    page = owner.get(f"/figures/surveys/{asking.message.outside_id}/nps/").content.decode()
    section = page.partition('aria-labelledby="recommending"')[2].partition("</section>")[0]
    rows = re.findall(
        r'<th scope="row">(.*?)</th>.*?figure">(\d+)</td><td class="figure">(\d+)<', section, re.S
    )
    assert rows == [
        ("promoters (9 and 10)", "2", "50"),
        ("passives (7 and 8)", "1", "25"),
        ("detractors (0 to 6)", "1", "25"),
    ]
    assert "10 (Very much)" in page and "0 (Not at all)" in page
    other = owner.get(f"/figures/surveys/{asking.message.outside_id}/nps/?only=comments").content.decode()
    assert 'aria-labelledby="recommending"' in other


def test_other_scales_recommend_nothing(asking, client, owner):
    client.post(Asked(asking).page(4), {"value": "4"})
    page = owner.get(f"/figures/surveys/{asking.message.outside_id}/stars/").content.decode()
    assert "4 of 5 stars" in page and "recommending" not in page


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "x\n=1+1",
        "x\r\n@SUM(1)",
        ";=1+1",
        '"=1+1',
        "a;-1",
        "a\t+1",
        "a; =1+1",
        " =1",
        "\u00a0=1",
        "＝1+1",
        'a";\'=1"',
    ],
)
def test_no_piece_of_a_cell_is_a_formula(cell):
    body = sheet.write(["words"], [[cell]]).decode("utf-8-sig")
    for piece in re.split(r'[;\t\r\n"]', body):
        assert not piece.strip().startswith(tuple("=+-@＝")), body
