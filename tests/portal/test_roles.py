"""What each role may do; nobody gives what they have not got; a PEN always has an owner."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access, take_access
from stationer.portal.access.models import Membership, Role
from stationer.portal.access.owners import LastOwner
from stationer.portal.access.rights import BRINGS, BUILT_IN, EVERYTHING, RIGHTS, SENTENCES, closed
from stationer.portal.people.members import add_member
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


def test_every_right_says_what_it_is_and_every_role_is_whole():
    assert set(SENTENCES) == set(RIGHTS) == EVERYTHING
    assert set(BUILT_IN) | {"own"} == set(Membership.Role.values)
    for rights in BUILT_IN.values():
        assert closed(rights) == rights


def test_a_right_brings_along_what_it_rests_on():
    assert closed(["change-people"]) == {"change-people", "see-people", "see-names"}
    assert closed(["manage-roles", "no such right"]) == {
        "manage-roles",
        "see-people",
        "see-names",
        "see-settings",
    }
    assert all(set(more) <= EVERYTHING for more in BRINGS.values())


def test_an_auditor_changes_nothing():
    assert not {right for right in BUILT_IN["auditor"] if not right.startswith("see-")}
    assert {right for right in RIGHTS if right.startswith("see-")} == BUILT_IN["auditor"]


def test_a_pen_gives_a_role_of_its_own_and_it_counts_from_the_next_request(client, acme, alice):
    with pen_scope(acme):
        role = Role.objects.create(name="Reception", rights=["change-people"])
        ann = give_access("ann@acme.example", role=role)
    client.force_login(ann.account)
    assert client.get("/people/new/").status_code == 200
    assert client.get("/templates/").status_code == 404
    with pen_scope(acme):
        role.rights = ["see-content"]
        role.save()
    assert client.get("/people/new/").status_code == 404
    assert client.get("/templates/").status_code == 200


def test_a_role_has_rights_that_exist_and_a_name_of_its_own(in_acme):
    with pytest.raises(ValidationError):
        Role(name="Odd", rights=["rule-the-world"]).full_clean()
    Role.objects.create(name="Reception")
    with pytest.raises(ValidationError):
        Role(name="Reception").full_clean()


def test_an_own_role_and_its_mark_belong_together(in_acme, alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=alice.pk).update(role="own")


def test_the_last_owner_stays_whichever_way_it_is_tried(acme, alice):
    with pen_scope(acme):
        for attempt in (
            lambda: give_access("alice@acme.example", role="member"),
            lambda: take_access(alice),
            lambda: alice.member.delete(),
            lambda: alice.account.delete(),
            lambda: Membership.objects.all().delete(),
        ):
            with pytest.raises(LastOwner), transaction.atomic():
                attempt()
        assert Membership.objects.get(pk=alice.pk).is_owner
        give_access("ann@acme.example", role="owner")
        give_access("alice@acme.example", role="member")
        assert not Membership.objects.get(pk=alice.pk).is_owner


def test_nobody_gives_more_than_they_have_or_takes_from_someone_above(client, acme, alice):
    with pen_scope(acme):
        role = Role.objects.create(name="Deputy", rights=list(RIGHTS))
        deputy = give_access("deputy@acme.example", role=role)
        admin = give_access("admin@acme.example", role="people-admin")
        ann = add_member("ann@acme.example")
    client.force_login(deputy.account)  # every right, and yet no owner
    assert client.post(f"/people/{ann.outside_id}/access/", {"role": "owner"}).status_code == 404
    assert client.post(f"/people/{alice.member.outside_id}/access/", {"role": "none"}).status_code == 404
    client.post(f"/people/{ann.outside_id}/access/", {"role": "auditor"})
    client.force_login(admin.account)
    client.post(f"/people/{alice.member.outside_id}/delete/", {"typed": "alice@acme.example"})
    client.post(f"/people/{ann.outside_id}/delete/", {"typed": "ann@acme.example"})
    with pen_scope(acme):
        assert dict(Membership.objects.values_list("account__email", "role")) == {
            "alice@acme.example": "owner",
            "deputy@acme.example": "own",
            "admin@acme.example": "people-admin",
            "ann@acme.example": "auditor",
        }


def ask(client, token, method, path, body=None):
    return client.generic(
        method, path, json.dumps(body) if body else "", "application/json",
        headers={"authorization": f"Bearer {token}"},
    ).status_code  # fmt: skip


def test_a_key_does_what_its_rights_say_and_sees_nothing_of_the_rest(client, acme, alice):
    with pen_scope(acme):
        _, looks = devices.make_api_key("Looks", ("see-people",))
        _, writes = devices.make_api_key("Writes", ("change-people",))
    assert ask(client, looks, "GET", "/api/v1/people") == 200
    assert ask(client, looks, "POST", "/api/v1/people", {"address": "x@acme.example"}) == 404
    assert ask(client, looks, "GET", "/api/v1/templates") == 404
    assert ask(client, looks, "POST", "/api/v1/publish", {"about": ""}) == 404
    assert ask(client, writes, "POST", "/api/v1/people", {"address": "x@acme.example"}) == 201
    # a key takes out nobody who may do more than itself
    assert ask(client, writes, "DELETE", f"/api/v1/people/{alice.member.outside_id}") == 422


def test_the_rail_and_the_pages_show_only_what_one_may(client, acme, alice):
    with pen_scope(acme):
        people = {
            role: give_access(f"{role}@acme.example", role=role) for role in BUILT_IN if role != "owner"
        }
    seen = {}
    for role, row in people.items():
        client.force_login(row.account)
        page = client.get("/").content.decode()
        seen[role] = {
            place for place in ("templates", "people", "publish", "settings") if f'href="/{place}/"' in page
        }
    assert seen["marketer"] == {"templates", "people", "publish"}
    assert seen["auditor"] == {"templates", "people", "publish", "settings"}
    assert seen["people-admin"] == {"people"}
    assert seen["member"] == set()
    client.force_login(people["auditor"].account)
    for path in ("/templates/", "/people/", "/settings/", "/people/groups/", "/campaigns/"):
        page = client.get(path).content.decode()
        assert page.count("<button") == page.count("popovertarget") + 1, path  # the menu, and Sign out
