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
from stationer.portal.surveys import reading
from stationer.portal.surveys.models import Question
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
