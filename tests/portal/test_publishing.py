"""Publish: rows become a signed snapshot in the edge's folder, or everything to mend is said and nothing changes."""

from __future__ import annotations

import threading

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import close_old_connections, connection

from stationer import pick
from stationer.portal.access.roll import folder
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.content.pictures import blobs, keep_picture
from stationer.portal.people.members import add_member
from stationer.portal.people.models import AddressList, Group, Package
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import changes
from stationer.portal.publishing.defining import NotReady, troubles
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.placing import place_all
from stationer.portal.publishing.preview import preview
from stationer.portal.publishing.publish import publish
from stationer.portal.publishing.telling import told
from stationer.portal.site.start import signing_key
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)

MJML = "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section></mj-body></mjml>"


def source(words="Hello {{name}}"):
    return {"shape": "mjml", "values": {"mjml": MJML.format(words)}, "text": words}


def template(**values):
    values = {"name": "House", "fallback": True, "parts": {"new": {"signature": source()}}} | values
    return Template.objects.create(**values)


def campaign(name="Open evening", words="Come along", **values):
    row = Campaign.objects.create(name=name, state="live", **values)
    Message.objects.create(campaign=row, name=f"{name} banner", slot="banner", source=source(words))
    return row


def placed(pen, portal):
    public = signing_key(portal).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    data = (folder(pen.pk) / "snapshot.stn").read_bytes()
    return pick.unpack(data, kind="snapshot", public_key=public, pen=pen.outside_id)


def test_publishing_puts_a_signed_snapshot_down_that_picks(in_acme, portal, alice):
    template()
    campaign(rule={"to": {"side": "outside"}})
    row = publish(in_acme, alice.account, "first")
    found = placed(in_acme, portal)
    assert (found.serial, row.serial, found.signed) == (1, 1, True)
    assert [t.name for t in found.payload.templates] == ["House"]
    assert [c.name for c in found.payload.campaigns] == ["Open evening"]
    assert found.payload.management.hold_limit_ms == 60_000
    assert (row.by_name, row.about) == ("alice@acme.example", "first")
    assert blobs().get(row.blob) == (folder(in_acme.pk) / "snapshot.stn").read_bytes()


def test_a_draft_or_paused_campaign_is_not_published(in_acme, portal):
    for state in ("draft", "paused"):
        row = campaign(name=state)
        row.state = state
        row.save()
    publish(in_acme, None)
    assert placed(in_acme, portal).payload.campaigns == ()


def test_every_trouble_is_said_at_once_with_its_page_and_field(in_acme):
    template(parts={"new": {"signature": {"shape": "signature", "values": {"nonsense": "x"}}}})
    campaign(name="Broken", words="<mj-nothing>")
    campaign(name="Nobody", rule={"senders": {"groups": ["Salse"]}})
    Group.objects.create(name="Sales")
    Campaign.objects.create(name="Empty", state="live")
    campaign(name="Late", rule={"when": {"starts": "yesterday"}})
    with pytest.raises(NotReady) as caught:
        publish(in_acme, None)
    found = {(t.kind, t.name): t for t in caught.value.troubles}
    assert set(found) == {
        ("template", "House"),
        ("message", "Broken banner"),
        ("campaign", "Nobody"),
        ("campaign", "Empty"),
        ("campaign", "Late"),
    }
    assert found["template", "House"].place.startswith("new mails, signature")
    assert "Did you mean “Sales”?" in found["campaign", "Nobody"].next
    assert found["campaign", "Late"].place.startswith("when")
    assert all(t.what and t.next and t.id for t in found.values())
    assert not Publication.objects.exists()
    assert not (folder(in_acme.pk) / "snapshot.stn").exists()
    assert len(troubles(in_acme)) == len(caught.value.troubles)


def test_a_refused_publish_leaves_the_stationery_in_force(in_acme, portal):
    template()
    publish(in_acme, None)
    campaign(name="Broken", words="<mj-nothing>")
    with pytest.raises(NotReady):
        publish(in_acme, None)
    assert placed(in_acme, portal).serial == 1


def test_changes_say_what_is_added_changed_and_removed(in_acme, alice):
    house = template()
    gone = campaign(name="Gone")
    everything = {(c.kind, c.what, c.name) for c in changes(in_acme)}
    assert everything == {
        ("template", "added", "House"),
        ("campaign", "added", "Gone"),
        ("message", "added", "Gone banner"),
    }
    publish(in_acme, None)
    assert changes(in_acme) == []
    house.name, house.changed_by = "Practice", alice.account
    house.save()
    gone.state = "paused"
    gone.save()
    AddressList.objects.create(name="VIPs", addresses=["vip@example.org"])
    in_acme.hold_limit_ms = 30_000
    in_acme.save()
    found = {(c.kind, c.what, c.name): c for c in changes(in_acme)}
    assert set(found) == {
        ("template", "changed", "Practice"),
        ("campaign", "removed", "Gone"),
        ("message", "removed", "Gone banner"),
        ("list", "added", "VIPs"),
        ("settings", "changed", "ACME"),
    }
    (name,) = found["template", "changed", "Practice"].fields
    assert (name.field, name.before, name.after) == ("name", "House", "Practice")
    assert found["template", "changed", "Practice"].by == "alice@acme.example"


def test_every_line_of_a_change_says_what_it_is_about(in_acme, portal):
    campaign()
    text = Message.objects.get()
    lines = {line.about: line.after for change in changes(in_acme) for line in told(change).lines}
    assert "" not in lines
    assert "Come along" in lines["What it shows"]
    template()
    publish(in_acme, None)
    text.source = {"shape": "note", "values": {"words": "Another"}}
    text.save()
    lines = {line.about: line.after for change in changes(in_acme) for line in told(change).lines}
    assert lines == {"What it shows": "Another"}


def test_a_picture_under_the_same_name_is_a_change(in_acme, portal):
    keep_picture(png(2, 1), name="logo")
    publish(in_acme, None)
    keep_picture(png(3, 1), name="logo")
    assert [(c.kind, c.what) for c in changes(in_acme)] == [("picture", "changed")]


def test_serials_grow_and_no_two_are_the_same_when_several_publish_at_once(acme, portal):
    with pen_scope(acme):
        template()
    start, faults = threading.Barrier(4), []

    def press():
        try:
            start.wait()
            publish(acme, None)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert not faults
    with pen_scope(acme):
        assert sorted(Publication.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
    assert placed(acme, portal).serial == 4


def test_a_serial_never_goes_back_behind_the_edges_file(in_acme, portal):
    template()
    publish(in_acme, None)
    publish(in_acme, None)
    Publication.objects.all().delete()  # as if an older database had been restored
    assert publish(in_acme, None).serial == 3


def test_the_worker_puts_down_what_a_crash_left_over(acme, portal):
    with pen_scope(acme):
        template()
        publish(acme, None)
    path = folder(acme.pk) / "snapshot.stn"
    whole = path.read_bytes()
    path.unlink()
    assert place_all() == 1
    assert path.read_bytes() == whole
    assert place_all() == 0


def test_a_disk_that_refuses_keeps_the_publication_and_the_worker_mends_it(acme, portal, caplog):
    in_the_way = folder(acme.pk) / ".snapshot.stn.tmp"
    in_the_way.mkdir(parents=True)
    with pen_scope(acme):
        template()
        row = publish(acme, None)
    assert "snapshot-not-placed" in caplog.text
    in_the_way.rmdir()
    assert place_all() == 1
    assert placed(acme, portal).serial == row.serial


def test_a_preview_is_the_members_own(in_acme):
    package = Package.objects.get(name="employees")
    package.disclaimer = "ACME Ltd, registered in Truro."
    package.save()
    member = add_member("alice@acme.example", attributes={"name": "Alice <Penrose>"})
    part = {"signature": source("Regards, {{name}}"), "footer": source("{{disclaimer}}")}
    house = template(parts={"new": part})
    banner = campaign().messages.get()
    seen = preview(member, "new", template=house, messages=[banner])
    assert [(p.slot, p.kind) for p in seen.parts] == [
        ("signature", "template"),
        ("banner", "message"),
        ("footer", "template"),
    ]
    assert "Alice &lt;Penrose&gt;" in seen.html
    assert "<Penrose>" not in seen.html
    assert "Regards, Alice <Penrose>" in seen.text
    assert "registered in Truro" in seen.html
    assert seen.problems == []
    assert preview(member, "reply", template=house).parts == []


def test_a_preview_of_something_broken_says_what_is_wrong(in_acme):
    member = add_member("alice@acme.example")
    seen = preview(member, "new", template=template(parts={"new": {"signature": source("<mj-nothing>")}}))
    assert "mj-nothing" in seen.problems[0].what
    assert [part.html for part in seen.parts] == [""]  # as far as it can be shown


def linked(words):
    return {
        "shape": "mjml",
        "values": {"mjml": MJML.format(f'<a href="https://acme.example/{words}">go</a>')},
        "text": "",
    }


def links_of(found):
    return {links.targets[0]: links.until for links in found.payload.links.values()}


def test_links_of_everything_that_was_published_go_on_for_ever(in_acme, portal):
    house = template(parts={"new": {"signature": linked("one")}})
    publish(in_acme, None)
    assert links_of(placed(in_acme, portal)) == {}
    for words in ("two", "three"):
        house.parts = {"new": {"signature": linked(words)}}
        house.save()
        publish(in_acme, None)
    found = placed(in_acme, portal)
    assert links_of(found) == {"https://acme.example/one": None, "https://acme.example/two": None}
    house.parts = {"new": {"signature": linked("one")}}
    house.save()
    publish(in_acme, None)
    assert set(links_of(placed(in_acme, portal))) == {
        "https://acme.example/two",
        "https://acme.example/three",
    }


def test_links_with_a_life_end_with_it_and_a_lost_publication_is_passed_over(in_acme, portal, settings):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, link_life_days=30)
    house = template(parts={"new": {"signature": linked("one")}})
    publish(in_acme, None)
    house.parts = {"new": {"signature": linked("two")}}
    house.save()
    row = publish(in_acme, None)
    until = int(row.made_at.timestamp() * 1000) + 30 * 86_400_000
    assert links_of(placed(in_acme, portal)) == {"https://acme.example/one": until}
    blobs().put(row.blob, b"damaged")
    house.parts = {"new": {"signature": linked("three")}}
    house.save()
    publish(in_acme, None)
    assert set(links_of(placed(in_acme, portal))) == {"https://acme.example/one"}


def test_what_was_pressed_before_is_not_pressed_again_and_a_new_picture_or_word_is(in_acme):
    from stationer.portal.publishing.pressing import Press, _pressed
    from stationer.wire.source import Picture, Source

    source = Source(
        "banner-picture", {"picture": "practice", "alt": "Our practice", "link": "https://acme.example/"}
    )
    first = Press("https://go.example/c/", {"practice": Picture("https://acme.example/a.png", 300, 100)})
    before = first(source, "message", "banner")
    assert before.content is not None
    assert first(Source(source.shape, dict(source.values)), "message", "banner") is before
    again = Press("https://go.example/c/", {"practice": Picture("https://acme.example/b.png", 300, 100)})
    after = again(source, "message", "banner")
    assert "b.png" in str(after.content) and "b.png" not in str(before.content)
    worse = first(Source("banner-picture", {**source.values, "picture": "gone"}), "message", "banner")
    assert worse.problems and _pressed.cache_info().hits
