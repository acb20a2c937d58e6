"""What waits for Publish is remembered by the state of the drafts, and right after every kind of change; a Publish page
with a thousand changes tells them page by page, and publishes all of them or none."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from trials.browser.harbour import furnish, picture

from stationer.portal.content import binning
from stationer.portal.content.models import Asset, Binned, Campaign, Message, Template
from stationer.portal.content.pictures import keep_picture
from stationer.portal.people import naming
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.publishing import marking, undoing
from stationer.portal.publishing.changes import changes
from stationer.portal.publishing.models import ChangeMark, Publication
from stationer.portal.publishing.publish import publish

pytestmark = pytest.mark.django_db


def counted(client):
    """What the rail says beside any page."""
    found = re.search(
        r'<span class="count">(\d+)<span class="visually-hidden"> (?:change|changes) waiting',
        client.get("/myself/").content.decode(),
    )
    return int(found[1]) if found else 0


def _rolled_back(harbour):
    try:
        with transaction.atomic():
            Campaign.objects.create(name="Never", state="live")
            raise LookupError
    except LookupError:
        pass


def _pen(harbour, **values):
    for name, value in values.items():
        setattr(harbour.pen, name, value)
    harbour.pen.save()


def _first():
    return Publication.objects.earliest("serial")


def _delete_list(harbour):
    AddressList.objects.get(name="Guests").delete()


def _take_back(harbour):
    undoing.put_back(harbour.pen, _first(), harbour.alice.account, with_drafts=True)


def _bin(harbour):
    binning.discard(Campaign.objects.get(name="Two"), harbour.alice.account)


def _unbin(harbour):
    binning.bring_back(Binned.objects.get(), harbour.alice.account)


def _bulk(harbour):
    rows = list(Message.objects.all())
    for row in rows:
        row.weight = 7
    Message.objects.bulk_update(rows, ["weight"])


def _more(harbour):
    rows = Campaign.objects.bulk_create(Campaign(name=name, state="live") for name in ("One", "Two"))
    Message.objects.bulk_create(
        Message(campaign=row, name=row.name, source=harbour.message.source) for row in rows
    )


def _set(model, **values):
    def do(harbour):
        row = model.objects.earliest("pk")
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    return do


#: Every way in which something comes to wait, or no longer waits.
DEEDS = {
    "a template is saved": _set(Template, name="Renamed"),
    "and as it was again": _set(Template, name="Practice letterhead"),
    "two are made at once": _more,
    "all messages are written at once": _bulk,
    "a change that was rolled back": _rolled_back,
    "a campaign is paused": lambda harbour: Campaign.objects.filter(name="One").update(state="paused"),
    "one goes into the bin": _bin,
    "and comes back": _unbin,
    "a message is deleted": lambda harbour: harbour.message.delete(),
    "several are deleted": lambda harbour: Message.objects.filter(name="Two").delete(),
    "a list is made": lambda harbour: AddressList.objects.create(name="Guests", addresses=["g@out.example"]),
    "a list is written": lambda harbour: AddressList.objects.update_or_create(
        name="Guests", defaults={"addresses": []}
    ),
    "a list is deleted": _delete_list,
    "a picture is another": lambda harbour: keep_picture(picture(60, 60), name="practice"),
    "a new picture alone waits for nothing": lambda harbour: keep_picture(picture(50, 50), name="unused"),
    "a picture is taken away": lambda harbour: Asset.objects.filter(name="practice").delete(),
    "a rule of the house": lambda harbour: _pen(harbour, most_messages=1),
    "what a partner sets": lambda harbour: _pen(harbour, inherited={"management": {"most_messages": 1}}),
    "a link domain that is proven": lambda harbour: _pen(
        harbour, link_host="links.harbourdental.example", link_host_proven_at=timezone.now()
    ),
    "a setting that is not published": lambda harbour: _pen(harbour, zone="Europe/London"),
    "a group is called otherwise": lambda harbour: naming.rename(harbour.group, "Front of house"),
    "they have messages again": lambda harbour: Message.objects.bulk_create(
        Message(campaign=row, name=row.name, source=harbour.message.source)
        for row in Campaign.objects.filter(messages=None)
    ),
    "a version is published": lambda harbour: publish(harbour.pen, harbour.alice.account),
    "a change after it": _set(Template, name="After"),
    "an earlier version with its drafts": _take_back,
    "what the company is called": lambda harbour: _pen(harbour, name="Harbour Dental Ltd"),
}


def test_the_count_is_right_after_every_kind_of_change(owner, harbour):
    seen = set()
    for name, do in DEEDS.items():
        assert counted(owner) == counted(owner)  # it is remembered, then changed
        with pen_scope(harbour.pen):
            do(harbour)
            harbour.pen = Pen.objects.get(pk=harbour.pen.pk)
            expected = len(changes(harbour.pen))
        assert counted(owner) == expected, name
        seen.add(expected)
    assert len(seen) > 4, seen


def test_what_the_worker_writes_outside_every_company_counts_as_well(owner, harbour):
    assert counted(owner) == 0
    with outside_scope(reason="the test writes as the worker does"):
        Template.objects.filter(pk=harbour.template.pk).update(name="By the worker")
    assert counted(owner) == 1


def test_where_nothing_changed_nothing_is_counted_anew(owner, harbour):
    counted(owner)
    with CaptureQueriesContext(connection) as asked:
        counted(owner)
    read = [one["sql"] for one in asked if "content_" in one["sql"] or "publishing_pub" in one["sql"]]
    assert all("COUNT(" in sql for sql in read), read


def test_trying_a_draft_that_is_no_campaign_yet_counts_nothing_for_others(owner, harbour):
    harbour.pen.replay = True
    harbour.pen.save()
    with pen_scope(harbour.pen):
        publish(harbour.pen, harbour.alice.account)
        draft = Campaign.objects.get(name="Bring a friend")
    cache.clear()
    owner.get(reverse("campaign-reach", args=[draft.outside_id]))
    assert counted(owner) == 0


def test_another_company_has_a_count_of_its_own(client, owner, harbour, oscar):
    with pen_scope(harbour.pen):
        Template.objects.update(name="Ours")
    assert counted(owner) == 1
    client.force_login(oscar.account)
    assert counted(client) == 0


def test_a_publication_takes_the_marks_before_it_away_and_the_worker_those_of_who_never_publishes(
    harbour, monkeypatch
):
    with pen_scope(harbour.pen):
        assert ChangeMark.objects.count() == 1
        for n in range(4):
            Template.objects.update(name=f"Again {n}")
        before = marking.state()
        assert ChangeMark.objects.count() == 5
    assert marking.gather() == 0
    monkeypatch.setattr(marking, "MANY", 4)
    assert marking.gather() == 1
    with pen_scope(harbour.pen):
        assert ChangeMark.objects.count() == 1 and marking.state() != before


def fingerprint(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


@pytest.fixture
def crowded(client, portal):
    """A company with sixty campaigns that nobody has published yet."""
    harbour = furnish(campaigns=60, published=False)
    client.force_login(harbour.alice.account)
    return harbour


def test_many_changes_are_told_page_by_page_and_counted_in_all(client, crowded):
    first = client.get(reverse("publish")).content.decode()
    assert "Publish 128 changes" in first and "1 to 25 of 128" in first
    assert "63 campaigns" in first and "63 messages" in first and "1 template" in first
    assert "whichever of the 6 pages you looked at" in first
    told = []
    for n in range(1, 7):
        page = client.get(reverse("publish"), {"page": n, "seen": fingerprint(first)}).content.decode()
        assert fingerprint(page) == fingerprint(first) and "Nothing is published yet." not in page
        told += re.findall(r"<li>\s*<div class=\"row is-apart\"><h3>", page)
    assert len(told) == 128
    assert f"seen={fingerprint(first)}" in first.split('rel="next"')[1][:200]


def test_what_changed_on_another_page_than_the_one_looked_at_is_never_published_unseen(client, crowded):
    first = client.get(reverse("publish")).content.decode()
    with pen_scope(crowded.pen):
        Campaign.objects.filter(name="Campaign 0059").update(name="Zzz, the last one")
    then = client.get(reverse("publish"), {"page": 2, "seen": fingerprint(first)}).content.decode()
    assert "Nothing is published yet." in then and fingerprint(then) != fingerprint(first)
    refused = client.post(reverse("publish"), {"seen": fingerprint(first)})
    assert refused.status_code == 409
    with pen_scope(crowded.pen):
        assert not Publication.objects.exists()
    assert client.post(reverse("publish"), {"seen": fingerprint(then)}).status_code == 302
    with pen_scope(crowded.pen):
        assert len(Publication.objects.get().changed) == 128


def test_drafts_that_stay_behind_are_counted_where_not_all_are_shown(owner, harbour):
    with pen_scope(harbour.pen):
        Campaign.objects.bulk_create(Campaign(name=f"Draft {n:02}") for n in range(30))
        Template.objects.update(name="Changed")
    page = owner.get(reverse("publish")).content.decode()
    assert page.count("Take it along") == 20 and "11 more" in page
