"""A group or a package gets another name: mail stays as it is until Publish, Publish goes through, and then lets go."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stationer import pick
from stationer.portal.access.roll import folder
from stationer.portal.audit.models import Entry
from stationer.portal.content.binning import discard
from stationer.portal.content.models import Binned, Campaign, Template
from stationer.portal.people.bulk import put_into
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group, Member, Package, Pen
from stationer.portal.people.naming import rename, uses
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import publish
from stationer.portal.publishing.undoing import put_back
from stationer.wire.pick import Question

pytestmark = pytest.mark.django_db(transaction=True)


def source(words):
    return {"footer": {"shape": "note", "values": {"words": words}}}


@pytest.fixture
def sales(acme):
    """A template for Sales, one for clients, one for everyone else; published. Bob is in Sales, Carol a client."""
    with pen_scope(acme):
        group = Group.objects.create(name="Sales")
        add_member("bob@acme.example", groups=[group])
        clients = Package.objects.get(name="clients")
        add_member("carol@acme.example", package=clients)
        Template.objects.create(name="Rest", fallback=True, parts={"new": source("Rest")})
        Template.objects.create(
            name="Sellers", parts={"new": source("Sellers")}, rule={"senders": {"groups": ["Sales"]}}
        )
        Template.objects.create(
            name="Clients", parts={"new": source("Clients")}, rule={"senders": {"packages": ["clients"]}}
        )
        acme.quiet_groups = ["Sales"]
        acme.save()
        publish(acme, None)
    return group


def unpacked(acme, kind):
    return pick.unpack((folder(acme.pk) / f"{kind}.stn").read_bytes(), kind=kind, public_key=None).payload


def carried(acme, sender):
    """Whose words are on a new mail of this sender, as an edge with these files sees it."""
    snapshot = pick.load(unpacked(acme, "snapshot"))
    who = pick.read_roll(unpacked(acme, "roll"), bytes(acme.mark_key))
    answer = pick.pick(snapshot, who, Question(sender, ["x@example.org"], []), now=0, pick_id="pck")
    blocks = [one.block for copy in answer.copies for one in copy.new.footer]
    said = [
        repr(content)
        for block in blocks
        for key, content in snapshot.compiled.contents.items()
        if key in block
    ]
    return [name for name in ("Sellers", "Clients", "Rest") for one in said if name in one]


def test_mail_is_the_same_after_a_rename_until_publish_and_after_it(signed_in, acme, sales):
    client = signed_in
    with pen_scope(acme):
        clients = Package.objects.get(name="clients")
    client.post(f"/people/groups/{sales.outside_id}/", {"name": "Selling"})
    client.post(reverse("package", args=[clients.outside_id]), {"name": "Patients"})
    assert carried(acme, "bob@acme.example") == ["Sellers"]
    assert carried(acme, "carol@acme.example") == ["Clients"]
    with pen_scope(acme):
        acme.refresh_from_db()
        assert acme.quiet_groups == ["Selling"]
        publish(acme, None)  # nothing is in its way
        assert Publication.objects.first().knows["groups"].keys() == {"Selling"}
    assert carried(acme, "bob@acme.example") == ["Sellers"]
    assert carried(acme, "carol@acme.example") == ["Clients"]
    roll = unpacked(acme, "roll")
    said = {one.address: (one.groups, one.package, one.packages) for one in roll.people}
    assert said["bob@acme.example"] == (("Selling",), "employees", ())
    assert said["carol@acme.example"] == ((), "Patients", ())


def test_the_rules_follow_as_one_thing_in_the_audit_and_in_the_bin(acme, alice, sales):
    with pen_scope(acme):
        campaign = Campaign.objects.create(name="Spring", rule={"except_to": {"groups": ["Sales", "Board"]}})
        discard(Campaign.objects.create(name="Old", rule={"to": {"groups": ["Sales"]}}), None)
        before = Entry.objects.count()
        rename(sales, "Selling")
        assert Entry.objects.count() == before + 1
        lines = {line["about"]: line["after"] for line in Entry.objects.first().lines}
        assert lines["name"] == "Selling" and len(lines["rules"]) == 3
        campaign.refresh_from_db()
        assert campaign.rule["except_to"]["groups"] == ["Selling", "Board"]
        assert Binned.objects.get().rows[0]["rule"] == {"to": {"groups": ["Selling"]}}


def test_another_group_that_takes_the_old_name_gets_no_mail_of_it_before_publish(acme, sales):
    with pen_scope(acme):
        add_member("dan@acme.example")
        rename(sales, "Selling")
        new = Group.objects.create(name="Sales")
        put_into(new, Member.objects.filter(address="dan@acme.example"))
    assert carried(acme, "dan@acme.example") == ["Rest"]
    assert carried(acme, "bob@acme.example") == ["Sellers"]


def test_an_earlier_version_means_the_same_group_when_it_is_put_back(acme, alice, sales):
    with pen_scope(acme):
        first = Publication.objects.get()
        rename(sales, "Selling")
        publish(acme, None)
        put_back(acme, first, alice.account, with_drafts=True)
        assert Template.objects.get(name="Sellers").rule == {"senders": {"groups": ["Selling"]}}
        assert Pen.objects.get().quiet_groups == ["Selling"]
    assert carried(acme, "bob@acme.example") == ["Sellers"]


def test_a_version_that_was_published_before_names_were_kept_keeps_its_meaning(acme, sales):
    with pen_scope(acme):
        Publication.objects.update(knows=None)
        rename(sales, "Selling")
        rename(sales, "Sellers")
    assert carried(acme, "bob@acme.example") == ["Sellers"]


def test_what_names_a_group_is_told_as_it_is_written_and_as_it_is_in_force(acme, sales):
    with pen_scope(acme):
        Template.objects.filter(name="Sellers").update(rule={})
        Campaign.objects.create(name="Spring", rule={"to": {"groups": ["Sales"]}})
        said = {one.said: (one.draft, one.in_force) for one in uses(sales)}
    assert said == {
        "the template “Sellers”": (False, True),
        "the campaign “Spring”": (True, False),
        "the house rules (groups without campaigns)": (True, True),
    }
