"""People from a file: read as it comes, checked by line, shown before it is done, done at once, and taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access.devices import enrol
from stationer.portal.access.models import RollDue
from stationer.portal.people import exporting
from stationer.portal.people.importing import columns, files, work
from stationer.portal.people.importing.arriving import take
from stationer.portal.people.importing.files import Manner, Unreadable
from stationer.portal.people.importing.telling import LINES, told
from stationer.portal.people.members import add_member, put_in_groups
from stationer.portal.people.models import (
    Attribute,
    Group,
    GroupMember,
    Import,
    ImportRow,
    Member,
    Package,
    Proposal,
)
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Link
from stationer.portal.vault.grants import counts, readings
from stationer.portal.vault.keeping import keep
from tests.portal.vaulted import LETTER, prove

pytestmark = pytest.mark.django_db(transaction=True)

HR = (
    "E-Mail;Vorname;Nachname;Funktion;Telefon;Abteilung;Gruppen\r\n"
    "bob@acme.example;Bob;Hübner;Verkäufer;+49 30 100;Vertrieb;Sales, Everyone\r\n"
    "Carol@ACME.example;Carol;Weiß;;;;\r\n"
)


def brought(text, written="utf-8", **said):
    """An import of this text, looked at."""
    row = take([text.encode(written)], name="people.csv")
    for name, value in said.items():
        setattr(row, name, value)
    row.state = Import.State.CHECKING
    row.save()
    work.at_once(row)
    row.refresh_from_db()
    return row


def done(row, state="applying"):
    Import.objects.filter(pk=row.pk).update(state=state)
    work.at_once(Import.objects.get(pk=row.pk))
    row.refresh_from_db()
    return row


def wrong(row):
    """line → what is wrong with it."""
    return {one.line: told(LINES, one.problem)[0] for one in ImportRow.objects.filter(of=row, what="wrong")}


def everyone():
    return {
        m.address: (m.attributes, m.aliases, m.package.name, sorted(g.name for g in m.groups.all()))
        for m in Member.objects.all()
    }


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_every_encoding_that_offices_write_is_told_by_itself(in_acme, encoding):
    row = done(brought(HR, encoding))
    assert everyone()["bob@acme.example"] == (
        {
            "first_name": "Bob",
            "last_name": "Hübner",
            "name": "Bob Hübner",
            "title": "Verkäufer",
            "phone": "+49 30 100",
            "department": "Vertrieb",
        },
        [],
        "employees",
        ["Everyone", "Sales"],
    )
    assert (row.state, row.counts["new"]) == ("done", 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 whatever", "workbook"),
        (b"\xd0\xcf\x11\xe0 old", "workbook"),
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n", "picture"),
        ("a@b.example".encode("utf-32"), "utf32"),
        (b"name\x01\x02,\x00mail", "binary"),
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
    ],
)
def test_what_is_no_table_gets_a_sentence_and_leaves_nothing(in_acme, portal, data, code):
    with pytest.raises(Unreadable) as fault:
        take([data], name="x.csv")
    assert fault.value.code == code
    assert not Import.objects.exists()
    assert not list((portal.data / "imports").glob("*"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_itself(in_acme, delimiter):
    text = f"name{delimiter}email\nBob{delimiter}bob@acme.example\nCarol{delimiter}carol@acme.example\n"
    row = take([text.encode()], name="x")
    assert (row.delimiter, row.columns) == (delimiter, ["a:name", "address"])


def test_excels_own_word_for_the_delimiter_counts_and_is_no_person(in_acme):
    row = brought("sep=;\r\nname;email\r\nBob, the boss;bob@acme.example\r\n")
    assert (row.delimiter, row.counts["new"], row.counts["wrong"]) == (";", 1, 0)


def test_a_file_without_headings_is_a_list_of_people(in_acme):
    row = brought("bob@acme.example\ncarol@acme.example\n")
    assert (row.heading, row.columns, row.counts["new"]) == (False, ["address"], 2)


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        (["E-Mail-Adresse", "Name", "Handy", "Schuhgröße"], ["address", "a:name", "a:mobile", ""]),
        (
            ["Given Name", "Surname", "Work Email", "Job Title"],
            ["a:first_name", "a:last_name", "address", "a:title"],
        ),
        (["email", "mail", "Telefon (geschäftlich)"], ["address", "", "a:phone"]),
        (["shoe_size", "Weitere Adressen", "email"], ["a:shoe_size", "aliases", "address"]),
    ],
)
def test_columns_are_guessed_from_headings_in_english_and_german(headings, targets):
    assert columns.guess(headings, [["x"] * len(headings)], ["shoe_size"]) == targets


def test_the_address_is_found_by_what_stands_in_the_column():
    assert columns.guess(["Wer", "Wo"], [["Bob", "bob@acme.example"]], []) == ["", "address"]


def test_every_wrong_line_is_told_with_its_number_and_what_to_do(in_acme):
    Attribute.objects.create(name="site", kind="choice", choices=["Berlin", "Bonn"])
    add_member("dora@acme.example", aliases=["dd@acme.example"])
    row = brought(
        "email,name,phone,website,site,package,aliases\n"
        "bob@acme.example,Bob,+49 30 1,acme.example,bonn,clients,\n"
        "bob(at)acme,Bob,,,,,\n"
        ",Nobody,,,,,\n"
        "BOB@acme.example,Twice,,,,,\n"
        "carol@acme.example,Carol,none,,,,\n"
        "eve@acme.example,Eve,,,Rome,,\n"
        "fred@acme.example,Fred,,,,partners,\n"
        "gina@acme.example,Gina,,not a link,,,\n"
        "hugo@acme.example,Hugo,,,,,dd@acme.example\n"
        "ina@acme.example,Ina,1,2,3,4,5,6\n"
        'joe@acme.example,"Joe" Doe,,,,,\n'
        "dd@acme.example,Dora,,,,,\n"
        "kim@acme.example,Kim,,,,,bob@acme.example\n"
    )
    said = wrong(row)
    assert sorted(said) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert "line 2 already" in said[5] and "Berlin" not in said[7] and "“partners”" in said[8]
    assert row.counts["new"] == 1
    assert all(told(LINES, one.problem)[1] for one in ImportRow.objects.filter(what="wrong"))
    done(row)
    assert everyone()["bob@acme.example"][0] == {
        "name": "Bob", "phone": "+49 30 1", "website": "https://acme.example", "site": "Bonn",
    }  # fmt: skip


def test_line_numbers_count_the_lines_inside_texts(in_acme):
    row = brought('email,name\nbob@acme.example,"Bob\nHendry"\nwrong,x\n')
    assert list(wrong(row)) == [4]


def test_nothing_changes_before_it_is_said(in_acme):
    before, due = everyone(), list(RollDue.objects.values("wanted"))
    brought(HR)
    assert (everyone(), list(RollDue.objects.values("wanted"))) == (before, due)
    assert not Group.objects.exists()


def test_a_file_says_what_is_new_changed_and_unchanged_and_undoing_it_restores_everyone(in_acme):
    sales, board = Group.objects.create(name="Sales"), Group.objects.create(name="Board")
    bob = add_member("bob@acme.example", attributes={"name": "Bob", "title": "Clerk"}, groups=[sales])
    add_member("carol@acme.example", attributes={"name": "Carol"}, groups=[board])
    add_member("dan@acme.example", attributes={"name": "Dan"}, groups=[board])
    before = everyone()
    row = brought(
        "email,name,title,groups\nbob@acme.example,Bob,Director,Board\n"
        "carol@acme.example,Carol,,\neve@acme.example,Eve,,Sales; New\n",
        groups="exact",
        gone="remove",
    )
    assert row.counts == {"new": 1, "changed": 1, "same": 1, "wrong": 0, "gone": 1, "kept": 0}
    done(row)
    assert everyone() == {
        "bob@acme.example": ({"name": "Bob", "title": "Director"}, [], "employees", ["Board"]),
        "carol@acme.example": ({"name": "Carol"}, [], "employees", ["Board"]),
        "eve@acme.example": ({"name": "Eve"}, [], "employees", ["New", "Sales"]),
    }
    assert Member.objects.get(address="bob@acme.example").pk == bob.pk
    done(row, "undoing")
    assert row.state == "undone"
    assert everyone() == before
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Board", "Sales"]


def test_whoever_is_brought_back_reads_what_they_got_before(in_acme):
    prove()
    add_member("carol@acme.example")
    Member.objects.update(created_at=timezone.now() - timedelta(days=400))
    before = list(Member.objects.values_list("pk", "created_at"))
    letter = keep(LETTER, author="alice@acme.example", recipients=["carol@acme.example"])
    row = done(brought("email\ndan@acme.example\n", gone="remove"))
    assert Member.objects.get().address == "dan@acme.example"
    done(row, "undoing")
    carol = Member.objects.get()
    assert [(carol.pk, carol.created_at)] == before
    assert letter.grants.filter(counts(readings(carol)), address="carol@acme.example").count() == 1


def test_empty_cells_leave_what_is_there_unless_they_are_to_take_it_away(in_acme):
    add_member("bob@acme.example", attributes={"title": "Clerk", "phone": "+44 1"})
    text = "email,title,phone\nbob@acme.example,,\n"
    assert brought(text).counts["same"] == 1
    done(brought(text, empty="clear"))
    assert Member.objects.get().attributes == {}


def test_nobody_who_can_sign_in_is_taken_out_and_nobody_at_all_while_lines_are_wrong(in_acme, alice):
    add_member("bob@acme.example")
    row = brought("email\ncarol@acme.example\n", gone="remove")
    assert (row.counts["gone"], row.counts["kept"]) == (1, 1)
    assert brought("email\ncarol@acme.example\nnobody\n", gone="remove").counts["gone"] == 0


def test_undoing_leaves_who_was_changed_since_or_has_a_device(in_acme):
    row = done(brought("email,name\nbob@acme.example,Bob\ncarol@acme.example,Carol\ndan@acme.example,Dan\n"))
    enrol(Member.objects.get(address="bob@acme.example"), "laptop")
    carol = Member.objects.get(address="carol@acme.example")
    carol.attributes = {"name": "Caroline"}
    carol.save()
    done(row, "undoing")
    assert sorted(everyone()) == ["bob@acme.example", "carol@acme.example"]
    assert row.counts["left"] == 2


def test_undoing_takes_what_hangs_on_those_who_came_and_leaves_what_only_names_them(in_acme):
    row = done(brought("email,name,groups\nbob@acme.example,Bob,Sales\ncarol@acme.example,Carol,Sales\n"))
    bob = Member.objects.get(address="bob@acme.example")
    Proposal.objects.create(member=bob, values={"title": "Chief"})
    link = Link.objects.create(code="a" * 24, name="Offer", target="https://acme.example/", owner=bob)
    done(row, "undoing")
    assert everyone() == {} and row.counts["left"] == 0
    assert not GroupMember.objects.exists() and not Proposal.objects.exists()
    link.refresh_from_db()
    assert link.owner_id is None


def test_the_roll_is_wanted_once_however_many_people_come(in_acme, monkeypatch):
    from stationer.portal.access import roll

    written = []
    real = roll.write
    monkeypatch.setattr(roll, "write", lambda pen: written.append(real(pen)))
    row = brought("email\n" + "".join(f"p{n}@acme.example\n" for n in range(300)))
    assert not any(written)
    done(row)
    assert written.count(True) == 1


class Killed(BaseException):
    """The worker's end."""


@pytest.mark.parametrize("place", ["change_people", "place_people", "take_out"])
def test_a_worker_that_is_killed_while_people_are_put_in_place_leaves_nothing_and_another_goes_on(
    in_acme, monkeypatch, place
):
    from django.utils import timezone

    from stationer.portal.people.importing import swap

    add_member("dan@acme.example")
    row = brought(HR, gone="remove")
    before = everyone()

    def kill(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(swap, place, kill)
        with pytest.raises(Killed):
            done(row)
    assert everyone() == before
    assert not Group.objects.exists()
    row.refresh_from_db()
    assert row.state == "applying"
    work.at_once(row)
    assert everyone() == before, "the lease of the other is in force"
    Import.objects.update(leased_until=timezone.now())
    work.at_once(row)
    assert sorted(everyone()) == ["bob@acme.example", "carol@acme.example"]


def test_a_worker_that_is_killed_while_it_reads_begins_again(in_acme, monkeypatch):
    from django.utils import timezone

    from stationer.portal.people.importing import staging

    monkeypatch.setattr(staging, "PIECE", 1)
    row = take([HR.encode()], name="x")
    Import.objects.filter(pk=row.pk).update(state="checking")
    taken = work.claim(row)
    for _ in range(3):
        taken.step()
    assert ImportRow.objects.count() == 2
    Import.objects.update(leased_until=timezone.now())
    work.at_once(row)
    row.refresh_from_db()
    assert (row.state, row.counts["new"], ImportRow.objects.count()) == ("checked", 2, 2)
    taken.step()  # the first wakes up again: it has lost its lease and does nothing
    row.refresh_from_db()
    assert (row.state, ImportRow.objects.count()) == ("checked", 2)


def test_where_people_change_meanwhile_the_file_is_looked_at_again_and_asked_about_when_it_matters(in_acme):
    row = brought(HR)
    add_member("zoe@acme.example")  # nothing to do with the file
    done(row)
    assert row.state == "done"
    again = brought("email,title\nbob@acme.example,Boss\n")
    bob = Member.objects.get(address="bob@acme.example")
    bob.attributes = {"title": "Chief"}
    bob.save()
    done(again)
    assert (again.state, again.note["code"]) == ("checked", "moved")
    assert Member.objects.get(pk=bob.pk).attributes == {"title": "Chief"}
    assert done(again).state == "done"


def test_the_worker_takes_a_large_file_a_piece_a_turn(acme, monkeypatch):
    from stationer.portal.people.importing import staging

    monkeypatch.setattr(staging, "PIECE", 10)
    with pen_scope(acme):
        row = take([b"email\n" + b"".join(b"p%d@acme.example\n" % n for n in range(35))], name="x")
        Import.objects.filter(pk=row.pk).update(state="checking")
    turns = 0
    while work.turn():
        turns += 1
    assert turns >= 5
    with pen_scope(acme):
        row.refresh_from_db()
        assert (row.state, row.counts["new"]) == ("checked", 35)


def test_everyone_exported_and_brought_in_again_changes_nothing_and_no_cell_is_a_formula(in_acme):
    add_member(
        "bob@acme.example",
        attributes={
            "name": '=HYPERLINK("x")',
            "title": "'=1",
            "phone": "+44 (0) 1632/960-1",
            "note": '-1, “a"b”',
        },
        aliases=["-b@acme.example", "bb@acme.example"],
        groups=[Group.objects.create(name="@home"), Group.objects.create(name="Sales")],
        package=Package.objects.get(name="clients"),
    )
    add_member("=1+1@acme.example")
    before, text = everyone(), "".join(exporting.export())
    cells = [cell for line in text.splitlines() for cell in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', line)]
    assert not [c for c in cells if c.strip('"')[:1] in ("=", "@", "-")], text
    row = brought(text, empty="clear", groups="exact", gone="remove")
    assert row.counts == {"new": 0, "changed": 0, "same": 2, "wrong": 0, "gone": 0, "kept": 0}, wrong(row)
    Member.objects.all().delete()
    done(brought(text, empty="clear", groups="exact"))
    assert everyone() == before


def test_another_encoding_that_does_not_fit_is_said_and_nothing_is_lost(in_acme):
    row = brought("email,name\nbob@acme.example,Müller\n", "cp1252", encoding="utf-8-sig")
    assert (row.state, row.note["code"]) == ("failed", "encoding")
    assert files.path_of(row.pk).exists()


def test_a_byte_beyond_the_first_page_decides_as_well(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"email,name\n" + b"a@acme.example,A\n" * 9000 + "b@acme.example,Ä\n".encode("cp1252"))
    assert files.guess(path) == Manner("cp1252", ",", True)


def send(client, data, name="people.csv"):
    return client.post(reverse("import-people"), {"file": SimpleUploadedFile(name, data), "pasted": ""})


def test_an_owner_brings_in_a_file_and_takes_it_back_page_by_page(signed_in, acme):
    sent = send(signed_in, HR.encode("cp1252"))
    assert sent.status_code == 302
    page = signed_in.get(sent.url).content.decode()
    assert "Nothing has changed yet." in page  # every heading said what its column is
    signed_in.post(f"{sent.url}go/", {"do": "columns"})
    page = signed_in.get(sent.url).content.decode()
    assert "What is in which column?" in page and "Hübner" in page
    fields = dict(re.findall(r'<select name="(c\d+)".*?<option value="([^"]*)" selected', page, re.S))
    assert fields["c0"] == "address" and fields["c4"] == "a:phone"
    fields |= {
        "encoding": "cp1252",
        "delimiter": ";",
        "heading": "on",
        "empty": "keep",
        "groups": "add",
        "gone": "keep",
    }
    assert signed_in.post(sent.url, fields).status_code == 302
    page = signed_in.get(sent.url).content.decode()
    assert (
        "This is what the file would do." in page and "One group" not in page and "2 groups are new" in page
    )
    assert signed_in.post(f"{sent.url}go/", {"do": "apply"}).status_code == 302
    assert "Take it back" in signed_in.get(sent.url).content.decode()
    with pen_scope(acme):
        assert Member.objects.count() == 3
    signed_in.post(f"{sent.url}go/", {"do": "undo"})
    assert "It was taken back." in signed_in.get(sent.url).content.decode()
    with pen_scope(acme):
        assert Member.objects.count() == 1


def test_a_workbook_is_answered_with_a_sentence_on_the_page(signed_in, acme):
    page = send(signed_in, b"PK\x03\x04 xlsx").content.decode()
    assert "This is an Excel workbook, not a CSV file." in page and "CSV UTF-8" in page


def test_rows_can_be_pasted_and_two_columns_cannot_be_the_same(signed_in, acme):
    sent = signed_in.post(reverse("import-people"), {"pasted": "Name\tMail\tX\nBob\tbob@acme.example\t\n"})
    assert "What is in which column?" in signed_in.get(sent.url).content.decode()  # nobody knows what X is
    fields = {
        "encoding": "utf-8-sig",
        "delimiter": "\t",
        "heading": "on",
        "empty": "keep",
        "groups": "add",
        "gone": "keep",
    }
    page = signed_in.post(sent.url, fields | {"c0": "address", "c1": "address"}).content.decode()
    assert "Two columns are" in page
    page = signed_in.post(sent.url, fields | {"c0": "a:name", "c1": ""}).content.decode()
    assert "Say which column is the e-mail address" in page
    assert signed_in.post(sent.url, fields | {"c0": "a:name", "c1": "address"}).status_code == 302


def test_a_large_file_is_watched_while_the_worker_reads_it(signed_in, acme, monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 0)
    sent = send(signed_in, HR.encode())
    fields = {f"c{n}": "" for n in range(7)} | {"c0": "address", "encoding": "utf-8-sig", "delimiter": ";"}
    signed_in.post(sent.url, fields | {"heading": "on", "empty": "keep", "groups": "add", "gone": "keep"})
    page = signed_in.get(sent.url).content.decode()
    assert "The lines are being checked" in page and 'hx-trigger="every 1s"' in page
    while work.turn():
        pass
    answer = signed_in.get(sent.url, headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    assert "would do" in signed_in.get(sent.url).content.decode()


def test_the_wrong_lines_can_be_downloaded(signed_in, acme):
    with pen_scope(acme):
        row = brought("email\n=cmd\n")
    answer = signed_in.get(reverse("import-wrong", args=[row.outside_id]))
    text = b"".join(answer.streaming_content).decode()
    assert "2,," in text and "no e-mail address" in text


def test_the_export_is_for_owners_and_carries_everyone(signed_in, acme):
    answer = signed_in.get(reverse("export-people"))
    assert b"alice@acme.example" in b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_is_over_or_was_given_up_is_forgotten_with_its_file(acme, portal):
    import os
    from datetime import timedelta

    from django.utils import timezone

    with pen_scope(acme):
        old, new = take([HR.encode()], name="old"), take([HR.encode()], name="new")
        Import.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))
    stray = files.path_of(old.pk).with_name("0" * 32 + ".csv")
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    assert work.forget_old() == 1
    assert [path.name for path in stray.parent.glob("*")] == [files.path_of(new.pk).name]


def test_members_groups_are_only_added_to_unless_the_file_is_to_be_exact(in_acme):
    a, b = Group.objects.create(name="A"), Group.objects.create(name="B")
    bob = add_member("bob@acme.example", groups=[a])
    done(brought("email,groups\nbob@acme.example,B\n"))
    assert everyone()["bob@acme.example"][3] == ["A", "B"]
    put_in_groups(bob, [a, b])
    done(brought("email,groups\nbob@acme.example,b\n", groups="exact"))
    assert everyone()["bob@acme.example"][3] == ["B"]
