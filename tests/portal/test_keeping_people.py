"""The office's form of a person: it keeps what it changed, asks where both did, and leaves addresses of those above."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.people.bulk import put_into
from stationer.portal.people.members import add_member, save_member
from stationer.portal.people.models import Group, Member
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(acme):
    with pen_scope(acme):
        Group.objects.create(name="Board")
        return add_member("bob@acme.example", attributes={"name": "Bob", "phone": "+44 1632 960 100"})


def as_shown(client, row):
    """What the browser would send back of the page as it is."""
    html = client.get(f"/people/{row.outside_id}/").content.decode()
    was = unescape(re.search(r'name="was" value="([^"]*)"', html).group(1))
    said = json.loads(was)
    return {"was": was, "aliases": "", "a_name": "", "a_title": ""} | {
        name: "\n".join(value) if name == "aliases" else value for name, value in said.items()
    }


def now(acme, row):
    with pen_scope(acme):
        return Member.objects.get(pk=row.pk)


def test_what_the_member_saved_meanwhile_stays(signed_in, acme, bob):
    sent = as_shown(signed_in, bob)
    with pen_scope(acme):
        bob.attributes = bob.attributes | {"phone": "+44 1632 960 999"}
        bob.aliases = ["robert@acme.example"]
        save_member(bob)
        put_into(Group.objects.get(), Member.objects.filter(pk=bob.pk))
    answer = signed_in.post(f"/people/{bob.outside_id}/", sent | {"a_title": "Director"})
    assert answer.status_code == 302
    row = now(acme, bob)
    assert row.attributes == {"name": "Bob", "phone": "+44 1632 960 999", "title": "Director"}
    assert row.aliases == ["robert@acme.example"]
    with pen_scope(acme):
        assert [group.name for group in row.groups.all()] == ["Board"]


def test_where_both_changed_the_same_it_is_said_and_a_second_save_is_meant(signed_in, acme, bob):
    sent = as_shown(signed_in, bob) | {"a_phone": "+44 1632 960 555"}
    with pen_scope(acme):
        bob.attributes = {"name": "Robert", "phone": "+44 1632 960 999"}
        save_member(bob)
    answer = signed_in.post(f"/people/{bob.outside_id}/", sent)
    html = unescape(answer.content.decode())
    assert "it is “+44 1632 960 999”. Save again" in html
    assert now(acme, bob).attributes["phone"] == "+44 1632 960 999"
    was = re.search(r'name="was" value="([^"]*)"', answer.content.decode()).group(1)
    again = signed_in.post(f"/people/{bob.outside_id}/", sent | {"was": unescape(was)})
    assert again.status_code == 302
    assert now(acme, bob).attributes == {"name": "Robert", "phone": "+44 1632 960 555"}


def test_what_is_taken_out_of_the_form_goes(signed_in, acme, bob):
    with pen_scope(acme):
        bob.aliases = ["robert@acme.example", "rob@acme.example"]
        save_member(bob)
    sent = as_shown(signed_in, bob) | {"aliases": "rob@acme.example", "a_phone": ""}
    signed_in.post(f"/people/{bob.outside_id}/", sent)
    row = now(acme, bob)
    assert (row.aliases, row.attributes) == (["rob@acme.example"], {"name": "Bob"})


def test_a_people_admin_changes_no_address_of_an_owner_but_their_details(client, acme, alice):
    with pen_scope(acme):
        admin = give_access("admin@acme.example", role="people-admin")
    client.force_login(admin.account)
    sent = as_shown(client, alice.member)
    for name in ("address", "aliases"):
        answer = client.post(f"/people/{alice.member.outside_id}/", sent | {name: "mallory@acme.example"})
        assert "They may do more than you" in answer.content.decode()
    row = now(acme, alice.member)
    assert (row.address, row.aliases) == ("alice@acme.example", [])
    client.post(f"/people/{alice.member.outside_id}/", sent | {"a_title": "Head"})
    assert now(acme, alice.member).attributes["title"] == "Head"


def test_a_key_changes_no_address_of_somebody_who_may_do_more(client, acme, alice, bob):
    with pen_scope(acme):
        _, token = devices.make_api_key("People", ("change-people",))

    def patch(row, body):
        return client.patch(
            f"/api/v1/people/{row.outside_id}", json.dumps(body), "application/json",
            headers={"authorization": f"Bearer {token}"},
        )  # fmt: skip

    answer = patch(alice.member, {"address": "mallory@acme.example"})
    assert answer.status_code == 422 and "address" in answer.json()["fields"]
    assert patch(alice.member, {"aliases": ["mallory@acme.example"]}).status_code == 422
    assert patch(alice.member, {"address": "alice@acme.example", "aliases": []}).status_code == 200
    assert patch(bob, {"address": "robert@acme.example"}).status_code == 200
    assert now(acme, alice.member).address == "alice@acme.example"


def test_a_file_changes_no_address_of_an_owner(signed_in, acme, alice, bob):
    text = "address,aliases,title\nalice@acme.example,m@acme.example,Boss\nbob@acme.example,rob@acme.example,Clerk\n"
    page = signed_in.post("/people/import/", {"pasted": text}, follow=True)
    assert "They may do more than keep people" in page.content.decode()
    signed_in.post(page.request["PATH_INFO"] + "go/", {"do": "apply"})
    assert now(acme, alice.member).aliases == [] and now(acme, bob).aliases == ["rob@acme.example"]


def test_the_demand_for_a_second_factor_is_not_dropped_without_one(signed_in, acme):
    acme.second_factor = True
    acme.save()
    answer = signed_in.post("/settings/", {"form": "safety"})
    assert answer["Location"].startswith("/second-factor/")
    acme.refresh_from_db()
    assert acme.second_factor
