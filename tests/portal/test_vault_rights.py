"""With what a member reads: what somebody proved, and what came since they were there (contract/vault.md §6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault import grants
from stationer.portal.vault.models import Grant
from tests.portal.lettered import CAROL, in_by_code, letter, path
from tests.portal.vaulted import prove

pytestmark = pytest.mark.django_db
WORDS = "quincunx"


@pytest.fixture
def mallory(acme):
    """A member who signs in, and was given somebody else's address."""
    with pen_scope(acme):
        row = give_access("mallory@acme.example", role="member", password="correct horse battery")
        Member.objects.filter(pk=row.member_id).update(aliases=[CAROL])
    return row


def by_page(account, row):
    client = Client()
    client.force_login(account)
    return WORDS in client.get(path(row)).content.decode()


def by_program(acme, member, row):
    with pen_scope(acme):
        token = devices.enrol(member, "laptop")[1]
    asked = {"authorization": f"Bearer {token}"}
    return Client().get(f"/api/v1/secure-messages/{row.locator}", headers=asked).status_code == 200


def reads_with(acme, member):
    with pen_scope(acme):
        return grants.addresses_of(member)


def proven(acme, domain):
    with pen_scope(acme):
        prove(domain)


def test_an_alias_outside_what_the_company_has_proven_gives_no_right(acme, mallory):
    row = letter(acme)
    with pen_scope(acme):
        member = Member.objects.get(pk=mallory.member_id)
    assert reads_with(acme, member) == {"mallory@acme.example"}
    assert not by_page(mallory.account, row) and not by_program(acme, member, row)
    proven(acme, "sommer.example")
    assert reads_with(acme, member) == {"mallory@acme.example", CAROL}
    assert by_page(mallory.account, row) and by_program(acme, member, row)


def test_an_address_that_nobody_signs_in_with_and_nobody_proved_gives_none(acme):
    with pen_scope(acme):
        member = add_member(CAROL)
    row = letter(acme)
    assert reads_with(acme, member) == frozenset() and not by_program(acme, member, row)
    proven(acme, "mer.example")
    assert reads_with(acme, member) == frozenset()
    with pen_scope(acme):
        give_access(CAROL, member=member)
    assert reads_with(acme, member) == {CAROL} and by_program(acme, member, row)


def test_whoever_gets_an_address_later_reads_nothing_of_before(acme, mallory):
    row = letter(acme)
    proven(acme, "sommer.example")
    with pen_scope(acme):
        member = Member.objects.get(pk=mallory.member_id)
        Grant.objects.update(made_at=member.created_at - timedelta(seconds=1))
    assert not by_page(mallory.account, row) and not by_program(acme, member, row)


def test_but_what_was_shown_by_a_code_is_read(acme, mallory):
    row = letter(acme)
    client = in_by_code(Client(), row)
    client.force_login(mallory.account)
    with pen_scope(acme):
        Grant.objects.update(
            made_at=Member.objects.get(pk=mallory.member_id).created_at - timedelta(seconds=1)
        )
    assert WORDS in client.get(path(row)).content.decode()
