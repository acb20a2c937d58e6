"""Who may send a secure message to whom, and how much of it (contract/people.md §5)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from stationer.portal.access.devices import make_api_key
from stationer.portal.people import rules
from stationer.portal.people.listed import check_access_list, is_listed, normal_entry
from stationer.portal.people.members import add_member, find_member
from stationer.portal.people.models import Package, Pen
from stationer.portal.people.pens import says_nothing
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
CAROL, DAVE, ALICE, BOB = "carol@example.org", "dave@example.org", "alice@acme.example", "bob@acme.example"


@pytest.fixture
def house(in_acme):
    """Alice, an employee with an alias; Bob, a client whose package may only answer."""
    clients = Package.objects.get(name="clients")
    clients.rights = ["answer"]
    clients.save()
    add_member(ALICE, aliases=["ally@acme.example"])
    add_member(BOB, package=clients)
    return in_acme


def door(pen, access, *listed):
    pen.access, pen.access_list = access, list(listed)
    pen.full_clean()
    pen.save()


def test_a_member_whose_package_seals_writes_to_anybody(house):
    assert rules.may_seal(find_member("ALLY@acme.example")) and not rules.may_seal(find_member(BOB))
    assert rules.may_write("ally@acme.example", [CAROL, BOB]) is None


def test_a_member_whose_package_answers_answers_and_no_more(house):
    assert rules.may_write(BOB, [ALICE, CAROL], answering=[ALICE, CAROL.upper()]) is None
    assert "not begin new ones" in rules.may_write(BOB, [ALICE])
    assert "not begin new ones" in rules.may_write(BOB, [ALICE, DAVE], answering=[ALICE])


def test_a_guest_answers_all_who_were_on_it_and_writes_to_members_alone(house):
    door(house, "open")
    assert rules.may_write(CAROL, [ALICE, DAVE], answering=[ALICE, DAVE, CAROL]) is None
    assert rules.may_write(CAROL, ["ally@acme.example"]) is None
    assert rules.may_write(CAROL, [ALICE, BOB], answering=[ALICE]) is None
    assert "dave@example.org is not one of us" in rules.may_write(CAROL, [ALICE, DAVE])
    assert "dave@example.org is not one of us" in rules.may_write(CAROL, [ALICE, DAVE], answering=[ALICE])


@pytest.mark.parametrize(
    ("access", "listed", "invited", "may"),
    [
        ("open", (), False, True),
        ("controlled", (), True, False),
        ("controlled", (CAROL,), False, True),
        ("controlled", ("@example.org",), False, True),
        ("controlled", ("@b.example.org", "@org"), False, False),
        ("invitation", (CAROL,), False, False),
        ("invitation", (), True, True),
    ],
)
def test_the_door_decides_who_begins_and_never_who_answers(house, access, listed, invited, may):
    door(house, access, *listed)
    assert (rules.may_write(CAROL, [ALICE], invited=invited) is None) == may
    assert rules.may_write(CAROL, [ALICE], answering=[ALICE], invited=invited) is None


def test_the_package_of_guests_decides_of_who_is_no_member(house):
    guests = rules.package_of(CAROL)
    assert guests.name == "guests" and "seal" not in guests.rights
    guests.rights = ["seal"]  # of members alone
    guests.save()
    door(house, "open")
    assert "not open to you" in rules.may_write(CAROL, [ALICE], answering=[ALICE])
    assert "not begin new ones" in rules.may_write(CAROL, [ALICE])
    guests.delete()
    assert rules.may_write(CAROL, [ALICE]) is None  # as packages of guests come
    assert rules.quota(CAROL) == rules.Quota(0, 0, 0, 1)


def test_what_is_no_address_is_refused_in_words(house):
    assert "is not an address" in rules.may_write("carol", [ALICE])
    assert "is not an address" in rules.may_write(ALICE, ["bob"])


def test_quotas_are_the_packages_and_say_what_is_too_much(house):
    staff = Package.objects.get(name="employees")
    staff.most_octets, staff.messages_a_day, staff.retention_days, staff.level = 2_500_000, 3, 90, 2
    staff.full_clean()
    staff.save()
    held = rules.quota(ALICE)
    assert held == rules.Quota(2_500_000, 3, 90, 2)
    assert held.refusal(2_500_000, 2) is None
    assert "takes 2.6 MB, and 2.5 MB are allowed here: send fewer files" in held.refusal(2_600_000, 0)
    assert "sent 3 secure messages in the last 24 hours" in held.refusal(1, 3)
    assert "sent one secure message in" in rules.Quota(0, 1, 0, 1).refusal(1, 1)
    assert rules.Quota(0, 0, 0, 1).refusal(10**12, 10**6) is None


def test_another_pens_members_are_strangers(oscar, house):
    Pen.objects.filter(pk=house.pk).update(access="open")
    assert rules.members_among([ALICE, "ally@acme.example", "oscar@other.example"]) == {
        ALICE,
        "ally@acme.example",
    }
    assert "is not one of us" in rules.may_write(CAROL, ["oscar@other.example"])


def test_an_access_list_is_kept_in_one_form(house):
    assert (
        normal_entry(" Carol@Example.ORG ") == CAROL
        and normal_entry("@Straße.example") == "@xn--strae-oqa.example"
    )
    for wrong in ("x", [1], ["carol"], ["@"], ["Carol@example.org"], [CAROL, CAROL], ["@example.org"] * 2):
        with pytest.raises(ValidationError):
            check_access_list(wrong)
    assert not is_listed(CAROL, ["@sub.example.org"]) and is_listed(CAROL, ["@example.org"])


def test_one_package_of_guests_each(house):
    with pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.create(name="visitors", guests=True)
    guests = Package.objects.get(guests=True)
    assert says_nothing(guests)
    guests.level = 2
    assert not says_nothing(guests)
    assert Pen.objects.get(pk=house.pk).access == "invitation"


class TestPages:
    @pytest.fixture
    def owner(self, alice):
        client = Client()
        client.force_login(alice.account)
        return client

    def test_the_door_is_set_on_the_page_of_packages(self, owner, acme):
        page = reverse("packages")
        said = {"door": "1", "access": "controlled", "access_list": "Carol@Example.org\n@example.net"}
        assert owner.post(page, said).status_code == 302
        acme.refresh_from_db()
        assert (acme.access, acme.access_list) == ("controlled", [CAROL, "@example.net"])
        assert "carol@example.org" in owner.get(page).content.decode()
        wrong = owner.post(page, said | {"access_list": "carol"})
        assert "is not an address" in wrong.content.decode()
        acme.refresh_from_db()
        assert acme.access_list == [CAROL, "@example.net"]

    def test_quotas_are_set_on_the_page_of_a_package_and_leave_its_words(self, owner, acme):
        with pen_scope(acme):
            row = Package.objects.get(name="clients")
            row.disclaimer, row.most_octets = "Ours", 1_500_001
            row.save()
        page = reverse("package", args=[row.outside_id])
        said = {"quota": "1", "megabytes": "2", "messages_a_day": "7", "retention_days": "90", "level": "2"}
        assert owner.post(page, said).status_code == 302
        with pen_scope(acme):
            row.refresh_from_db()
        assert (row.messages_a_day, row.retention_days, row.level, row.disclaimer) == (7, 90, 2, "Ours")
        assert row.most_octets == 1_500_001  # what the page shows as 2 MB was not changed there
        assert owner.post(page, said | {"level": "4"}).status_code == 200
        assert owner.post(page, said | {"megabytes": "3"}).status_code == 302
        with pen_scope(acme):
            row.refresh_from_db()
        assert row.most_octets == 3_000_000 and row.level == 2

    def test_a_new_package_still_has_every_right_that_is_ticked(self, owner, acme):
        said = {"name": "Partners", "disclaimer": "", "rights": ["seal", "answer"]}
        assert owner.post(reverse("packages"), said).status_code == 302
        with pen_scope(acme):
            assert Package.objects.get(name="Partners").rights == ["seal", "answer"]


def test_a_program_opens_and_shuts_the_door(acme, client):
    with pen_scope(acme):
        _key, token = make_api_key("door", ("change-people",))
        _other, looks = make_api_key("looks", ("see-people",))
    auth = {"headers": {"Authorization": f"Bearer {token}"}, "content_type": "application/json"}

    def say(**asked):
        return client.patch("/api/v1/secure-door", asked, **auth)

    assert client.get("/api/v1/secure-door", **auth).json() == {"access": "invitation", "access_list": []}
    answer = say(access="controlled", access_list=["@Sommer.example", CAROL, CAROL.upper()])
    assert answer.json() == {"access": "controlled", "access_list": ["@sommer.example", CAROL]}
    assert say(access="open").json()["access_list"] == ["@sommer.example", CAROL]
    wrong = say(access="controlled", access_list=[CAROL, "carol"])
    assert wrong.status_code == 422 and "access_list.1" in wrong.content.decode()
    assert say(access="ajar").status_code == 422
    auth["headers"] = {"Authorization": f"Bearer {looks}"}
    assert client.get("/api/v1/secure-door", **auth).status_code == 200 and say(
        access="open"
    ).status_code in (403, 404)
    acme.refresh_from_db()
    assert acme.access == "open"
