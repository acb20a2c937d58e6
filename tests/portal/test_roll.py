"""The roll follows every change to devices, people, groups and packages, also past a crash."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction

from stationer import pick
from stationer.portal.access import devices
from stationer.portal.access import roll as rolls
from stationer.portal.access.models import Device, RollDue
from stationer.portal.people.members import add_member, put_in_groups, save_member
from stationer.portal.people.models import Group, GroupMember, Member, Package
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.start import signing_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read(acme, portal):
    """The roll on disk, unpacked."""
    public = signing_key(portal).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    path = rolls.folder(acme.pk) / "roll.stn"

    def roll():
        return pick.unpack(path.read_bytes(), kind="roll", public_key=public, pen=acme.outside_id)

    roll.path = path
    return roll


def test_a_new_pen_has_an_empty_roll(acme, read):
    assert read().payload.people == ()


def test_members_stand_on_it_with_groups_package_and_disclaimer(in_acme, read):
    clients = Package.objects.get(name="clients")
    clients.disclaimer = "For clients."
    clients.save()
    add_member(
        "Bob@ACME.example",
        attributes={"name": "Bob"},
        aliases=["robert@acme.example"],
        package=clients,
        groups=[Group.objects.create(name="Sales"), Group.objects.create(name="All")],
    )
    (bob,) = read().payload.people
    assert bob.address == "bob@acme.example"
    assert bob.aliases == ("robert@acme.example",)
    everybodys = {"email": "bob@acme.example", "company": in_acme.name}
    assert bob.attributes == {"name": "Bob", "disclaimer": "For clients."} | everybodys
    assert (bob.groups, bob.package) == (("All", "Sales"), "clients")


CHANGES = {
    "a member's attribute": lambda m: save_member(_with(m, attributes={"name": "B"})),
    "rows updated at once": lambda m: Member.objects.update(attributes={"name": "B"}),
    "rows updated in bulk": lambda m: Member.objects.bulk_update([_with(m, attributes={"name": "B"})], ["attributes"]),
    "a group": lambda m: put_in_groups(m, [Group.objects.create(name="New")]),
    "a group's name": lambda m: Group.objects.filter(name="Sales").update(name="Vendors"),
    "a group gone": lambda m: Group.objects.get(name="Sales").delete(),
    "groups gone at once": lambda m: Group.objects.all().delete(),
    "a place in a group gone": lambda m: GroupMember.objects.all().delete(),
    "a package's name": lambda m: Package.objects.filter(name="employees").update(name="staff"),
    "a package's disclaimer": lambda m: Package.objects.update(disclaimer="New"),
    "a member gone": lambda m: m.delete(),
    "members gone at once": lambda m: Member.objects.all().delete(),
    "a device": lambda m: devices.enrol(m, "phone"),
    "a device revoked": lambda m: devices.revoke(m.devices.get()),
    "devices revoked at once": lambda m: Device.objects.update(revoked_at="2026-01-01T00:00Z"),
}  # fmt: skip


def _with(member, **values):
    for name, value in values.items():
        setattr(member, name, value)
    return member


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_kind_of_change_is_on_disk_when_its_transaction_is_done(in_acme, read, change):
    member = add_member(
        "a@acme.example", attributes={"name": "A"}, groups=[Group.objects.create(name="Sales")]
    )
    devices.enrol(member, "laptop")
    before = read()
    change(member)
    after = read()
    assert after.serial > before.serial
    assert after.payload != before.payload


def test_a_change_undone_leaves_the_roll_alone(in_acme, read):
    before = read()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add_member("a@acme.example")
        raise ZeroDivisionError
    assert read() == before


def test_one_transaction_writes_one_roll(in_acme, read):
    before = read().serial
    with transaction.atomic():
        for n in range(5):
            add_member(f"m{n}@acme.example")
    assert read().serial == before + 1
    assert len(read().payload.people) == 5


def test_what_a_crash_left_over_is_written_by_the_worker(acme, read, monkeypatch):
    before = read()
    monkeypatch.setattr(rolls, "write_now", lambda pen_id: None)  # killed between commit and write
    with pen_scope(acme):
        add_member("a@acme.example")
    assert read() == before
    assert rolls.write_all_due() == 1
    assert [p.address for p in read().payload.people] == ["a@acme.example"]
    assert rolls.write_all_due() == 0


def test_a_disk_that_refuses_keeps_the_change_and_is_said(acme, read, caplog):
    in_the_way = read.path.with_name(".roll.stn.tmp")
    in_the_way.mkdir()
    with pen_scope(acme):
        add_member("a@acme.example")
        assert Member.objects.count() == 1
    assert "roll-not-written" in caplog.text
    in_the_way.rmdir()
    assert rolls.write_all_due() == 1
    assert len(read().payload.people) == 1


def test_a_roll_that_is_gone_is_made_again_at_the_start(acme, read):
    serial = read().serial
    read.path.unlink()
    assert rolls.write_all_due() == 0
    rolls.write_missing()
    rolls.write_all_due()
    assert read().serial > serial


def test_a_serial_never_goes_back_behind_the_file(acme, read):
    with pen_scope(acme):
        add_member("a@acme.example")
        serial = read().serial
        RollDue.objects.update(serial=0)  # an older database was restored
        add_member("b@acme.example")
    assert read().serial > serial
