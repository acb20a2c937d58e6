"""One PEN never learns anything of another: no query without a PEN, none beyond it, no relation across."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

import stationer.portal
from stationer.portal.access.models import Device
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group, GroupMember, Member, Package, Partner, Pen
from stationer.portal.people.owned import PenOwned, SamePen, ScopedManager
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import ForeignPen, NoPenInScope, outside_scope, pen_scope

pytestmark = pytest.mark.django_db

#: Rows of the installation, and why they belong to no PEN.
OF_THE_INSTALLATION = {
    "people.Partner": "owns PENs",
    "partners.Staff": "works for a partner, who belongs to no PEN",
    "partners.Part": "a partner's own words, handed down to many PENs",
    "partners.Host": "a partner's name for the portal",
    "partners.Standing": "counted numbers of a PEN, for its partner; no name or word of it",
    "partners.DayCount": "counted numbers of a PEN's day",
    "partners.Usage": "a line of a statement; it outlives the PEN",
    "partners.Enquiry": "somebody outside would like to become a partner",
    "people.Pen": "is the PEN",
    "access.Account": "credentials belong to the installation, membership to a PEN",
    "trial.Trial": "begins before there is a PEN",
    "trial.Asked": "a mail that a trial caused, as keyed hashes",
    "trial.Gate": "a lock",
    "trial.Judged": "the digest of a mail to the installation's own mailbox",
    "access.SignIn": "a browser is signed in as an account, whichever PEN it looks at",
    "reputation.Watched": "a sending address belongs to the installation; pages show a PEN its own rows alone",
    "reputation.Trouble": "of what is watched",
    "reputation.Look": "of what is watched",
    "reputation.ZoneState": "a block list is everybody's",
    "delivery.Outgoing": "a sign-in code has no PEN; no page shows the queue to one",
    "delivery.Recipient": "of an outgoing mail",
    "delivery.Destination": "of the installation: which domains take no mail for now",
    "delivery.Suppression": "the installation's own mail has one too; no page shows it to a PEN",
    "statistics.Edge": "serves every PEN of the installation",
    "statistics.Segment": "of an edge, of all PENs together; nobody sees it but the edge",
}

#: Every place where work goes past the wall, and why. The count may only fall.
OUTSIDE = {
    ("content/binning.py", "what has lain in the bin for thirty days, of every PEN"),
    ("reading/codes.py", "codes of readers that are over, of every PEN"),
    ("reading/sittings.py", "sittings that are over, of every PEN"),
    ("reading/phone_calling.py", "which PENs' codes by telephone are due"),
    ("reading/phone_codes.py", "codes by telephone that are over, of every PEN"),
    ("access/presence.py", "which PENs an account is a member of"),
    ("vault/grants.py", "which PEN's message a locator finds"),
    ("vault/keyrows.py", "wrapped keys of every PEN, rewrapped under the installation's"),
    ("vault/sweeping.py", "which blobs of the vault a row names, of every PEN"),
    ("vault/turning.py", "which PENs' secure messages are due"),
    ("vault/turning.py", "secure messages that are over, of every PEN"),
    ("directories/scim/keys.py", "a directory's token says which PEN it speaks to"),
    ("access/presence.py", "which companies an account enters by their own sign-in alone"),
    ("access/bound.py", "whether an account is in another PEN as well"),
    ("site/founding.py", "whether an account belongs to a company already"),
    ("providers/forced.py", "which company's own sign-in an address leads to"),
    ("providers/views/entering.py", "which company's own sign-in this is"),
    ("providers/replays.py", "used assertions that are over, of every PEN"),
    ("providers/emergency.py", "whose emergency code this is"),
    ("access/devices.py", "a bearer token says which PEN a program is for"),
    ("access/enrolling.py", "a device code says whose consent it carries"),
    ("access/enrolling.py", "an access token says whose consent it carries"),
    ("visits/receiving.py", "a visit's token says which PEN it is of"),
    ("statistics/receiving.py", "marks of who was forgotten long ago, of every PEN"),
    ("publishing/placing.py", "which PENs' snapshots are missing at the edge"),
    ("access/enrolling.py", "codes and tokens that have expired, of every PEN"),
    ("access/roll.py", "which PENs' rolls are due"),
    ("people/importing/work.py", "which PENs' imports are due"),
    ("directories/working.py", "which PENs' directories are due"),
    ("reputation/subjects.py", "which PENs send from domains of their own"),
    ("surveys/counting.py", "which PENs' votes wait for their mails"),
    ("company/deed.py", "company files that are over, of every PEN"),
    ("directories/working.py", "syncs that are over, of every PEN"),
    ("people/importing/work.py", "imports that are over, of every PEN"),
    ("access/roll.py", "which PENs' rolls are missing at the edge"),
    ("alerts/sending.py", "which PENs' alerts are due"),
    ("alerts/sending.py", "alerts that are over, of every PEN"),
    ("hooks/sending.py", "which PENs' hooks are due"),
    ("hooks/sending.py", "events of hooks that are over, of every PEN"),
    ("statistics/privacy/masking.py", "which PENs mask addresses"),
    ("programs/once.py", "answers to programs that are a day old, of every PEN"),
    ("statistics/state.py", "which PENs' states are due"),
    ("statistics/state.py", "which PENs' states are missing at the edge"),
    ("statistics/halves.py", "halves of mails that are over, of every PEN"),
    ("statistics/judging.py", "which PENs' hits are due to be judged"),
    ("statistics/rolling/turning.py", "which PENs' figures are due"),
}


def our_models():
    return [m for m in apps.get_models() if m.__module__.startswith("stationer.")]


def owned_models():
    return [m for m in our_models() if issubclass(m, PenOwned)]


def test_every_model_belongs_to_a_pen_or_says_why_not():
    others = {m._meta.label for m in our_models() if not issubclass(m, PenOwned)}
    assert others == set(OF_THE_INSTALLATION)


@pytest.mark.parametrize("model", owned_models(), ids=lambda m: m.__name__)
def test_rows_of_a_pen_are_reached_by_the_scoped_manager_alone(model):
    managers = [model._default_manager, model._base_manager, *model._meta.managers]
    assert all(type(manager) is ScopedManager for manager in managers)


@pytest.mark.parametrize("model", owned_models(), ids=lambda m: m.__name__)
def test_every_table_of_a_pen_has_pen_and_id_unique_and_relations_that_stay_inside(model):
    assert ("pen", "id") in [tuple(getattr(c, "fields", ())) for c in model._meta.constraints]
    kept = {c.field for c in model._meta.constraints if isinstance(c, SamePen)}
    relations = {
        f.name
        for f in model._meta.get_fields()
        if f.concrete and f.many_to_one and issubclass(f.related_model, PenOwned)
    }
    assert kept == relations


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Member.objects.all(),
        lambda: Member.objects.none(),
        lambda: Member.objects.filter(address="a@acme.example"),
        lambda: Member.objects.create(address="a@acme.example"),
        lambda: Member.objects.bulk_create([Member(address="a@acme.example")]),
        lambda: Member.objects.raw("SELECT * FROM people_member"),
        lambda: Member._base_manager.all(),
        lambda: Member.objects.using("default"),
        lambda: Member(address="a@acme.example").save(),
        lambda: Member.objects.get_or_create(address="a@acme.example"),
    ],
)
def test_no_query_is_made_without_a_pen_in_scope(ask, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(NoPenInScope):
        ask()


def test_related_rows_are_not_reached_without_a_scope(acme):
    with pen_scope(acme):
        member = add_member("a@acme.example")
        group = Group.objects.create(name="Sales")
    for ask in (
        lambda: member.groups.all(),
        lambda: member.devices.all(),
        lambda: group.members.all(),
        lambda: Member.objects.get(pk=member.pk),
        lambda: member.delete(),
        lambda: member.refresh_from_db(),
    ):
        with pytest.raises(NoPenInScope):
            ask()


def test_a_pen_sees_its_own_rows_and_no_others(acme, other):
    with pen_scope(acme):
        mine = add_member("a@acme.example")
    with pen_scope(other):
        assert not Member.objects.filter(pk=mine.pk).exists()
        assert "a@acme.example" not in Member.objects.values_list("address", flat=True)
        assert Member.objects.filter(pk=mine.pk).update(address="b@other.example") == 0
        assert Member.objects.filter(pk=mine.pk).delete()[0] == 0
    with pen_scope(acme):
        mine.refresh_from_db()
        assert mine.address == "a@acme.example"


def test_two_pens_may_have_a_member_of_the_same_address(acme, other):
    for pen in (acme, other):
        with pen_scope(pen):
            add_member("shared@example.org")


def test_a_row_of_another_pen_is_neither_saved_nor_deleted(acme, other):
    with pen_scope(acme):
        mine = add_member("a@acme.example")
    with pen_scope(other):
        with pytest.raises(ForeignPen):
            mine.save()
        with pytest.raises(ForeignPen):
            mine.delete()
        with pytest.raises(ForeignPen):
            Member.objects.create(pen=acme, address="b@acme.example")
        with pytest.raises(ForeignPen):
            Member.objects.update(pen=acme)
        with pytest.raises(ForeignPen):
            Member.objects.bulk_create([Member(pen=acme, address="b@acme.example")])
        with pytest.raises(ForeignPen):
            Member.objects.bulk_update([mine], ["address"])


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_a_relation_to_another_pen(acme, other):
    with pen_scope(other):
        foreign = Package.objects.get(name="employees")
    with pen_scope(acme), pytest.raises(DatabaseError), transaction.atomic():
        Member.objects.create(address="a@acme.example", package_id=foreign.pk)


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_a_row_moved_past_the_manager(acme, other):
    with pen_scope(acme):
        member = add_member("a@acme.example")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        key = (lambda u: u.hex) if connection.vendor == "sqlite" else str
        cursor.execute("UPDATE people_member SET pen_id = %s WHERE id = %s", [key(other.pk), key(member.pk)])


def test_the_scope_of_one_pen_does_not_open_inside_another(acme, other):
    with pen_scope(acme):
        with pen_scope(acme):
            pass
        with pytest.raises(ForeignPen), pen_scope(other):
            pass
        with pytest.raises(ForeignPen), outside_scope(reason="from inside"):
            pass


def test_the_scope_ends_with_its_block_also_after_a_fault(acme):
    with pytest.raises(ZeroDivisionError), pen_scope(acme):
        raise ZeroDivisionError
    with pytest.raises(NoPenInScope):
        Member.objects.all()


def test_work_outside_every_scope_must_name_the_pen_of_a_new_row(acme):
    with outside_scope(reason="a test"):
        with pytest.raises(ForeignPen):
            Group.objects.create(name="Sales")
        assert Group.objects.create(pen=acme, name="Sales").pen_id == acme.pk


def test_a_new_row_gets_the_pen_in_scope(in_acme):
    group = Group.objects.create(name="Sales")
    member = add_member("a@acme.example", groups=[group])
    assert {group.pen_id, member.pen_id, GroupMember.objects.get().pen_id} == {in_acme.pk}
    assert Device(name="x").pen_id is None  # until it is saved


def outside_uses():
    root = Path(stationer.portal.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == (
                "outside_scope"
            ):
                (reason,) = [k.value.value for k in node.keywords if k.arg == "reason"]
                yield (path.relative_to(root).as_posix(), reason)


def test_work_outside_every_scope_is_on_the_list():
    found = list(outside_uses())
    assert set(found) == OUTSIDE
    assert len(found) == len(OUTSIDE)


def test_partners_form_a_tree():
    top = Partner.objects.create(name="Top")
    below = Partner.objects.create(name="Below", parent=top)
    pen = create_pen("Small", partner=below)
    assert list(top.children.all()) == [below]
    assert Pen.objects.get(partner=below) == pen
