"""Who came: the list, a visitor's page, the file, the API; and links that senders make."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import judging
from stationer.portal.statistics.models import Addressee, Hit, Link
from stationer.portal.statistics.taking import take
from stationer.portal.statistics.visiting import spreadsheet
from stationer.wire import ids
from stationer.wire.uplink import AddressedCopy
from tests.portal.told import Sent, clicked

pytestmark = pytest.mark.django_db


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.fixture
def sent(harbour):
    mail = Sent(harbour, timezone.now() - timedelta(minutes=10))
    take([mail.addressed(), mail.reported()], timezone.now())
    return mail


def come(harbour, sent, **said):
    take([sent.clicked(timezone.now(), **said)], timezone.now())


def test_before_anybody_came_the_page_says_what_it_is_for(owner, harbour):
    said = text(owner.get("/visitors/"))
    assert "Nobody yet" in said and "Make a tracked link" in said


def test_a_visitor_is_there_as_soon_as_the_click_was_told_with_all_reasons(owner, harbour, sent):
    come(harbour, sent)
    said = text(owner.get("/visitors/"))
    assert "jane@example.com" in said and "Straighter teeth" in said and "from Dr Bob Hendry" in said
    assert "surely a person , 90/100" in said or "surely a person, 90/100" in said
    assert "time enough to read it" in said and "81.2.69.142" in said


def test_programs_are_shown_when_asked_for(owner, harbour, sent):
    come(harbour, sent, agent="curl/8.5.0", hints={})
    said = text(owner.get("/visitors/"))
    assert "No person yet" in said and "jane@example.com" not in said
    said = text(owner.get("/visitors/?machines=1"))
    assert "a program" in said and "The program calls itself curl, which is no browser." in said


@pytest.mark.parametrize(
    ("to", "rest", "who"),
    [
        (("a@example.com", "b@example.com", "c@example.com"), False, "one of 3 at example.com"),
        (("a@example.com", "b@example.org"), False, "one of 2 at example.com, example.org"),
        (("a@example.com",), True, "a@example.com, or somebody in Bcc"),
        (("@example.com",), False, "somebody at example.com"),
        ((), False, "somebody who is not known"),
    ],
)
def test_no_more_is_claimed_than_is_known(owner, harbour, to, rest, who):
    mail = Sent(harbour, timezone.now() - timedelta(minutes=10))
    mail.copies = (AddressedCopy(len(to), to, rest, mail.copies[0].offers),)
    take([mail.addressed(), mail.clicked(timezone.now())], timezone.now())
    assert who in text(owner.get("/visitors/"))


def test_the_list_is_narrowed_by_person_campaign_and_day(owner, harbour, sent):
    come(harbour, sent)
    campaign = harbour.campaign.outside_id
    today = timezone.localdate().isoformat()
    for query in (
        "q=jane@example.com",
        "q=example.c",
        f"campaign={campaign}",
        f"since={today}",
        f"until={today}",
    ):
        assert "surely a person" in text(owner.get(f"/visitors/?{query}")), query
    never = ids.outside("campaign", harbour.message.pk)
    for query in (
        "q=joe",
        f"campaign={never}",
        "campaign=cam_x",
        "since=2999-01-01",
        "until=2001-01-01",
        "since=x",
    ):
        page = owner.get(f"/visitors/?{query}")
        assert page.status_code == 200 and "surely a person" not in text(page), query


def test_the_list_is_paged_by_the_server_and_costs_few_queries(
    owner, harbour, sent, django_assert_max_num_queries
):
    now = timezone.now()
    with pen_scope(harbour.pen):
        mail = Addressee.objects.get().mail
        Hit.objects.bulk_create(
            Hit(mail=mail, pick=mail.pick, at=now - timedelta(minutes=n), method="GET", human=True, score=80, target=f"https://a.example/{n}", judged_at=now)
            for n in range(60)
        )  # fmt: skip
    with django_assert_max_num_queries(20):
        first = owner.get("/visitors/")
    assert len(first.content) < 100_000
    older = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = owner.get(f"/visitors/{older}")
    shown = [set(re.findall(r"a\.example/(\d+)", page.content.decode())) for page in (first, second)]
    assert len(shown[0]) == len(shown[1]) == 25 and not shown[0] & shown[1]
    assert "The newest" in text(second)


def test_the_list_asks_again_by_itself_and_is_answered_when_there_is_news(owner, harbour, sent):
    come(harbour, sent)
    page = owner.get("/visitors/").content.decode()
    again = re.search(r'hx-get="([^"]+seen=[^"]+)"', page)[1].replace("&amp;", "&")
    assert owner.get(again).status_code == 204
    come(harbour, sent, address="9.9.9.9")
    assert owner.get(again).status_code == 200
    with pen_scope(harbour.pen):
        judging.piece(timezone.now() + timedelta(seconds=6))


def test_a_correction_is_shown(owner, harbour, sent):
    come(harbour, sent)
    with pen_scope(harbour.pen):
        Hit.objects.update(human=False, score=0, corrected_at=timezone.now())
    assert "corrected" in text(owner.get("/visitors/?machines=1"))


def test_a_visitors_own_page_has_all_of_one_address(owner, harbour, sent):
    come(harbour, sent)
    link = re.search(r'href="(/visitors/adr_[^"]+)"', owner.get("/visitors/").content.decode())[1]
    assert "jane" not in link
    said = text(owner.get(link))
    assert (
        "jane@example.com" in said and "1 mail went to this address." in said and "Straighter teeth" in said
    )


def test_the_file_holds_what_the_list_shows_and_no_formula(owner, harbour, sent):
    come(harbour, sent, agent="=HYPERLINK(1)")
    come(harbour, sent)
    answer = owner.get("/visitors/visitors.csv?machines=1")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["who"] for row in rows] == ["jane@example.com"] * 2
    assert {row["human"] for row in rows} == {"yes", "no"} and rows[0]["reasons"]
    assert {row["agent"] for row in rows} >= {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_no_cell_is_a_formula(cell):
    assert spreadsheet.safe(cell).startswith("'")
    assert spreadsheet.safe("1-2=3") == "1-2=3"


def test_who_may_not_see_visitors_finds_nothing_there(client, harbour, sent):
    come(harbour, sent)
    client.force_login(harbour.bob.account)
    for path in ("/visitors/", "/visitors/visitors.csv"):
        assert client.get(path).status_code == 404


def ask(client, token, path, method="get", **options):
    headers = {"authorization": f"Bearer {token}"}
    return getattr(client, method)(path, headers=headers, content_type="application/json", **options)


def test_programs_read_hits(client, harbour, sent):
    come(harbour, sent)
    come(harbour, sent, method="HEAD")
    with pen_scope(harbour.pen):
        _, token = devices.make_api_key("Reports", ("see-visitors",))
        _, other = devices.make_api_key("Other", ("see-content",))
    items = ask(client, token, "/api/v1/hits").json()["items"]
    assert [(one["human"], one["recipients"], one["of"]) for one in items] == [
        (True, ["jane@example.com"], 1),
        (False, ["jane@example.com"], 1),
    ]
    assert items[0]["message"] == harbour.message.outside_id
    assert all(reason["says"].endswith(".") for one in items for reason in one["reasons"])
    assert len(ask(client, token, "/api/v1/hits?human=true").json()["items"]) == 1
    campaign = f"/api/v1/hits?campaign={harbour.campaign.outside_id}&since=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z"
    assert ask(client, token, campaign).json()["items"] == []
    one = ask(client, token, f"/api/v1/hits/{items[0]['id']}")
    assert one.json() == items[0]
    assert ask(client, other, "/api/v1/hits").status_code == 404


# ── links that senders make ──


def test_a_member_makes_a_link_and_sees_who_followed_it(client, harbour):
    client.force_login(harbour.bob.account)
    assert "No links yet" in text(client.get("/links/"))
    made = client.post(
        "/links/new/", {"target": "harbourdental.example/prices?a=1", "name": "Price list", "people": ""}
    )
    page = client.get(made.url)
    url = re.search(r'value="(http[^"]+/c/[\w-]{36})" readonly', page.content.decode())[1]
    assert "https://harbourdental.example/prices?a=1" in text(page)
    from base64 import urlsafe_b64decode

    token = urlsafe_b64decode(url.rpartition("/")[2])
    take([clicked(harbour.pen.outside_id, token, timezone.now())], timezone.now())
    said = text(client.get(made.url))
    assert "Followed 1 time by people." in said and "somebody with this link" in said
    assert "Price list" in text(client.get("/links/"))


def test_several_people_get_a_link_each(client, harbour):
    client.force_login(harbour.bob.account)
    people = "Ann@example.org, joe@example.org\njoe@example.org"
    page = client.post("/links/new/", {"target": "https://a.example/", "people": people})
    assert len(set(re.findall(r"/c/[\w-]{36}", page.content.decode()))) == 2
    with pen_scope(harbour.pen):
        assert sorted(Link.objects.values_list("address", flat=True)) == [
            "ann@example.org",
            "joe@example.org",
        ]


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://a.example\\@b.example", "mailto:a@b.example", "https://user@a.example/", "", "https:///x", "/local", "#x", "https://a.example/" + "x" * 2001],
)  # fmt: skip
def test_a_link_leads_to_a_web_page_and_nowhere_else(client, harbour, target):
    client.force_login(harbour.bob.account)
    page = client.post("/links/new/", {"target": target})
    assert page.status_code == 200 and 'class="error"' in page.content.decode()
    with pen_scope(harbour.pen):
        assert not Link.objects.exists()


def test_an_address_that_is_none_is_said(client, harbour):
    client.force_login(harbour.bob.account)
    page = client.post("/links/new/", {"target": "https://a.example/", "people": "nobody"})
    assert 'class="error"' in page.content.decode()
    many = "\n".join(f"p{n}@example.org" for n in range(201))
    assert "200 at once" in text(client.post("/links/new/", {"target": "https://a.example/", "people": many}))


def test_a_members_links_are_their_own(client, harbour):
    with pen_scope(harbour.pen):
        hers = Link.objects.create(code="0b" * 12, target="https://a.example/", owner=harbour.alice.member)
        give_access("mark@harbourdental.example", role="marketer")
        marketer = give_access("mark@harbourdental.example", role="marketer").account
    client.force_login(harbour.bob.account)
    assert client.get(f"/links/{hers.outside_id}/").status_code == 404
    assert client.post(f"/links/{hers.outside_id}/delete/").status_code == 404
    assert "a.example" not in text(client.get("/links/"))
    other = Client()
    other.force_login(marketer)
    assert other.get(f"/links/{hers.outside_id}/").status_code == 200
    assert other.post(f"/links/{hers.outside_id}/delete/").status_code == 404
    client.force_login(harbour.alice.account)
    assert client.post(f"/links/{hers.outside_id}/delete/").status_code == 302
    with pen_scope(harbour.pen):
        assert not Link.objects.exists()


def test_many_links_are_searched_and_paged(owner, harbour, django_assert_max_num_queries):
    with pen_scope(harbour.pen):
        Link.objects.bulk_create(
            Link(
                code=f"{n:024x}",
                target=f"https://a.example/{n}",
                name=f"Offer {n}",
                owner=harbour.alice.member,
            )
            for n in range(60)
        )
    with django_assert_max_num_queries(20):
        page = owner.get("/links/")
    assert "Offer 59" in text(page) and "Offer 12 " not in text(page)
    assert "Offer 12 " in text(owner.get("/links/?q=offer+12"))
    assert "No link has" in text(owner.get("/links/?q=nothing"))


def test_a_program_removes_links_with_the_right_that_the_page_asks_for(client, harbour):
    with pen_scope(harbour.pen):
        _, sees = devices.make_api_key("CRM", ("see-visitors",))
        _, changes = devices.make_api_key("Settings", ("change-settings",))
        _, both = devices.make_api_key("Both", ("see-visitors", "change-settings"))
    asked = {"target": "https://a.example/", "owner": "bob@harbourdental.example"}
    [row] = ask(client, sees, "/api/v1/links", "post", data=asked).json()
    for token, status in ((sees, 404), (changes, 404), (both, 204), (both, 404)):
        assert ask(client, token, f"/api/v1/links/{row['id']}", "delete").status_code == status


@pytest.mark.parametrize("name", ["Offer\nBcc: eve@example.org", "a\r", "a\x85b", "a\u2028b", "a\0b"])
def test_a_link_s_name_is_one_line(client, harbour, name):
    with pen_scope(harbour.pen):
        _, token = devices.make_api_key("CRM", ("see-visitors",))
    asked = {"target": "https://a.example/", "name": f"{name}b", "owner": "bob@harbourdental.example"}
    refused = ask(client, token, "/api/v1/links", "post", data=asked)
    assert refused.status_code == 422 and "name" in refused.json()["fields"]
    assert ask(client, token, "/api/v1/links").json()["items"] == []


def test_programs_make_links(client, harbour):
    with pen_scope(harbour.pen):
        _, token = devices.make_api_key("CRM", ("see-visitors",))
    asked = {
        "target": "https://a.example/",
        "name": "Offer",
        "people": ["ann@example.org", "joe@example.org"],
        "owner": "bob@harbourdental.example",
    }
    made = ask(client, token, "/api/v1/links", "post", data=asked)
    assert made.status_code == 201
    rows = made.json()
    assert [one["address"] for one in rows] == asked["people"]
    assert rows[0]["owner"] == harbour.bob.member.outside_id and "/c/" in rows[0]["url"]
    assert len(ask(client, token, "/api/v1/links").json()["items"]) == 2
    assert ask(client, token, f"/api/v1/links/{rows[0]['id']}").json() == rows[0]
    (nobodys,) = ask(client, token, "/api/v1/links", "post", data={"target": "https://b.example/"}).json()
    assert (nobodys["owner"], nobodys["address"]) == (None, "")
    refused = ask(client, token, "/api/v1/links", "post", data={"target": "javascript:alert(1)"})
    assert refused.status_code == 422 and refused.json()["error"] == "invalid"
