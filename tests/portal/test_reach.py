"""How far a draft reaches: counted on records as an edge keeps them; and said where there is no figure, and why."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stationer import pick
from stationer.pick.records import framed, head
from stationer.portal.access.roll import folder
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing import reaching
from stationer.portal.publishing.changes import drafts
from stationer.portal.publishing.publish import publish
from stationer.wire.pick import Question

pytestmark = pytest.mark.django_db(transaction=True)
NOON = 1_763_553_600_000  # a Wednesday


@pytest.fixture
def harbour(harbour, settings, tmp_path):
    settings.EDGE_RECORDS = tmp_path / "records"
    return harbour


@pytest.fixture
def owner(client, harbour):
    client.force_login(harbour.alice.account)
    return client


def keep(harbour, settings, *mails):
    """What an edge keeps of these mails (sender, recipients)."""
    pen = Pen.objects.get(pk=harbour.pen.pk)
    pen.replay = True
    pen.save()
    publish(pen, None)
    here = folder(pen.pk)
    compiled = pick.unpack((here / "snapshot.stn").read_bytes(), kind="snapshot", public_key=None).payload
    roll = pick.unpack((here / "roll.stn").read_bytes(), kind="roll", public_key=None).payload
    snapshot, who = pick.load(compiled), pick.read_roll(roll, compiled.mark_key)
    records = [
        pick.record(snapshot, who, Question(f"{sender}@harbourdental.example", list(to), []), NOON + n)
        for n, (sender, *to) in enumerate(mails)
    ]
    place = settings.EDGE_RECORDS / pen.outside_id
    place.mkdir(parents=True)
    (place / "2025-11-19-1.rpl").write_bytes(head(compiled.mark_key) + framed(records))
    return pen


MAILS = [
    ("alice", "carol@out.example"),
    ("alice", "carol@out.example", "dora@out.example"),
    ("morwenna", "emil@out.example"),
    ("alice", "bob@harbourdental.example"),
    ("morwenna", "orders@dentalsupply.example"),
]


def test_a_campaign_says_on_how_many_mails_it_would_have_been(owner, harbour, settings):
    keep(harbour, settings, *MAILS)
    page = reverse("campaign-reach", args=[harbour.campaign.outside_id])
    said = owner.get(page).content.decode()
    assert "3 of 5 mails" in said and "3 people" in said and "<html" in said
    quick = owner.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "3 of 5 mails" in quick and "<html" not in quick
    assert "Asked as if it ran all the time." in quick  # it has a first and a last day, of another year


def test_a_draft_is_counted_as_if_it_were_live_and_what_stands_back_is_said(owner, harbour, settings):
    keep(harbour, settings, *MAILS)
    with pen_scope(harbour.pen):
        row = Campaign.objects.create(name="Draft", rule={"to": {"side": "inside"}}, caps={"week": 1})
        Message.objects.create(campaign=row, name="D", source=harbour.message.source)
        low = Campaign.objects.create(name="Low", rule={"to": {"side": "outside"}}, priority=-5, state="live")
        Message.objects.create(campaign=low, name="L", source=harbour.message.source)
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={"to": {"side": "outside"}})
        nobody = Campaign.objects.create(name="Nobody", rule={"to": {"domains": ["never.example"]}})
        Message.objects.create(campaign=nobody, name="N", source=harbour.message.source)

    def said(one):
        return owner.get(reverse("campaign-reach", args=[one.outside_id])).content.decode()

    assert "1 of 5 mails" in said(row) and "limits for one person do not count here" in said(row)
    assert "4 mails suit it, but another campaign always comes first." in said(low)
    assert "None of 5 mails would have carried it." in said(nobody)


def test_publish_says_how_many_mails_it_changes(owner, harbour, settings):
    keep(harbour, settings, *MAILS)
    page = reverse("publish-reach")
    assert "None of 5 mails of last week would have looked otherwise." in owner.get(page).content.decode()
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={"senders": {"groups": ["Reception"]}})
    assert "5 of 5 mails" in owner.get(page).content.decode()
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(
            rule={"to": {"domains": ["dentalsupply.example"]}}
        )
    assert "1 of 5 mails" in owner.get(page).content.decode()


def test_where_there_is_no_figure_the_page_says_why(owner, harbour, settings):
    page = reverse("campaign-reach", args=[harbour.campaign.outside_id])
    assert "nothing is kept of who wrote to whom" in owner.get(page).content.decode()
    pen = Pen.objects.get(pk=harbour.pen.pk)
    pen.replay = True
    pen.save()
    assert "From the next Publish on it is kept" in owner.get(page).content.decode()
    publish(pen, None)
    assert "or the edge keeps it on another machine" in owner.get(page).content.decode()
    pen.domains = []
    pen.save()
    place = settings.EDGE_RECORDS / pen.outside_id
    place.mkdir(parents=True)
    (place / "2025-11-19-1.rpl").write_bytes(b"STNRPLY1 of another key")
    assert "There is no figure" in owner.get(page).content.decode()


def test_of_many_mails_evenly_chosen_ones_are_asked(harbour, settings, monkeypatch):
    pen = keep(harbour, settings, *MAILS * 20)
    monkeypatch.setattr(reaching, "MOST_MAILS", 30)
    with pen_scope(pen):
        found = reaching.reached(pen, drafts(pen), harbour.campaign.outside_id)
    assert (found.all, found.asked) == (100, 25)


def test_no_more_mails_are_asked_than_a_reader_waits_for(harbour, settings, monkeypatch):
    pen = keep(harbour, settings, *MAILS * 20)
    monkeypatch.setattr(reaching, "MOST_S", 0)
    with pen_scope(pen):
        assert reaching.reached(pen, drafts(pen), harbour.campaign.outside_id).asked == 1
        assert reaching.touched(pen, drafts(pen), drafts(pen)).asked == 1
    spread = [one.at - NOON for one in reaching._spread(reaching.week(pen).records)]
    assert sorted(spread) == list(range(100)) and max(spread[:10]) > 70 and min(spread[:10]) < 30


def test_a_record_cut_short_ends_a_file_and_every_nth_is_read(harbour, settings):
    pen = keep(harbour, settings, *MAILS)
    (path,) = (settings.EDGE_RECORDS / pen.outside_id).iterdir()
    data, key = path.read_bytes(), bytes(pen.mark_key)
    assert pick.count_records(data, key) == len(pick.read_records(data, key)) == 5
    assert pick.count_records(data[:-1], key) == len(pick.read_records(data[:-1], key)) == 4
    assert pick.read_records(data, key, 2) == pick.read_records(data, key)[::2]
