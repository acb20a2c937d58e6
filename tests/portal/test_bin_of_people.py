"""A deleted group or list lies in the bin for thirty days, and comes back under its id with who was in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.audit.models import Entry
from stationer.portal.content import binning
from stationer.portal.content.models import Binned
from stationer.portal.people import discarding
from stationer.portal.people.members import add_member
from stationer.portal.people.models import AddressList, Group, GroupMember, Member
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def choir(harbour):
    """A group of 700, which no rule names."""
    with pen_scope(harbour.pen):
        row = Group.objects.create(name="Choir")
        package = harbour.bob.member.package
        singers = Member.objects.bulk_create(
            Member(address=f"singer{n}@harbourdental.example", package=package) for n in range(700)
        )
        GroupMember.objects.bulk_create(GroupMember(group=row, member=one) for one in singers)
    return row


def delete(owner, row):
    return owner.post(
        reverse("group", args=[row.outside_id]), {"typed": row.name, "delete": "1"}, follow=True
    ).content.decode()


def binned(harbour):
    with pen_scope(harbour.pen):
        return Binned.objects.get(kind__in=("group", "list"))


def bring_back(client, harbour):
    return client.post(reverse("people-bring-back", args=[binned(harbour).outside_id]), follow=True)


def test_a_group_comes_back_with_its_people_and_tells_of_those_who_left(owner, harbour, choir):
    said = delete(owner, choir)
    assert "“Choir” is in the bin for 30 days; its people stay." in said
    assert "1 deleted thing in the bin" in said
    there = owner.get(reverse("people-bin")).content.decode()
    assert "Choir" in there and "Group of 700 people" in there and "deleted by Alice Penrose" in there
    with pen_scope(harbour.pen):
        assert Member.objects.filter(address__startswith="singer").count() == 700
        Member.objects.get(address="singer7@harbourdental.example").delete()
    back = bring_back(owner, harbour)
    assert back.request["PATH_INFO"] == reverse("group", args=[choir.outside_id])
    assert (
        "“Choir” is back as it was. 1 of its people has left since, and stays out." in back.content.decode()
    )
    with pen_scope(harbour.pen):
        assert Group.objects.get(pk=choir.pk).places.count() == 699
        assert not Binned.objects.exists()
        told = Entry.objects.filter(noun="group", called="Choir")
        assert [one.what for one in told.order_by("pk")][-2:] == ["removed", "made"]
        assert told.latest("pk").lines == [{"about": "people", "before": "", "after": 699}]


def test_a_list_comes_back_with_its_addresses(owner, harbour):
    with pen_scope(harbour.pen):
        row = AddressList.objects.create(name="Press", addresses=["desk@press.example", "news@press.example"])
    said = owner.post(reverse("list", args=[row.pk]), {"typed": "Press", "delete": "1"}, follow=True)
    assert "“Press” is in the bin for 30 days." in said.content.decode()
    assert "List of 2 addresses" in owner.get(reverse("people-bin")).content.decode()
    back = bring_back(owner, harbour)
    assert back.request["PATH_INFO"] == reverse("list", args=[row.pk])
    with pen_scope(harbour.pen):
        assert AddressList.objects.get(pk=row.pk).addresses == ["desk@press.example", "news@press.example"]


def test_while_mail_goes_by_a_group_it_does_not_go_into_the_bin(owner, harbour):
    said = delete(owner, harbour.group)
    assert "Mail goes by “Reception”" in said
    with pen_scope(harbour.pen):
        assert Group.objects.filter(pk=harbour.group.pk).exists() and not Binned.objects.exists()


def test_where_the_name_is_taken_by_now_nothing_comes_back_until_that_is_renamed(owner, harbour, choir):
    delete(owner, choir)
    with pen_scope(harbour.pen):
        other = Group.objects.create(name="Choir")
    said = bring_back(owner, harbour).content.decode()
    assert "Something else is called “Choir” by now." in said
    with pen_scope(harbour.pen):
        assert Group.objects.get(name="Choir").pk == other.pk
        Group.objects.filter(pk=other.pk).update(name="Small choir")
    bring_back(owner, harbour)
    with pen_scope(harbour.pen):
        assert Group.objects.get(name="Choir").pk == choir.pk


def test_after_thirty_days_it_does_not_come_back_and_the_worker_empties_the_bin(owner, harbour, choir):
    delete(owner, choir)
    with pen_scope(harbour.pen):
        old = timezone.now() - binning.KEPT - timedelta(minutes=1)
        Binned.objects.update(binned_at=old)
    assert "more than 30 days ago" in bring_back(owner, harbour).content.decode()
    assert "The bin is empty" in owner.get(reverse("people-bin")).content.decode()
    assert binning.forget_old() == 1
    with pen_scope(harbour.pen):
        assert not Binned.objects.exists()


def test_each_bin_shows_and_brings_back_what_its_right_is_for(owner, harbour, choir):
    delete(owner, choir)
    with pen_scope(harbour.pen):
        thrown = binning.discard(harbour.campaign, None)
        group = Binned.objects.get(kind="group")
    assert "Choir" not in owner.get(reverse("bin")).content.decode()
    assert "Open evening" not in owner.get(reverse("people-bin")).content.decode()
    assert owner.post(reverse("bring-back", args=[group.outside_id])).status_code == 404
    assert owner.post(reverse("people-bring-back", args=[thrown.outside_id])).status_code == 404


def test_who_may_only_look_at_people_finds_no_button(client, harbour, choir):
    with pen_scope(harbour.pen):
        discarding.discard(choir, None)
        add_member("auditor@harbourdental.example")
        auditor = give_access("auditor@harbourdental.example", role="auditor")
    client.force_login(auditor.account)
    there = client.get(reverse("people-bin"))
    if there.status_code == 200:
        assert "Bring back" not in there.content.decode()
    assert bring_back(client, harbour).status_code == 404


def test_what_a_program_deletes_comes_back_as_well(client, owner, harbour, choir):
    with pen_scope(harbour.pen):
        token = devices.make_api_key("Till", ("see-people", "change-people"))[1]
        AddressList.objects.create(name="Press", addresses=["desk@press.example"])
    asked = {"headers": {"authorization": f"Bearer {token}"}}
    assert client.delete(f"/api/v1/groups/{choir.outside_id}", **asked).status_code == 204
    assert client.delete("/api/v1/lists/Press", **asked).status_code == 204
    there = owner.get(reverse("people-bin")).content.decode()
    assert "Choir" in there and "Press" in there
