"""A campaign's page: every condition is a sentence with a blank, filled in by a small form, and kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from trials.browser.harbour import furnish

from stationer.portal.content import pacing
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import AddressList, Group
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.defining import define
from stationer.wire.definition import Caps

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(harbour):
    return reverse("campaign", args=[harbour.campaign.outside_id])


def again(harbour):
    with pen_scope(harbour.pen):
        return Campaign.objects.get(pk=harbour.campaign.pk)


def second(harbour, **more):
    with pen_scope(harbour.pen):
        return Message.objects.create(
            campaign=harbour.campaign, name="Tea & talk", source=harbour.message.source, **more
        )


def test_how_often_is_said_and_filled_in(owner, harbour, page):
    shown = owner.get(page).content.decode()
    assert "as often as mail goes to them" in shown and "without a pause" in shown
    for edit, data in {
        "often": {"day": "", "week": 3, "ever": ""},
        "again": {"count": 24, "unit": "1"},
        "click": {"stop": "1"},
        "holdout": {"share": 10},
    }.items():
        assert owner.post(f"{page}?edit={edit}", data).status_code == 302, edit
    row = again(harbour)
    assert (row.caps, row.cool_down_h, row.stop_after_click, row.holdout) == ({"week": 3}, 24, True, 10)
    shown = owner.get(page).content.decode()
    for said in (
        "at most 3 times a week", "not again within 24 hours", "until they click a link",
        "10 % of mails go without it, so that you see what it does",
    ):  # fmt: skip
        assert said in shown, said
    assert owner.post(f"{page}?edit=again", {"count": 3, "unit": "24"}).status_code == 302
    assert again(harbour).cool_down_h == 72
    owner.post(f"{page}?edit=often", {"day": "", "week": "", "ever": ""})
    assert again(harbour).caps == {}
    for edit, data in {
        "often": {"day": -1},
        "again": {"count": 4000, "unit": "24"},
        "holdout": {"share": 91},
    }.items():
        assert owner.post(f"{page}?edit={edit}", data).status_code == 200, edit


@pytest.mark.parametrize(
    ("caps", "said"),
    [
        (Caps(), ""),
        (Caps(day=1), "at most once a day"),
        (Caps(1, 3, 5), "at most once a day, 3 times a week and 5 times in all"),
    ],
)
def test_caps_are_words(caps, said):
    assert pacing.often(caps) == said


def test_shares_come_to_a_hundred():
    rows = [Message(weight=weight) for weight in (1, 1, 1)]
    assert sorted(pacing.shares(rows)) == [33, 33, 34]
    assert pacing.shares([Message(weight=70), Message(weight=30)]) == [70, 30]


def test_messages_share_mails_or_follow_one_another(owner, harbour, page):
    text = second(harbour)
    data = {"turn": "", "share_0": 70, "place_0": 1, "share_1": 30, "place_1": 2}
    assert owner.post(f"{page}?edit=turn", data).status_code == 302
    shown = owner.get(page).content.decode()
    assert "“Straighter teeth” in 70 %" in shown and "“Tea &amp; talk” in 30 %" in shown
    assert (
        owner.post(f"{page}?edit=turn", data | {"turn": "1", "place_0": 2, "place_1": 1}).status_code == 302
    )
    row = again(harbour)
    with pen_scope(harbour.pen):
        assert row.sequence and [one.pk for one in row.messages.all()] == [text.pk, harbour.message.pk]
    assert "one after the other, in this order" in owner.get(page).content.decode()


def test_links_say_where_people_came_from_once_it_is_published(owner, harbour, page):
    second(harbour)
    open_form = owner.get(f"{page}?edit=utm").content.decode()
    assert 'value="open-evening-3-december"' in open_form and 'value="tea-talk"' in open_form
    data = {
        "source": "email",
        "medium": "signature",
        "campaign_name": "open",
        "content_0": "a",
        "content_1": "",
    }
    assert owner.post(f"{page}?edit=utm", data).status_code == 302
    assert (
        "say to your website source=email, medium=signature, campaign=open"
        in owner.get(page).content.decode()
    )
    with pen_scope(harbour.pen):
        meant, _ = define(harbour.pen)
    own = next(one for one in meant.campaigns if one.id == harbour.campaign.outside_id)
    first, other = (message.content.targets[0] for message in own.messages)
    assert first.endswith("?utm_source=email&utm_medium=signature&utm_campaign=open&utm_content=a")
    assert other.endswith("utm_campaign=open")
    assert owner.post(f"{page}?edit=utm", dict.fromkeys(data, "")).status_code == 302
    assert again(harbour).utm == {}


def test_a_campaign_rests_on_days_and_calendars(owner, harbour, page):
    house = reverse("house-rules")
    assert (
        owner.post(
            f"{house}?calendar=", {"name": "Bank holidays", "days": "25.12.2026 2026-12-28..2027-01-01"}
        ).status_code
        == 302
    )
    shown = owner.get(f"{page}?edit=when").content.decode()
    assert "Bank holidays" in shown
    data = {"zone": "Europe/London", "calendars": ["Bank holidays"], "off": "24/12/2026"}
    assert owner.post(f"{page}?edit=when", data).status_code == 302
    assert again(harbour).wire_rule().when.not_on == ("2026-12-24", "Bank holidays")
    assert "the days of Bank holidays" in owner.get(page).content.decode()
    wrong = owner.post(f"{page}?edit=when", data | {"off": "someday"}).content.decode()
    assert "someday is no day. Write it as 2026-12-24." in wrong


def test_the_rules_of_the_house_are_kept_and_refuse_what_cannot_be(owner, harbour):
    house = reverse("house-rules")
    for edit, data in {
        "most_messages": {"most_messages": 1}, "slots": {"slots": ["signature", "banner"]},
        "quiet_groups": {"quiet_groups": ["Hygienists"]}, "mixed": {"mixed": "copies", "most_copies": 3},
        "hold_limit_ms": {"hold_s": 30}, "pictures": {"pictures": "embedded"}, "replay": {"replay": "True"},
        "blackout": {"weekdays": ["6"], "zone": "Europe/London"},
    }.items():  # fmt: skip
        assert owner.post(f"{house}?edit={edit}", data).status_code == 302, edit
    harbour.pen.refresh_from_db()
    now = harbour.pen.management()
    assert (now.most_messages, now.slots, now.quiet_groups) == (1, ("signature", "banner"), ("Hygienists",))
    assert (now.mixed, now.most_copies, now.hold_limit_ms) == ("copies", 3, 30_000)
    assert (now.pictures, now.replay, now.blackout[0].weekdays) == ("embedded", True, (6,))
    shown = owner.get(house).content.decode()
    assert "each audience gets a copy of its own" in shown and "is kept for seven days" in shown
    assert owner.post(f"{house}?edit=blackout", {"zone": "Europe/London"}).status_code == 200
    assert owner.post(house, {"remove": "0"}).status_code == 302
    harbour.pen.refresh_from_db()
    assert harbour.pen.management().blackout == ()


def test_a_rule_that_matches_nobody_says_so(owner, harbour, page):
    def said(**fields):
        with pen_scope(harbour.pen):
            Campaign.objects.filter(pk=harbour.campaign.pk).update(**fields)
        return owner.get(page).content.decode()

    with pen_scope(harbour.pen):
        AddressList.objects.create(name="Empty")
        Group.objects.create(name="Nobody yet")
    nobody = "Nobody in the company is whom it asks for"
    assert nobody not in said()
    assert nobody in said(rule={"senders": {"groups": ["Nobody yet"]}})
    assert nobody in said(rule={"senders": {"where": {"title": ["Astronaut"]}}})
    assert nobody not in said(rule={"senders": {"where": {"title": [" practice MANAGER"]}}})
    assert nobody in said(
        rule={"senders": {"groups": ["Reception"]}, "except_senders": {"groups": ["Reception"]}}
    )
    assert "Nobody is in “Empty” or “Nobody yet”" in said(
        rule={"to": {"lists": ["Empty"], "groups": ["Nobody yet"]}}
    )
    assert "Its time is over" in said(rule={"when": {"ends": "2020-01-01"}})
    harbour.pen.slots = ["signature"]
    harbour.pen.save()
    assert "Nothing may stand under the signature here." in said(rule={})


def test_a_thousand_campaigns_are_sorted_searched_and_narrowed_in_twenty_queries(client, portal):
    harbour = furnish(people=50, campaigns=1000, published=False)
    client.force_login(harbour.alice.account)
    url = reverse("campaigns")
    with CaptureQueriesContext(connection) as asked:
        first = client.get(url, {"order": "name", "state": "running"}).content.decode()
    assert len(asked) <= 20
    assert "Bring a friend" not in first and first.index("Campaign 0000") < first.index("Campaign 0001")
    assert "Campaign 0999" in client.get(url, {"q": "0999"}).content.decode()
    assert "Bring a friend" in client.get(url, {"state": "draft"}).content.decode()
    assert "Christmas opening hours" in client.get(url, {"state": "soon"}).content.decode()
    assert "No campaign is in that state now." in client.get(url, {"state": "ended"}).content.decode()
    ending = client.get(url, {"order": "ends"}).content.decode()
    assert ending.index("Open evening") < ending.index("Campaign 0000")
    with pen_scope(harbour.pen):
        Campaign.objects.filter(name="Campaign 0500").update(changed_at=timezone.now())
    changed = client.get(url, {"order": "changed"}).content.decode()
    assert "Campaign 0500" in changed and "Campaign 0001" not in changed


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0202-06-01"])
def test_a_day_that_nobody_means_is_refused(owner, harbour, day):
    url = reverse("campaign", args=[harbour.campaign.outside_id]) + "?edit=when"
    for field in ("starts", "ends", "off"):
        answer = owner.post(url, {field: day, "zone": "Europe/London"})
        assert answer.status_code == 200
        assert "Choose a day between 2000 and 2100" in answer.content.decode()


@pytest.mark.parametrize(
    "when", [{"ends": "9999-12-31"}, {"starts": "0001-01-01"}, {"ends": "soon"}, {"starts": "x"}]
)
def test_pages_survive_any_date_that_a_program_or_an_older_row_says(owner, harbour, when):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={"when": {"zone": "Asia/Tokyo", **when}})
    page = reverse("campaign", args=[harbour.campaign.outside_id])
    for url in ("/", reverse("campaigns"), page, f"{page}?edit=when", reverse("publish")):
        assert owner.get(url).status_code == 200, url
