"""Versions: undone in one press, put in force again, compared; and what is deleted comes back from the bin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stationer import pick
from stationer.portal.access.roll import folder
from stationer.portal.content import binning
from stationer.portal.content.models import Binned, Campaign, Message, Template
from stationer.portal.people.models import AddressList
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import changes, drafts
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import publish

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_edge(pen):
    return pick.unpack((folder(pen.pk) / "snapshot.stn").read_bytes(), kind="snapshot", public_key=None)


def publish_a_mistake(harbour):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={})
        Template.objects.filter(pk=harbour.template.pk).update(name="Wrong")
        return publish(harbour.pen, harbour.alice.account, "a mistake")


def test_undo_puts_the_version_before_in_force_and_keeps_the_drafts(owner, harbour):
    before = at_the_edge(harbour.pen)
    publish_a_mistake(harbour)
    page = owner.get(reverse("publish")).content.decode()
    assert "Undo version 2" in page and "Your drafts stay as they are and wait here." in page
    assert owner.post(reverse("undo"), {"version": "2"}).status_code == 302
    after = at_the_edge(harbour.pen)
    assert (before.serial, after.serial) == (1, 3)
    assert after.payload.campaigns == before.payload.campaigns
    assert after.payload.templates == before.payload.templates
    with pen_scope(harbour.pen):
        row = Publication.objects.latest("serial")
        assert (row.by_name, row.about) == (harbour.alice.account.email, "Version 1 again")
        assert {change.name for change in changes(harbour.pen)} == {"Wrong", harbour.campaign.name}
    # pressed again by somebody who still sees version 2: nothing
    assert owner.post(reverse("undo"), {"version": "2"}).status_code == 302
    assert at_the_edge(harbour.pen).serial == 3


def test_undo_ends_after_thirty_days(owner, harbour):
    publish_a_mistake(harbour)
    with pen_scope(harbour.pen):
        Publication.objects.update(made_at=timezone.now() - timedelta(days=31))
    assert "Undo version" not in owner.get(reverse("publish")).content.decode()
    owner.post(reverse("undo"), {"version": "2"})
    assert at_the_edge(harbour.pen).serial == 2


def test_a_version_is_put_in_force_with_its_drafts(owner, harbour):
    with pen_scope(harbour.pen):
        first = Publication.objects.get()
        said = drafts(harbour.pen)
        added = Campaign.objects.create(name="Added", state="live")
        Message.objects.create(campaign=added, name="A", source=harbour.message.source)
        extra = Message.objects.create(campaign=harbour.campaign, name="B", source=harbour.message.source)
        Template.objects.create(name="Second", priority=9)
        binning.discard(Campaign.objects.get(name="How was your visit?"), None)
        AddressList.objects.update(addresses=["x@y.example"])
        harbour.pen.most_messages = 1
        harbour.pen.save()
    publish_a_mistake(harbour)
    answer = owner.post(reverse("restore-version", args=[first.outside_id]), {"drafts": "1"})
    assert answer.status_code == 302
    harbour.pen.refresh_from_db()
    with pen_scope(harbour.pen):
        assert drafts(harbour.pen) == said
        assert changes(harbour.pen) == []
        assert Campaign.objects.get(pk=added.pk).state == "paused"
        assert not Message.objects.filter(pk=extra.pk).exists()
        assert {row.name for row in Binned.objects.all()} == {"B", "Second", "How was your visit?"}
    assert at_the_edge(harbour.pen).serial == 3


def test_versions_are_listed_shown_and_compared(owner, harbour):
    publish_a_mistake(harbour)
    with pen_scope(harbour.pen):
        second, first = Publication.objects.all()
    listed = owner.get(reverse("versions")).content.decode()
    assert "Version 2: a mistake" in listed and "Alice Penrose" in listed
    shown = owner.get(reverse("version", args=[second.outside_id])).content.decode()
    assert "Practice letterhead" in shown and "Wrong" in shown
    compared = owner.get(
        reverse("version", args=[first.outside_id]), {"against": second.outside_id}
    ).content.decode()
    assert "How it differs from version 2" in compared and "Wrong" in compared


def rows(harbour):
    """The campaign and its messages, without when they changed."""
    with pen_scope(harbour.pen):
        found = [*Campaign.objects.filter(pk=harbour.campaign.pk).values()]
        found += Message.objects.filter(campaign_id=harbour.campaign.pk).values()
    return [{k: v for k, v in row.items() if k != "changed_at"} for row in found]


def binned(harbour):
    with pen_scope(harbour.pen):
        return list(Binned.objects.all())


def test_what_is_deleted_comes_back_as_it_was(owner, harbour):
    row, before = harbour.campaign, rows(harbour)
    page = reverse("campaign-name", args=[row.outside_id])
    assert owner.post(page, {"delete": "1", "typed": "something else"}).status_code == 200
    assert owner.post(page, {"delete": "1", "typed": row.name.upper()}).status_code == 302
    assert rows(harbour) == []
    assert "Campaign with 1 message" in owner.get(reverse("bin")).content.decode()
    (kept,) = binned(harbour)
    answer = owner.post(reverse("bring-back", args=[kept.outside_id]))
    assert answer["Location"] == reverse("campaign", args=[row.outside_id])
    assert rows(harbour) == before and len(before) == 2
    assert binned(harbour) == []
    with pen_scope(harbour.pen):
        assert changes(harbour.pen) == []


def test_a_message_waits_for_its_campaign(owner, harbour):
    owner.post(reverse("delete-message", args=[harbour.message.outside_id]))
    (message,) = binned(harbour)
    with pen_scope(harbour.pen):
        campaign = binning.discard(Campaign.objects.get(pk=harbour.campaign.pk), None)
    answer = owner.post(reverse("bring-back", args=[message.outside_id]), follow=True).content.decode()
    assert "Its campaign is deleted as well. Bring the campaign back first." in answer
    owner.post(reverse("bring-back", args=[campaign.outside_id]))
    owner.post(reverse("bring-back", args=[message.outside_id]))
    assert len(rows(harbour)) == 2


def test_a_template_comes_back_beside_the_one_that_took_its_place(harbour):
    with pen_scope(harbour.pen):
        kept = binning.discard(Template.objects.get(fallback=True), None)
        Template.objects.create(name="New", fallback=True, key="house")
        kept.rows[0]["key"] = "house"
        row = binning.bring_back(kept, None)
    assert (row.fallback, row.key) == (False, "")


def test_the_bin_is_emptied_after_thirty_days(owner, harbour):
    with pen_scope(harbour.pen):
        kept = binning.discard(Campaign.objects.get(pk=harbour.campaign.pk), None)
        Binned.objects.update(binned_at=timezone.now() - timedelta(days=31))
    assert "The bin is empty" in owner.get(reverse("bin")).content.decode()
    owner.post(reverse("bring-back", args=[kept.outside_id]))
    assert binning.forget_old() == 1
    with pen_scope(harbour.pen):
        assert not Campaign.objects.filter(pk=harbour.campaign.pk).exists()


def test_what_an_earlier_version_brought_back_is_not_brought_back_twice(owner, harbour):
    with pen_scope(harbour.pen):
        first = Publication.objects.latest("serial")
        kept = binning.discard(Campaign.objects.get(pk=harbour.campaign.pk), None)
    owner.post(reverse("restore-version", args=[first.outside_id]), {"drafts": "1"})
    answer = owner.post(reverse("bring-back", args=[kept.outside_id]), follow=True)
    assert answer.status_code == 200 and "It is there already" in answer.content.decode()
    with pen_scope(harbour.pen):
        again = binning.discard(Campaign.objects.get(pk=harbour.campaign.pk), None)
        assert binning.bring_back(kept, None).pk == harbour.campaign.pk
        with pytest.raises(binning.CannotReturn):
            binning.bring_back(again, None)


def test_what_a_version_changed_is_shown_by_pages(owner, harbour):
    row = publish_a_mistake(harbour)
    with pen_scope(harbour.pen):
        Publication.objects.filter(pk=row.pk).update(changed=row.changed * 40)
    first = owner.get(reverse("version", args=[row.outside_id])).content.decode()
    assert f"{len(row.changed) * 40} things" in first and first.count("<li>\n    <div") == 25
    assert "page=2" in first
