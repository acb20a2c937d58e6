"""Figures as people and programs see them: the same numbers on the page, in the file and in the API."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from trials.browser.figured import fill
from trials.browser.harbour import furnish

from stationer.portal.access import devices
from stationer.portal.audit.models import Entry
from stationer.portal.content.models import Message
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import forgetting
from stationer.portal.statistics.figures import chance, charts, period, reading, sheet, telling
from stationer.portal.statistics.figures.reading import Sums
from stationer.portal.statistics.models import LostClicks, Mail
from stationer.portal.statistics.rolled import DayFigure
from stationer.wire import ids
from tests.portal.rows import Kept

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def furnish_with_figures():
    harbour = furnish()
    with pen_scope(harbour.pen):
        Message.objects.create(campaign=harbour.campaign, name="Another", source=harbour.message.source)
    fill(harbour)
    return harbour


@pytest.fixture(scope="module")
def kept_told():
    return Kept(furnish_with_figures)


@pytest.fixture
def harbour(request, db, portal, kept_harbour, kept_told, begun_with):
    return (kept_told if "told" in request.fixturenames else kept_harbour)(portal, begun_with)


@pytest.fixture
def told(harbour):
    return harbour


@pytest.fixture
def program(client, told):
    with pen_scope(told.pen):
        _, key = devices.make_api_key("figures")

    def ask(path, **query):
        return client.get(f"/api/v1/figures{path}", query, headers={"authorization": f"Bearer {key}"})

    return ask


def test_nothing_yet_says_what_comes_and_the_first_step(owner, harbour):
    shown = owner.get(reverse("figures")).content.decode()
    assert "Nothing counted yet" in shown and reverse("publish") in shown
    assert (
        "Nothing counted yet"
        in owner.get(reverse("campaign-figures", args=[harbour.campaign.outside_id])).content.decode()
    )


def test_page_file_and_api_say_the_same(owner, told, program):
    url = reverse("campaign-figures", args=[told.campaign.outside_id])
    facts = owner.get(url, {"days": 30}).context
    said = program(f"/campaigns/{told.campaign.outside_id}", days="30").json()
    assert said["total"]["mails"] == facts["whole"].mails > 100
    assert said["total"]["human_clicks"] == facts["whole"].human > 5
    assert said["total"]["raw_clicks"] > said["total"]["human_clicks"]
    assert said["people"] == {"reached": said["people"]["reached"], "exact": True}
    assert said["lift"]["with"]["people"] == facts["lift"].one.of > 50
    file = owner.get(
        reverse("figures-file", args=["days"]), {"days": 30, "campaign": told.campaign.outside_id}
    )
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["day"] for row in rows] == [one["day"] for one in said["days"]] and len(rows) == 30
    assert sum(int(row["mails"]) for row in rows) == said["total"]["mails"]
    assert sum(int(row["human_clicks"]) for row in rows) == said["total"]["human_clicks"]
    with pen_scope(told.pen):
        assert Entry.objects.filter(what="exported", noun="figures").exists()


def test_messages_have_people_and_a_lift_and_the_day_its_hours_everywhere(owner, told, program):
    page = reverse("campaign-figures", args=[told.campaign.outside_id])
    shown = owner.get(page, {"days": 30})
    said = program(f"/campaigns/{told.campaign.outside_id}", days="30").json()
    messages = {one["id"]: one for one in said["messages"]}
    assert len(messages) >= 2
    for row, one, met, beside in shown.context["texts"]:
        there = messages[row.outside_id]
        assert there["mails"] == one.mails and there["people"]["reached"] == met.reached > 0
        assert there["lift"]["with"]["people"] <= met.reached and beside
        assert there["lift"]["without"] == said["lift"]["without"]
    assert max(one["people"]["reached"] for one in messages.values()) <= said["people"]["reached"]
    asked = {"days": 30, "campaign": told.campaign.outside_id}

    def rows(what):
        file = owner.get(reverse("figures-file", args=[what]), asked).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(file)))

    assert {row["id"]: int(row["people"]) for row in rows("messages")} == {
        key: one["people"]["reached"] for key, one in messages.items()
    }
    hours = rows("hours")
    assert [row["hour"] for row in hours] == [f"{n:02}:00" for n in range(24)]
    assert [int(row["human_clicks"]) for row in hours] == [one["human_clicks"] for one in said["hours"]]
    assert sum(int(row["mails"]) for row in hours) == said["total"]["mails"]


def test_members_domains_and_lists_are_listed_sorted_searched_and_paged_by_cursor(owner, told, program):
    shown = owner.get(reverse("figures-parts", args=["members"])).content.decode()
    assert "Dr Bob Hendry" in shown and "Alice Penrose" in shown
    found = owner.get(reverse("figures-parts", args=["members"]), {"q": "hendry"}).content.decode()
    assert "Dr Bob Hendry" in found and "Morwenna Rowe" not in found
    assert (
        "Nothing of that name"
        in owner.get(reverse("figures-parts", args=["domains"]), {"q": "nowhere"}).content.decode()
    )
    first = program("/domains", limit=2).json()
    again = program("/domains", limit=200, cursor=first["next"]).json()
    names = [one["of"] for one in first["items"] + again["items"]]
    assert names == sorted(set(names)) and len(names) == 3 and again["next"] is None
    page = reverse("figures-domain", args=["falmouth.example"])
    assert "falmouth.example" in owner.get(page).content.decode()
    assert owner.get(reverse("figures-domain", args=["never.example"])).status_code == 404
    assert owner.get(reverse("figures-list", args=["nonsense"])).status_code == 404
    first = program("/messages", limit=1).json()
    again = program("/messages", limit=200, cursor=first["next"]).json()
    messages = {one["of"]: one["mails"] for one in first["items"] + again["items"]}
    assert len(messages) > 1 and again["next"] is None
    assert list(messages) == sorted(messages, key=lambda name: ids.inside("message", name))
    for name, mails in messages.items():
        assert program(f"/messages/{name}").json()["total"]["mails"] == mails
    assert program("/messages", cursor="msg_none").status_code == 422
    members = program("/members").json()["items"]
    assert len(members) == 4
    one = program(f"/members/{members[0]['of']}").json()
    assert one["total"]["mails"] == members[0]["mails"]
    for what in ("members", "domains", "lists", "campaigns"):
        assert owner.get(reverse("figures-file", args=[what])).status_code == 200
    assert owner.get(reverse("figures-file", args=["nonsense"])).status_code == 404
    assert owner.get(reverse("figures-file", args=["messages"])).status_code == 404


def test_clicks_that_no_edge_could_write_down_are_said(owner, told, harbour):
    page = reverse("figures")
    assert "in no figure" not in owner.get(page).content.decode()
    with pen_scope(harbour.pen):
        for ago, clicks in ((1, 12), (2, 3), (1500, 5)):
            LostClicks.objects.create(at=timezone.now() - timedelta(days=ago), clicks=clicks)
    assert "15 clicks of these days are in no figure" in owner.get(page).content.decode()
    assert "15 clicks" in owner.get(reverse("figures-parts", args=["members"])).content.decode()
    with pen_scope(harbour.pen):
        forgetting.forget(harbour.pen, timezone.now())
        assert LostClicks.objects.count() == 2


def test_a_period_that_is_none_is_told_and_the_usual_one_shown(owner, told, program):
    shown = owner.get(reverse("figures"), {"since": "2026-02-30"}).content.decode()
    assert "2026-02-30 is no day" in shown and "Here are the last 30 instead" in shown
    assert (
        "lies before the first"
        in owner.get(reverse("figures"), {"since": "2026-02-03", "until": "2026-02-01"}).content.decode()
    )
    answer = program("", since="yesterday")
    assert answer.status_code == 422 and "since" in answer.json()["fields"]
    assert program("", days="0").status_code == 422
    assert program("", nonsense="1").status_code == 422
    assert (
        "Nothing in these days"
        in owner.get(reverse("figures"), {"since": "2001-01-01", "until": "2001-01-02"}).content.decode()
    )


def test_the_pages_ask_little(owner, told):
    for name, args in (
        ("figures", []),
        ("campaign-figures", [told.campaign.outside_id]),
        ("figures-parts", ["members"]),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert owner.get(reverse(name, args=args), {"days": 90}).status_code == 200
        assert len(asked) <= 20, [query["sql"][:200] for query in asked]
        tables = " ".join(query["sql"] for query in asked)
        assert "statistics_hit" not in tables and "statistics_mail" not in tables


def test_figures_are_made_again_by_hand(told, capsys):
    with pen_scope(told.pen):
        before = reading.totals(reading.hours(period.last_days(30, timezone.now(), "UTC")))
        DayFigure.objects.all().delete()
        call_command("roll_up", again=True)
        assert DayFigure.objects.exists()
        assert before == reading.totals(reading.hours(period.last_days(30, timezone.now(), "UTC")))
        assert before.mails <= Mail.objects.count()


def test_how_long_things_are_kept_is_two_numbers(owner, harbour):
    page = reverse("keeping")
    assert "180" in owner.get(page).content.decode()
    assert owner.post(page, {"raw_days": 3, "figure_months": 12}).status_code == 200
    assert owner.post(page, {"raw_days": 30, "figure_months": 12}).status_code == 302
    assert 'value="30"' in owner.get(page).content.decode()
    with pen_scope(harbour.pen):
        assert Entry.objects.filter(noun="keeping").exists()


# ── arithmetic ──


def test_intervals_are_those_of_the_papers():
    # Newcombe 1998, table II, method 10: 56/70 against 48/80, and 9/10 against 3/10
    found = chance.difference(chance.Share(56, 70), chance.Share(48, 80))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    found = chance.difference(chance.Share(9, 10), chance.Share(3, 10))
    assert (round(found.low, 4), round(found.high, 4)) == (0.1705, 0.8090)
    assert found.verdict == "not-enough"
    low, high = chance.wilson(81, 263)  # Newcombe 1998a, table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ((300, 1000), (200, 1000), "more"),
        ((200, 1000), (300, 1000), "less"),
        ((200, 1000), (201, 1000), "same"),
        ((10, 50), (9, 50), "not-enough"),
        ((5, 5), (0, 5), "not-enough"),
        ((0, 0), (3, 50), "not-enough"),
    ],
)
def test_what_may_be_said_of_a_difference(one, other, verdict):
    found = chance.difference(chance.Share(*one), chance.Share(*other))
    assert found.verdict == verdict
    assert all(telling.lift(found)[0] for _ in "x") and telling.rivalry(("A", "B"), found)[0]


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_middle_and_turns_round_with_its_sides(x, n, y, m):
    one, other = chance.Share(min(x, n), n), chance.Share(min(y, m), m)
    there, back = chance.difference(one, other), chance.difference(other, one)
    assert (
        -1 <= there.low <= there.most_likely + 1e-12 and there.most_likely <= there.high + 1e-12 <= 1 + 1e-9
    )
    assert abs(there.low + back.high) < 1e-9


@given(st.text())
def test_no_cell_is_a_formula(text):
    cell = sheet.safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    read = list(csv.reader(io.StringIO(sheet.write(["a"], [[text]]).decode("utf-8-sig"), newline="")))
    assert read[1:] in ([[cell]], [[]])


def test_numbers_stay_numbers_in_a_file():
    assert sheet.safe(-3) == "-3" and sheet.safe("-3") == "'-3"


def test_columns_stand_on_their_floor_and_none_is_too_high():
    days = {date(2026, 11, 1) + timedelta(days=n): n for n in range(30)}
    drawn = charts.columns(days, {day: n // 2 for day, n in days.items()})
    assert drawn.most == 29 and drawn.anchor == "end"
    for one in drawn.columns:
        assert float(one.y) + float(one.height) == pytest.approx(charts.FLOOR, abs=0.02)
        assert float(one.part_height) <= float(one.height) and float(one.y) >= charts.TOP
    assert charts.columns(dict.fromkeys(days, 0)) is None and charts.columns({}) is None
    assert charts.week({}) is None and charts.week({(0, 0): Sums(human_then=3)}).best == (0, 0)


def test_days_before_are_as_many():
    one = period.asked({"since": "2026-11-01", "until": "2026-11-10"}, NOW, "Europe/Berlin")
    assert (one.length, one.before.last, one.before.length) == (10, date(2026, 10, 31), 10)
    assert one.since == datetime(2026, 10, 31, 23, tzinfo=UTC) and one.before.until == one.since
    assert period.asked({}, NOW, "UTC").asked == {"days": "30"}
