"""Writing in the portal: drafts that save themselves, nobody's words overwritten, pictures, deleting by name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Device, Membership
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def _words(harbour, **more):
    return {"name": "Straighter teeth", "v_headline": "New words", "v_colour": "#0e6e73", "twin": "", **more}


def _headline(harbour):
    with pen_scope(harbour.pen):
        return Message.objects.get(pk=harbour.message.pk).source["values"].get("headline")


def test_a_draft_saves_itself_and_the_answer_is_only_what_changes(owner, harbour):
    url = reverse("message", args=[harbour.message.outside_id])
    answer = owner.post(url, _words(harbour), headers=HTMX)
    assert answer.status_code == 200
    assert b"<html" not in answer.content and b'id="views"' in answer.content
    assert _headline(harbour) == "New words"


def test_an_unfinished_draft_is_kept_and_says_what_is_missing(owner, harbour):
    url = reverse("message", args=[harbour.message.outside_id])
    answer = owner.post(url, _words(harbour, v_headline=""), headers=HTMX)
    assert "to mend" in answer.content.decode()
    with pen_scope(harbour.pen):
        assert Message.objects.get(pk=harbour.message.pk).source["values"].get("headline", "") == ""


def test_a_draft_that_somebody_else_changed_meanwhile_is_not_overwritten(client, owner, harbour):
    url = reverse("message", args=[harbour.message.outside_id])
    version = owner.get(url).context["version"]
    with pen_scope(harbour.pen):
        morwenna = give_access("morwenna@harbourdental.example", role="owner")
    other = Client()
    other.force_login(morwenna.account)
    other.post(url, _words(harbour, v_headline="Hers", version=version))
    answer = owner.post(url, _words(harbour, v_headline="His", version=version), headers=HTMX)
    assert "This is not saved yet." in answer.content.decode()
    assert _headline(harbour) == "Hers"
    theirs = answer.context["theirs"]
    owner.post(url, _words(harbour, v_headline="His", version=version, insist=theirs))
    assert _headline(harbour) == "His"


def test_another_shape_keeps_the_words_it_knows(owner, harbour):
    url = reverse("message", args=[harbour.message.outside_id])
    assert owner.post(url, _words(harbour, shape="survey")).status_code == 302
    with pen_scope(harbour.pen):
        source = Message.objects.get(pk=harbour.message.pk).source
    assert source["shape"] == "survey"
    assert "headline" not in source["values"]
    assert owner.get(url).status_code == 200


def test_deleting_asks_for_the_name(owner, harbour):
    url = reverse("campaign-name", args=[harbour.campaign.outside_id])
    answer = owner.post(url, {"delete": "1", "typed": "something else"})
    assert "That is not its name." in answer.content.decode()
    owner.post(url, {"delete": "1", "typed": harbour.campaign.name.upper()})
    with pen_scope(harbour.pen):
        assert not Campaign.objects.filter(pk=harbour.campaign.pk).exists()


def test_publishing_what_cannot_be_published_changes_nothing_and_says_where_to_mend(owner, harbour):
    with pen_scope(harbour.pen):
        harbour.message.source = {"shape": "banner", "values": {}}
        harbour.message.save()
    answer = owner.post(reverse("publish"), {"about": "too early"})
    assert answer.status_code == 422
    assert reverse("message", args=[harbour.message.outside_id]) in answer.content.decode()
    with pen_scope(harbour.pen):
        assert Publication.objects.count() == 1


def test_publishing_puts_the_change_in_force_and_it_waits_no_longer(owner, harbour):
    owner.post(reverse("message", args=[harbour.message.outside_id]), _words(harbour))
    assert "Publish 1 change" in owner.get(reverse("publish")).content.decode()
    owner.post(reverse("publish"), {"about": "new words"})
    assert "Nothing to publish" in owner.get(reverse("publish")).content.decode()
    with pen_scope(harbour.pen):
        assert Publication.objects.order_by("-serial").first().about == "new words"


def test_a_member_revokes_their_own_device_and_nobody_elses(client, harbour):
    with pen_scope(harbour.pen):
        front_desk = Device.objects.get(name="Front desk")
    client.force_login(harbour.bob.account)
    assert client.post(reverse("revoke-device", args=[front_desk.outside_id])).status_code == 404
    assert client.post(reverse("revoke-device", args=[harbour.device.outside_id])).status_code == 302
    with pen_scope(harbour.pen):
        assert Device.objects.get(pk=harbour.device.pk).revoked_at is not None
        assert Device.objects.get(pk=front_desk.pk).revoked_at is None


def test_a_person_is_brought_in_and_an_address_twice_is_refused(owner, harbour):
    with pen_scope(harbour.pen):
        package = harbour.bob.member.package.outside_id
    said = {"address": "New@HarbourDental.example", "a_name": "New Person", "package": package}
    assert owner.post(reverse("new-member"), said).status_code == 302
    again = owner.post(reverse("new-member"), said)
    assert again.status_code == 200 and "errorlist" not in again.content.decode()
    with pen_scope(harbour.pen):
        assert Member.objects.filter(address="new@harbourdental.example").count() == 1


def test_nobody_takes_their_own_way_in(owner, harbour):
    owner.post(reverse("member-access", args=[harbour.alice.member.outside_id]), {"role": "none"})
    with pen_scope(harbour.pen):
        assert Membership.objects.filter(account=harbour.alice.account, role="owner").exists()


def test_a_new_template_for_everyone_else_takes_that_from_the_old_one(owner, harbour):
    owner.post(reverse("new-template"), {"name": "Second", "shape": "signature"})
    with pen_scope(harbour.pen):
        second = Template.objects.get(name="Second")
        assert not second.fallback
    owner.post(
        reverse("template-name", args=[second.outside_id]),
        {"name": "Second", "fallback": "on", "priority": "0"},
    )
    with pen_scope(harbour.pen):
        assert [row.name for row in Template.objects.filter(fallback=True)] == ["Second"]


def test_every_form_is_refused_without_its_token(harbour):
    client = Client(enforce_csrf_checks=True)
    client.force_login(harbour.alice.account)
    answer = client.post(reverse("publish"), {"about": "not from our page"})
    assert answer.status_code == 403
    assert "This page had grown too old" in answer.content.decode()


def test_a_brand_colour_goes_into_the_page_and_nothing_else_does(owner, harbour):
    said = {"form": "brand", "colour": "#ffe600", "seal": "#a8322a", "paper": "250", "voice": ""}
    owner.post(reverse("settings"), said)
    page = owner.get("/").content.decode()
    assert "--pen-colour:#ffe600" in page and "--pen-paper:250" in page
    answer = owner.post(reverse("settings"), said | {"colour": "red;}</style><script>"})
    assert answer.status_code == 200
    assert "<script>" not in owner.get("/").content.decode().replace("<script nonce", "")


def test_a_preview_may_do_nothing(owner, harbour):
    answer = owner.get(reverse("message-preview", args=[harbour.message.outside_id]) + "?view=dark")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert (
        owner.get(reverse("message-preview", args=[harbour.message.outside_id]) + "?view=other").status_code
        == 404
    )


def test_a_new_campaign_goes_by_the_companys_clock(owner, harbour):
    about = {"form": "pen", "name": "Harbour", "domains": ""}
    refused = owner.post("/settings/", about | {"zone": "Europe/Lundun"})
    assert refused.status_code == 200
    assert owner.post("/settings/", about | {"zone": "Europe/London"}).status_code == 302
    begun = owner.post(reverse("new-campaign"), {"name": "Tea", "shape": "note"})
    assert begun.status_code == 302
    with pen_scope(harbour.pen):
        row = Campaign.objects.get(name="Tea")
    page = reverse("campaign", args=[row.outside_id])
    assert "London" in owner.get(page).content.decode()
    opened = owner.get(f"{page}?edit=when")
    assert opened.context["blank"]["zone"].value() == "Europe/London"
    owner.post(f"{page}?edit=when", {"starts": "2026-12-01", "zone": "Europe/London"})
    with pen_scope(harbour.pen):
        assert Campaign.objects.get(name="Tea").wire_rule().when.zone == "Europe/London"


def test_a_campaign_that_comes_second_says_so_before_publish(owner, harbour):
    with pen_scope(harbour.pen):
        row = Campaign.objects.create(name="Tea", rule={"to": {"side": "outside"}})
        text = Message.objects.create(
            campaign=row, name="Tea", slot=harbour.message.slot, source={"shape": "note"}
        )
        first = Campaign.objects.get(pk=harbour.campaign.pk)
    page = reverse("campaign", args=[row.outside_id])
    words = f"In mails that “{first.name}” also suits, that one comes first"

    def said(**about_the_first):
        with pen_scope(harbour.pen):
            Campaign.objects.filter(pk=first.pk).update(
                **{"priority": 10, "state": "live", "rule": {}} | about_the_first
            )
        return words in owner.get(page).content.decode()

    assert said()
    assert not said(priority=0)
    assert not said(state="paused")
    assert not said(rule={"to": {"side": "inside"}})
    assert not said(rule={"when": {"ends": "2020-01-01"}})
    assert said(rule={"to": {"side": "outside"}, "when": {"starts": "2020-01-01"}})
    german = owner.get(page, headers={"accept-language": "de"}).content.decode()
    assert f"In Mails, zu denen auch „{first.name}“ passt" in german
    with pen_scope(harbour.pen):
        Message.objects.filter(pk=text.pk).update(slot="top")
    assert not said()


def test_an_attribute_that_nobody_has_is_noticed_and_published_all_the_same(owner, harbour):
    url = reverse("message", args=[harbour.message.outside_id])
    noticed = "Nobody has an attribute called nosuch, so this stays empty."
    page = owner.post(url, _words(harbour, v_headline="Hi {{nosuch}}"), headers=HTMX).content.decode()
    assert noticed in page
    assert "{{nosuch|…}}" in page
    assert "to mend" not in page and "Nothing to mend" not in page
    assert noticed in owner.get(url).content.decode()
    for words in ("Hi {{name}}, {{mobile}}, {{email}}, {{company}}", "Hi {{nosuch|you}}"):
        assert (
            noticed not in owner.post(url, _words(harbour, v_headline=words), headers=HTMX).content.decode()
        )
    with pen_scope(harbour.pen):
        row = Member.objects.first()
        row.attributes["nosuch"] = "there"
        row.save()
    owner.post(url, _words(harbour, v_headline="Hi {{nosuch}}"), headers=HTMX)
    assert noticed not in owner.get(url).content.decode()


def test_what_a_partner_allows_is_the_most_that_a_company_can_set(owner, harbour):
    harbour.pen.inherited = {
        "management": {"most_messages": 1, "hold_limit_ms": 30_000},
        "locks": ["hold_limit_ms"],
    }
    harbour.pen.save()
    page = reverse("house-rules")
    refused = owner.post(f"{page}?edit=most_messages", {"most_messages": 2})
    assert "Your partner has set narrower bounds for this." in refused.content.decode()
    locked = owner.post(f"{page}?edit=hold_limit_ms", {"hold_s": 60}).content.decode()
    assert "set by your partner" in locked and "30 seconds" in locked
    assert owner.post(f"{page}?edit=most_messages", {"most_messages": 0}).status_code == 302
    harbour.pen.refresh_from_db()
    assert harbour.pen.management().most_messages == 0


def test_a_holdout_is_set_on_a_campaigns_page_and_said_in_its_sentence(owner, harbour):
    with pen_scope(harbour.pen):
        row = Campaign.objects.create(name="Fair", state="live", rule={})
    page = reverse("campaign", args=[row.outside_id])
    assert owner.post(f"{page}?edit=holdout", {"share": 91}).status_code == 200
    assert owner.post(f"{page}?edit=holdout", {"share": 10}).status_code == 302
    assert "10 % of mails go without it, so that you see what it does" in owner.get(page).content.decode()


def test_a_page_keeps_what_a_campaign_asks_of_memory(owner, harbour):
    memory = {"caps": {"week": 2}, "cool_down_h": 36, "sequence": True, "stop_after_click": True}
    with pen_scope(harbour.pen):
        row = Campaign.objects.create(name="Fair", rule={}, **memory)
    named = reverse("campaign-name", args=[row.outside_id])
    assert owner.post(named, {"name": "Fairs", "priority": 1}).status_code == 302
    with pen_scope(harbour.pen):
        row.refresh_from_db()
    assert {name: getattr(row, name) for name in memory} == memory and row.name == "Fairs"


def test_a_page_keeps_the_conditions_that_it_cannot_edit(owner, harbour):
    rule = {
        "senders": {"where": {"department": ["Sales"]}},
        "when": {"not_on": ["2026-12-25"], "hours": "08:00-17:00"},
    }
    with pen_scope(harbour.pen):
        row = Campaign.objects.create(name="Fair", rule=rule)
    page = reverse("campaign", args=[row.outside_id])
    said = {"addresses": "alice@harbourdental.example", "details": "department: Sales"}
    owner.post(f"{page}?edit=who", said)
    owner.post(f"{page}?edit=when", {"starts": "2026-12-01", "zone": "UTC", "off": "2026-12-25"})
    with pen_scope(harbour.pen):
        kept = Campaign.objects.get(name="Fair").wire_rule()
    assert kept.senders.addresses and kept.senders.where == {"department": ("Sales",)}
    assert (kept.when.starts, kept.when.hours, kept.when.not_on) == ("2026-12-01", "", ("2026-12-25",))
