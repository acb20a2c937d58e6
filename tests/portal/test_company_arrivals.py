"""A company file in the portal: what was shown is what is put in place, all or nothing, and taken back."""

from __future__ import annotations

import copy
import threading

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stationer.pick.company import CompanyErrors
from stationer.portal.access import devices
from stationer.portal.access.rights import EVERYTHING
from stationer.portal.audit.models import Entry
from stationer.portal.company import merging
from stationer.portal.company.deed import Refused, apply, undo
from stationer.portal.company.looking import look
from stationer.portal.company.models import Arrival
from stationer.portal.company.writing import as_it_is, in_force
from stationer.portal.content.models import Binned, Campaign, Message, Template
from stationer.portal.content.pictures import keep_picture
from stationer.portal.people.members import add_member
from stationer.portal.people.models import AddressList, Group, Member, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.publish import publish
from tests.portal.pictures import png
from tests.portal.test_company import EXAMPLE, bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour(portal):
    """The example's company, with something that was made in pages and has no key."""
    pen, _ = bring(EXAMPLE)
    with pen_scope(pen):
        made = Campaign.objects.create(name="Made in pages", state="live")
        source = {"shape": "note", "values": {"words": "Hello"}}
        Message.objects.create(campaign=made, name="First", source=source)
        written = {"new": {"footer": {"text": "", "values": {"words": "Board"}, "shape": "note"}}}
        Template.objects.create(name="Board", rule={"senders": {"groups": ["board"]}}, parts=written)
        keep_picture(png(), name="smile")
        yield Pen.objects.get(pk=pen.pk)


def edited(change, of=None):
    said = yaml.safe_load(of or as_it_is())
    change(said)
    return yaml.safe_dump(said, sort_keys=False)


def seen(text, absent="remove"):
    row = look(text, name="company.yaml", absent=absent)
    return row, [str(one) for one in row.told()]


@pytest.mark.parametrize("absent", ["keep", "remove"])
def test_what_was_written_out_says_no_change(harbour, absent):
    row, said = seen(as_it_is(), absent)
    assert (said, row.counts, row.coming) == ([], {}, 0)


def test_a_look_changes_nothing_and_the_deed_all_that_was_shown_as_drafts(harbour):
    publish(harbour, None)
    before = as_it_is()

    def change(said):
        said["people"][0]["title"] = "Owner"
        said["people"].append({"address": "new@harbourdental.example", "groups": ["office", "fresh"]})
        said["campaigns"]["open-evening"]["messages"]["invitation"]["content"]["headline"] = "Whiter teeth"
        del (
            said["campaigns"]["fire-drill"],
            said["templates"]["dentists"],
            said["lists"]["patients-with-braces"],
        )

    row, said = seen(edited(change))
    assert as_it_is() == before
    assert set(said) == {
        "changed person alice@harbourdental.example",
        "added person new@harbourdental.example",
        "added group fresh",
        "changed message invitation",
        "removed campaign Fire drill",
        "removed template Dentists",
        "removed list patients-with-braces",
    }
    apply(row, EVERYTHING, sure=True)
    assert look(edited(change, before), name="again", absent="remove").coming == 0
    assert yaml.safe_load(in_force())["campaigns"]["fire-drill"]["name"] == "Fire drill"
    assert set(Binned.objects.values_list("kind", flat=True)) == {"campaign", "template", "list"}
    [entry] = Entry.objects.filter(noun="arrival")
    assert (entry.what, entry.called, entry.count) == ("imported", "company.yaml", 7)


def test_what_was_put_in_place_is_taken_back_under_the_same_ids(harbour):
    before, ids = as_it_is(), names()

    def change(said):
        said["pen"]["name"] = "Harbour"
        said["management"]["most_messages"] = 4
        said["calendars"]["extra"] = ["2027-05-01"]
        said["people"] = [{"address": "only@harbourdental.example"}]
        del said["management"]["quiet_groups"]
        said["groups"], said["lists"], said["campaigns"] = {}, {}, {}
        said["templates"] = {"house": said["templates"]["house"]}

    row, _ = seen(edited(change))
    apply(row, EVERYTHING, sure=True)
    assert Member.objects.get().address == "only@harbourdental.example"
    assert Campaign.objects.count() == 0
    row = Arrival.objects.get()
    undo(row, EVERYTHING)
    assert (as_it_is(), names(), row.left) == (before, ids, [])
    assert Binned.objects.count() == 0
    assert set(Entry.objects.filter(noun="arrival").values_list("what", flat=True)) == {
        "imported",
        "taken-back",
    }


def names():
    kinds = (Member, Group, AddressList, Template, Campaign, Message)
    return {kind: set(kind.objects.values_list("pk", flat=True)) for kind in kinds}


def test_what_was_changed_since_is_left_as_it_is(harbour):
    def change(said):
        said["people"][0]["title"] = "Owner"
        said["people"][1]["title"] = "Chief dentist"
        said["lists"]["suppliers"] = ["a@example.net"]
        said["people"].append({"address": "new@harbourdental.example"})

    row, _ = seen(edited(change))
    apply(row, EVERYTHING)
    alice = Member.objects.get(address="alice@harbourdental.example")
    alice.attributes["title"] = "Queen"
    alice.save()
    devices.enrol(Member.objects.get(address="new@harbourdental.example"), "laptop")
    undo(row, EVERYTHING)
    assert set(row.left) == {"alice@harbourdental.example", "new@harbourdental.example"}
    titles = {one.address: one.attributes.get("title") for one in Member.objects.all()}
    assert titles == {
        "alice@harbourdental.example": "Queen",
        "bob@harbourdental.example": "Dentist, Falmouth practice",
        "new@harbourdental.example": None,
    }
    assert not AddressList.objects.filter(name="suppliers").exists()


def test_nothing_is_done_when_what_was_shown_is_no_longer_so(harbour):
    row, _ = seen(edited(lambda said: said["people"][0].update(title="Owner")))
    add_member("somebody@harbourdental.example")
    Member.objects.filter(address="alice@harbourdental.example").update(attributes={"title": "Queen"})
    with pytest.raises(Refused) as caught:
        apply(row, EVERYTHING, sure=True)
    assert caught.value.moved
    assert Member.objects.get(address="alice@harbourdental.example").attributes == {"title": "Queen"}
    row.refresh_from_db()
    assert row.state == "checked" and row.counts["person"] == {"changed": 1, "removed": 1}
    apply(row, EVERYTHING, sure=True)
    assert not Member.objects.filter(address="somebody@harbourdental.example").exists()


def test_it_is_put_in_place_once(harbour):
    row, _ = seen(edited(lambda said: said["people"][0].update(title="Owner")))
    twin = copy.copy(row)
    apply(row, EVERYTHING)
    with pytest.raises(Refused):
        apply(twin, EVERYTHING)
    undo(row, EVERYTHING)
    with pytest.raises(Refused):
        undo(row, EVERYTHING)


def test_a_fault_on_the_way_leaves_everything_as_it_was(harbour, monkeypatch):
    row, _ = seen(edited(lambda said: (said["people"].pop(), said["campaigns"].pop("visit"))))
    before = as_it_is()

    def fails(*_args, **_more):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("stationer.portal.company.deed.record", fails)
    with pytest.raises(RuntimeError):
        apply(row, EVERYTHING, sure=True)
    assert as_it_is() == before
    assert Arrival.objects.get().state == "checked"


def test_more_than_a_fifth_goes_only_when_it_is_said_twice(harbour):
    row, _ = seen(edited(lambda said: said["people"].pop()))
    assert row.share == 50
    with pytest.raises(Refused) as caught:
        apply(row, EVERYTHING)
    assert not caught.value.moved and Member.objects.count() == 2
    apply(row, EVERYTHING, sure=True)
    assert Member.objects.count() == 1


def test_who_can_sign_in_stays(harbour):
    from stationer.portal.access.accounts import give_access

    give_access("owner@harbourdental.example")
    row, said = seen(edited(lambda said: said.update(people=[])))
    assert "kept person owner@harbourdental.example" in said
    apply(row, EVERYTHING, sure=True)
    assert Member.objects.get().address == "owner@harbourdental.example"


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (lambda said: said["people"][0].update(title="Owner"), "change-people"),
        (lambda said: said["lists"].update(new=["a@example.net"]), "change-people"),
        (lambda said: said["campaigns"]["visit"].update(name="Visits"), "change-content"),
        (lambda said: said["management"].update(most_messages=3), "change-settings"),
    ],
)
def test_each_part_needs_its_right(harbour, change, right):
    row, _ = seen(edited(change))
    with pytest.raises(Refused):
        apply(row, EVERYTHING - {right})
    with pytest.raises(Refused):
        apply(row, ())
    apply(row, {right})
    assert Arrival.objects.get().state == "done"


def test_somebody_with_a_new_address_stays_who_they_are_when_either_is_a_further_one(harbour):
    alice = Member.objects.get(address="alice@harbourdental.example")

    def moved(said):
        said["people"][0] |= {"address": "a.penrose@harbourdental.example", "aliases": [alice.address]}

    row, said = seen(edited(moved))
    assert said == ["changed person a.penrose@harbourdental.example"]
    apply(row, EVERYTHING)
    assert Member.objects.get(address="a.penrose@harbourdental.example").pk == alice.pk
    undo(row, EVERYTHING)
    alice.refresh_from_db()
    assert (alice.address, alice.aliases) == ("alice@harbourdental.example", [])


def test_a_new_name_is_a_change_and_a_new_key_is_another(harbour):
    def renamed(said):
        said["campaigns"]["visit"]["name"] = "Visits"
        said["campaigns"]["drill"] = said["campaigns"].pop("fire-drill")

    assert seen(edited(renamed))[1] == [
        "removed campaign Fire drill",
        "changed campaign Visits",
        "added campaign Fire drill",
        "added message note",
    ]


def test_pictures_are_known_by_where_they_are_served(harbour):
    url = yaml.safe_load(as_it_is())["pictures"]["smile"]["url"]
    _, said = seen(edited(lambda said: said["pictures"].update(grin={"file": "x.png", "url": url})))
    assert said == ["added picture grin"]
    with pytest.raises(CompanyErrors) as caught:
        seen(edited(lambda said: said["pictures"].update(grin="pictures/grin.png")))
    [problem] = caught.value.problems
    assert problem.where == "pictures/grin" and problem.line


def test_a_list_in_a_file_of_its_own_is_told_with_its_line(harbour):
    with pytest.raises(CompanyErrors) as caught:
        seen(edited(lambda said: said["lists"].update(long={"file": "long.txt"})))
    assert caught.value.problems[0].line


def test_what_is_in_force_is_written_out_as_it_was_published(harbour):
    assert in_force() is None
    publish(harbour, None)
    now = yaml.safe_load(as_it_is())
    assert yaml.safe_load(in_force()) == now
    Campaign.objects.filter(key="visit").update(name="Changed", state="paused")
    AddressList.objects.all().delete()
    said = yaml.safe_load(in_force())
    assert (said["campaigns"], said["lists"]) == (now["campaigns"], now["lists"])


def test_no_secret_leaves(harbour):
    devices.make_api_key("key")
    text = as_it_is()
    assert bytes(harbour.mark_key).hex() not in text and "token" not in text and "password" not in text


def questions(do):
    with CaptureQueriesContext(connection) as asked:
        do()
    return len(asked)


def test_looking_and_writing_out_ask_the_same_however_many_there_are(harbour):
    def grown(count):
        said = yaml.safe_load(as_it_is())
        said["people"] += [
            {"address": f"p{count}-{n}@harbourdental.example", "groups": ["office"]} for n in range(count)
        ]
        visit = said["campaigns"]["visit"]
        said["campaigns"] |= {f"c{count}-{n}": visit for n in range(count)}
        text = yaml.safe_dump(said, sort_keys=False)
        look_first = questions(lambda: look(text, name="more", absent="keep"))
        apply(look(text, name="more", absent="keep"), EVERYTHING)
        return look_first, questions(as_it_is)

    assert grown(3) == grown(60)


@pytest.mark.django_db(transaction=True)
def test_what_somebody_writes_while_it_is_taken_back_stays(harbour, monkeypatch):
    row, _ = seen(edited(lambda said: said["people"][0].update(title="Owner")))
    apply(row, EVERYTHING)

    def write():
        with pen_scope(harbour):
            alice = Member.objects.filter(address="alice@harbourdental.example")
            alice.update(attributes={"title": "Queen"})
        connection.close()

    other, back = threading.Thread(target=write), merging.back

    def meanwhile(*of):
        other.start()
        other.join(1)  # it waits for the end of the undo; without the locks each would wait for the other
        return back(*of)

    monkeypatch.setattr(merging, "back", meanwhile)
    undo(row, EVERYTHING)
    other.join()
    assert Member.objects.get(address="alice@harbourdental.example").attributes == {"title": "Queen"}
