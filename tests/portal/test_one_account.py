"""A member signs in with one account: what they may do is changed on it, whatever their address is by now."""

from __future__ import annotations

import pytest

from stationer.portal.access.accounts import SignsInAlready, give_access
from stationer.portal.access.models import Membership
from stationer.portal.people.members import add_member, save_member
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


def test_whoever_gets_less_after_their_address_changed_has_less(client, signed_in, acme):
    with pen_scope(acme):
        bob = give_access("bob@acme.example", role="marketer")
        bob.member.address = "robert@acme.example"
        save_member(bob.member)
    said = signed_in.post(f"/people/{bob.member.outside_id}/access/", {"role": "auditor"}, follow=True)
    assert "bob@acme.example" in said.content.decode(), "it says with which address they sign in"
    with pen_scope(acme):
        assert [row.role for row in bob.member.memberships.all()] == ["auditor"]
    client.force_login(bob.account)
    assert client.get("/templates/new/").status_code == 404
    assert client.get("/templates/").status_code == 200


def test_a_second_account_of_a_member_goes_when_their_role_is_said(acme, alice):
    with pen_scope(acme):
        bob = give_access("bob@acme.example", role="marketer")
        ann = give_access("ann@acme.example", role="marketer")
        Membership.objects.filter(pk=ann.pk).update(member=bob.member)  # as earlier versions could make it
        give_access(bob.member.address, role="auditor", member=bob.member)
        rows = Membership.objects.exclude(pk=alice.pk)
        assert [(row.account.email, row.role) for row in rows] == [("bob@acme.example", "auditor")]


def test_somebody_new_with_an_owners_old_address_does_not_get_the_owners_account(signed_in, acme, alice):
    with pen_scope(acme):
        alice.member.address = "alicia@acme.example"
        save_member(alice.member)
        new = add_member("alice@acme.example")
        with pytest.raises(SignsInAlready):
            give_access("alice@acme.example", role="member", member=new)
    said = signed_in.post(f"/people/{new.outside_id}/access/", {"role": "member"}, follow=True)
    assert "signs in with alice@acme.example already" in said.content.decode()
    with pen_scope(acme):
        row = Membership.objects.get()
        assert (row.member_id, row.role) == (alice.member_id, "owner")


def test_a_command_that_names_the_account_finds_its_member(acme, alice):
    with pen_scope(acme):
        alice.member.address = "alicia@acme.example"
        save_member(alice.member)
        assert give_access("alice@acme.example", role="owner").member_id == alice.member_id
