"""Whoever leaves the company, or has an address taken away, reads with it no more."""

from __future__ import annotations

import pytest
from django.test import Client

from stationer.portal.people.members import add_member, save_member
from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import secret
from stationer.portal.reading.models import Code, Contact, Passkey, Sitting
from tests.portal.lettered import CAROL, asked, code_in, enter, in_by_code, left, letter, path, word

pytestmark = pytest.mark.django_db
BOB, ROBERT = "bob@acme.example", "robert@acme.example"


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "Your plan" in answer.content.decode()


@pytest.fixture
def bob(acme):
    """A member with an alias."""
    with pen_scope(acme):
        return add_member(BOB, aliases=[ROBERT])


def delete_row(acme, bob):
    """As pages and the API do."""
    bob.delete()


def delete_many(acme, bob):
    """As a directory may."""
    Member.objects.filter(pk=bob.pk).delete()


def take_alias(acme, bob):
    """The alias is taken away."""
    bob.aliases = []
    save_member(bob)


def rename(acme, bob):
    """The member is called otherwise, and the alias is gone as well."""
    bob.address, bob.aliases = "r.baker@acme.example", []
    save_member(bob)


GOING = [
    (delete_row, {BOB, ROBERT}),
    (delete_many, {BOB, ROBERT}),
    (take_alias, {ROBERT}),
    (rename, {BOB, ROBERT}),
]


@pytest.mark.parametrize(("go", "gone"), GOING)
def test_what_somebody_showed_counts_no_more_when_the_address_goes(acme, bob, go, gone):
    rows = {one: letter(acme, to=(one,)) for one in (BOB, ROBERT, CAROL)}
    client, other = Client(), Client()
    for one, row in rows.items():
        in_by_code(client, row)
        with pen_scope(acme):
            secret.choose(one, "correct horse battery")
            contact = Contact.objects.get(address=one)
            Passkey.objects.create(contact=contact, credential=one, public=b"x", name="Firefox")
    for one in gone:
        asked(Client(), rows[one])
    page = asked(other, rows[ROBERT])
    code = code_in(left()[-1][1])
    with pen_scope(acme):
        go(acme, bob)
        kept = {BOB, ROBERT, CAROL} - gone
        assert set(Contact.objects.values_list("address", flat=True)) == kept
        assert set(Passkey.objects.values_list("credential", flat=True)) == kept
        assert set(Sitting.objects.get().shown) == kept
        assert not Code.objects.filter(address__in=gone).exists()
    assert {one for one, row in rows.items() if opened(client.get(path(row)))} == kept
    assert word(enter(other, rows[ROBERT], page, code)) == "elsewhere"


def test_a_sitting_of_nobody_else_is_over(acme, bob):
    client = in_by_code(Client(), letter(acme, to=(BOB,)))
    assert client.cookies
    with pen_scope(acme):
        bob.delete()
        assert not Sitting.objects.exists()


def test_whose_details_change_alone_keeps_everything(acme, bob):
    row = letter(acme, to=(BOB,))
    client = in_by_code(Client(), row)
    with pen_scope(acme):
        bob.attributes = {"name": "Bob Baker"}
        save_member(bob)
    assert opened(client.get(path(row)))


def test_what_another_company_knows_of_the_address_stays(acme, other, bob):
    row = letter(other, to=(BOB,), author="oscar@other.example")
    client = in_by_code(Client(), row)
    with pen_scope(acme):
        bob.delete()
    assert opened(client.get(path(row)))


def test_an_owner_signs_a_reader_out_everywhere(acme, alice, signed_in):
    row, there = letter(acme), "/settings/reading/"
    client = in_by_code(Client(), row)
    assert "Sign out everywhere" in signed_in.get(there).content.decode()
    assert signed_in.post(there, {"out": "Carol@Sommer.example"}).status_code == 302
    assert not opened(client.get(path(row)))
    said = signed_in.post(there, {"out": CAROL}, follow=True).content.decode()
    assert "not read a letter here yet" in said
    assert "write it as" in signed_in.post(there, {"out": "carol"}).content.decode()
    assert opened(in_by_code(Client(), row).get(path(row)))
