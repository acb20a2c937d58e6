"""Pages of alerts: rules as sentences, how I am told, the link in a mail; and what a click does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stationer.pick.counting import KEY, recipient_key
from stationer.portal.access import devices
from stationer.portal.alerts import signed, wanting
from stationer.portal.alerts.models import AlertPreference, AlertRule, ClickAction, Due
from stationer.portal.audit.models import Entry
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import AddressList
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import remembering
from stationer.portal.statistics.counted import Counted, Stop
from tests.portal.clicked import a_hit, a_mail, tell

pytestmark = pytest.mark.django_db
BOB = "bob@harbourdental.example"


def words(answer):
    """The page as text."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def rule_of(company):
    with pen_scope(company.pen):
        return AlertRule.objects.order_by("pk").last()


FIRST = (
    "When somebody clicks any link in our mail, tell whoever sent it at once, if it was very likely a person."
)


def test_a_rule_is_a_sentence_whose_blanks_are_filled_in_one_by_one(owner, harbour):
    assert FIRST in words(owner.get("/alerts/"))
    owner.post("/alerts/", {"new": "1"})
    here = f"/alerts/{rule_of(harbour).outside_id}/"
    owner.post(f"{here}?edit=about", {"about": "campaigns", "campaigns": [harbour.campaign.outside_id]})
    owner.post(f"{here}?edit=whom", {"whom": "address", "address": "Office@Example.org"})
    owner.post(f"{here}?edit=pace", {"pace": "at-once"})
    owner.post(f"{here}?edit=least", {"least": "90"})
    said = words(owner.get(here))
    assert "clicks a link of “Open evening, 3 December”, tell office@example.org at once" in said
    assert "almost certainly a person" in said
    owner.post(here, {"delete": "1"})
    assert "office@example.org" not in words(owner.get("/alerts/"))


def test_what_is_missing_in_a_blank_is_said_and_nothing_is_lost(owner, harbour):
    here = f"/alerts/{rule_of(harbour).outside_id}/"
    assert "Choose at least one campaign" in words(owner.post(f"{here}?edit=about", {"about": "campaigns"}))
    assert "Say whom" in words(owner.post(f"{here}?edit=whom", {"whom": "address"}))
    assert owner.post(f"{here}?edit=whom", {"whom": "address", "address": "nobody"}).status_code == 200
    assert FIRST in words(owner.get(here))


def test_a_campaign_among_many_is_found_by_a_part_of_its_name(owner, harbour):
    with pen_scope(harbour.pen):
        Campaign.objects.bulk_create(Campaign(name=f"Campaign {n:03}") for n in range(60))
    here = f"/alerts/{rule_of(harbour).outside_id}/?edit=about"
    assert "Several are called so" in words(owner.post(here, {"about": "campaigns", "another": "campaign 0"}))
    assert "No campaign is called so" in words(owner.post(here, {"about": "campaigns", "another": "winter"}))
    owner.post(here, {"about": "campaigns", "another": "Campaign 007"})
    assert "“Campaign 007”" in words(owner.get("/alerts/"))


def test_language_and_hour_are_the_companys(owner, harbour):
    owner.post("/alerts/?edit=terms", {"language": "de", "digest_hour": "7"})
    with pen_scope(harbour.pen):
        held = wanting.terms()
    assert (held.language, held.digest_hour) == ("de", 7)


def test_what_was_told_is_listed_searched_and_paged_in_few_queries(owner, harbour):
    assert "Nothing yet" in words(owner.get("/alerts/"))
    hits = [a_hit(harbour, a_mail(harbour, f"reader{n}@example.com")) for n in range(30)]
    tell(harbour, *hits)
    with pen_scope(harbour.pen):
        Due.objects.filter(pk=Due.objects.latest("pk").pk).update(state="failed")
    with CaptureQueriesContext(connection) as asked:
        page = owner.get("/alerts/")
    assert len(asked) <= 20, [query["sql"][-160:] for query in asked]
    said = words(page)
    assert "1 to 25 of 30" in said and "reader29@example.com" in said and "could not be told" in said
    assert "reader0@example.com" in words(owner.get("/alerts/?page=2"))
    assert "Nobody of that address" in words(owner.get("/alerts/?q=nobody"))
    assert "1 to 25 of 30" in words(owner.get("/alerts/?q=bob@"))


def test_everybody_says_how_they_are_told(client, harbour):
    client.force_login(harbour.bob.account)
    form = {"how": "chosen", "campaigns": [harbour.campaign.outside_id], "links": "on", "language": "de"}
    form |= {"zone": "Europe/Berlin", "quiet_from": "20", "quiet_until": "7", "rules": []}
    client.post("/alerts/mine/", form)
    with pen_scope(harbour.pen):
        wish = AlertPreference.objects.get()
    assert (wish.address, wish.how, wish.links, wish.quiet_from, wish.quiet_until) == (
        BOB,
        "chosen",
        True,
        20,
        7,
    )
    assert wish.muted == [rule_of(harbour).outside_id] and wish.campaigns == [harbour.campaign.outside_id]
    assert (wish.language, wish.zone) == ("de", "Europe/Berlin")
    answer = client.post("/alerts/mine/", {**form, "quiet_until": ""})
    assert "from when and until when" in words(answer)


def test_on_ones_own_page_stands_what_one_was_told(client, harbour):
    client.force_login(harbour.bob.account)
    assert "Nothing yet" in words(client.get("/alerts/mine/"))
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    assert "jane@example.com" in words(client.get("/alerts/mine/"))
    client.force_login(harbour.alice.account)
    assert "jane@example.com" not in words(client.get("/alerts/mine/"))


# ── the link in a mail ──


def link(company, rule=None):
    bearer = signed.Bearer(company.pen.pk, BOB, rule or rule_of(company).outside_id)
    return signed.address(bearer).partition("8000")[2]


def preference(company):
    with pen_scope(company.pen):
        return AlertPreference.objects.filter(address=BOB).first()


def test_one_press_in_a_mail_program_switches_the_alert_off(harbour):
    program = Client(enforce_csrf_checks=True)  # carries no cookie (RFC 8058 §3.1)
    address = link(harbour)
    assert program.get(address).status_code == 200 and preference(harbour) is None  # looking changes nothing
    answer = program.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert preference(harbour).muted == [rule_of(harbour).outside_id]
    program.post(address, {"List-Unsubscribe": "One-Click"})
    assert len(preference(harbour).muted) == 1
    with pen_scope(harbour.pen):
        assert Entry.objects.filter(noun="alertpreference", who=BOB).exists()


def test_who_is_signed_in_elsewhere_can_use_it_too(client, harbour, oscar):
    client.force_login(oscar.account)
    assert client.post(link(harbour), {"how": "none"}).status_code == 200
    assert preference(harbour).how == "none"


@pytest.mark.parametrize("how", ["digest", "none", "all"])
def test_less_or_nothing_of_everything(client, harbour, how):
    client.post(link(harbour), {"off": "1"})
    said = words(client.post(link(harbour), {"how": how}))
    assert preference(harbour).how == how and "Done" in said
    assert ("nothing of this any more" in said) == (how == "none")


def test_the_digest_is_switched_off_as_a_digest(client, harbour):
    client.post(link(harbour, "digest"), {"off": "1"})
    assert preference(harbour).muted == ["digest"]


def test_a_link_that_is_not_ours_changes_nothing(client, harbour):
    address = link(harbour)
    for wrong in (address[:-2] + "x/", "/alerts/by-link/abc/", address.replace("by-link/", "by-link/x")):
        assert client.post(wrong, {"how": "none"}).status_code == 404
    assert preference(harbour) is None


# ── what a click does ──


@pytest.fixture
def patients(harbour):
    with pen_scope(harbour.pen):
        return AddressList.objects.create(name="Interested", addresses=["first@example.com"])


def test_a_person_who_clicked_comes_onto_the_list_once(owner, harbour, patients):
    here = f"/campaigns/{harbour.campaign.outside_id}/clicks/"
    owner.post(here, {"list": str(patients.pk)})
    assert "they come onto the list “Interested”" in words(owner.get(here))
    mail = a_mail(harbour, "Jane@Example.com")
    tell(harbour, a_hit(harbour, mail), a_hit(harbour, mail, number=1))
    tell(harbour, a_hit(harbour, mail))
    with pen_scope(harbour.pen):
        assert AddressList.objects.get(pk=patients.pk).addresses == ["first@example.com", "jane@example.com"]


@pytest.mark.parametrize(
    "mail",
    [
        lambda company: a_mail(company, "a@example.com", "b@example.com"),
        lambda company: a_mail(company, "a@example.com", unnamed=True),
        lambda company: a_mail(company, "@example.com"),
        lambda company: a_mail(company, "#0123456789abcdef@example.com"),
    ],
    ids=["several", "somebody unnamed as well", "the domain alone", "a hash that masking left"],
)
def test_where_it_is_not_known_who_clicked_nothing_happens(harbour, patients, mail):
    with pen_scope(harbour.pen):
        ClickAction.objects.create(campaign=harbour.campaign.pk, list=patients)
        Campaign.objects.filter(pk=harbour.campaign.pk).update(stop_after_click=True)
    tell(harbour, a_hit(harbour, mail(harbour)))
    with pen_scope(harbour.pen):
        assert AddressList.objects.get(pk=patients.pk).addresses == ["first@example.com"]
        assert not Stop.objects.exists()


def test_the_campaign_stops_for_who_clicked(owner, harbour):
    owner.post(f"/campaigns/{harbour.campaign.outside_id}/clicks/", {"stop": "on"})
    mail = a_mail(harbour, "Jane@Example.com")
    tell(harbour, a_hit(harbour, mail), a_hit(harbour, mail))
    with pen_scope(harbour.pen):
        (stop,) = Stop.objects.all()
        assert Campaign.objects.get(pk=harbour.campaign.pk).stop_after_click
    assert bytes(stop.recipient) == recipient_key(bytes(harbour.pen.mark_key), "jane@example.com")
    assert stop.campaign == harbour.campaign.outside_id


def test_a_sequence_goes_on_with_the_message_that_was_chosen(owner, harbour):
    with pen_scope(harbour.pen):
        source = harbour.message.source
        texts = [
            Message.objects.create(campaign=harbour.campaign, name=name, source=source)
            for name in ("Second", "Third")
        ]
        Campaign.objects.filter(pk=harbour.campaign.pk).update(sequence=True)
    here = f"/campaigns/{harbour.campaign.outside_id}/clicks/"
    owner.post(here, {"go_on": str(texts[1].pk)})
    assert "they go on with “Third”" in words(owner.get(here))
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com")))
    with pen_scope(harbour.pen):
        (row,) = Counted.objects.filter(campaign=harbour.campaign.outside_id)
    ((key, count),) = remembering.read_rows(bytes(row.rows)).items()
    assert len(key) == KEY and (count.step, count.ever) == (2, 0)  # two are seen: the third comes next


def test_a_list_that_is_full_takes_no_more(harbour, patients, monkeypatch):
    from stationer.portal.alerts import actions

    monkeypatch.setattr(actions, "MOST_ON_LIST", 2)
    with pen_scope(harbour.pen):
        assert actions.put_on_list(patients.pk, ["a@example.com", "b@example.com"]) == 1


# ── programs ──


def test_programs_make_rules_and_read_what_was_told(harbour):
    with pen_scope(harbour.pen):
        _, key = devices.make_api_key("CRM")
    program = Client(headers={"authorization": f"Bearer {key}"})

    def ask(method, path, **body):
        answer = getattr(program, method)(f"/api/v1/{path}", body or None, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None

    status, made = ask("post", "alert-rules", whom="address", address="Crm@Example.org", pace="digest")
    assert status == 201 and made["address"] == "crm@example.org"
    assert ask("post", "alert-rules", whom="address")[0] == 422
    assert ask("post", "alert-rules", about="campaigns", campaigns=["cam_no"])[0] == 422
    assert ask("patch", f"alert-rules/{made['id']}", least=90)[1]["least"] == 90
    assert len(ask("get", "alert-rules")[1]["items"]) == 2
    tell(
        harbour, a_hit(harbour, a_mail(harbour, "jane@example.com"), at=timezone.now() - timedelta(minutes=1))
    )
    told = ask("get", "alerts")[1]["items"]
    assert {(one["to"], one["pace"]) for one in told} == {(BOB, "at-once"), ("crm@example.org", "digest")}
    assert ask("delete", f"alert-rules/{made['id']}")[0] == 204
