"""Files with an open quotation mark or old line ends; who somebody new is; dates beyond every clock; what the audit
shows of a change and its change back; what goes by its name."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from stationer.portal.audit.models import Entry
from stationer.portal.audit.words import told
from stationer.portal.content.models import Template
from stationer.portal.people.importing import files
from stationer.portal.people.models import AddressList, Group
from stationer.portal.people.owned import new_id
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import normal_domain
from stationer.portal.publishing.publish import publish

pytestmark = pytest.mark.django_db


def read(text):
    key = new_id()
    files.keep(key, [text.encode()])
    manner = files.guess(files.path_of(key))
    return list(files.lines(files.path_of(key), manner))


def test_an_open_quotation_mark_costs_its_own_line():
    good = [f"p{n}@acme.example,P {n}" for n in range(405)]
    text = "\n".join(["address,name", *good[:5], 'bob@acme.example,"Bob', *good[5:]])
    found = read(text)
    assert [line.number for line in found if not line.whole] == [7]
    assert sum(line.whole for line in found) == 405
    assert found[-1].number == 407 and found[-1].cells == ["p404@acme.example", "P 404"]


def test_a_text_of_several_lines_is_still_one_cell():
    found = read('address,name\na@acme.example,"A\nB"\nb@acme.example,B\n')
    assert [(line.number, line.cells) for line in found] == [
        (2, ["a@acme.example", "A\nB"]),
        (4, ["b@acme.example", "B"]),
    ]


def test_the_line_ends_of_an_old_macintosh_are_read():
    found = read("sep=;\raddress;name\ra@acme.example;A\rb@acme.example;B\r")
    assert [line.cells for line in found][-1] == ["b@acme.example", "B"]


def test_a_first_line_that_cannot_be_read_is_said(signed_in):
    answer = signed_in.post(
        reverse("import-people"), {"pasted": "address," + "x" * 40_000 + "\na@acme.example,1"}
    )
    assert answer.status_code in (200, 302)
    files.csv.field_size_limit(files.MOST_CELL)
    answer = signed_in.post(
        reverse("import-people"), {"pasted": "address," + "x" * 40_000 + "\na@acme.example,1"}
    )
    assert "The first line cannot be read" in answer.content.decode()


def test_somebody_new_is_an_employee(signed_in, acme):
    html = signed_in.get(reverse("new-member")).content.decode()
    chosen = [part for part in html.split("<option") if "selected" in part]
    assert any(">Employees<" in part or ">employees<" in part for part in chosen), chosen


@pytest.mark.parametrize("asked", ["until=9999-12-31", "since=0001-01-01", "since=yesterday"])
def test_days_beyond_every_clock_are_said_on_the_list_and_before_a_file(signed_in, asked):
    answer = signed_in.get(f"/audit/?{asked}")
    assert (
        answer.status_code == 200 and "is-wrong" in answer.content.decode()
    ) or "error" in answer.content.decode()
    answer = signed_in.get(f"/audit/export.csv?{asked}")
    assert (answer.status_code, answer["Location"]) == (302, f"/audit/?{asked}")


def test_a_change_and_its_change_back_are_both_shown(in_acme):
    row = Template.objects.create(name="A", fallback=True)
    for name in ("B", "C", "A"):
        row.name = name
        row.save()
    shown = told(Entry.objects.filter(noun="template", what="changed"), "UTC")
    assert [(line.before, line.after) for one in shown for line in one.lines] == [("B", "A"), ("A", "B")]
    group = Group.objects.create(name="G")
    for name in ("H", "G"):
        group.name = name
        group.save()
    shown = told(Entry.objects.filter(noun="group", what="changed"), "UTC")
    assert [(line.before, line.after) for one in shown for line in one.lines] == [("H", "G"), ("G", "H")]


def test_a_group_goes_by_its_name_and_not_while_mail_goes_by_it(signed_in, acme):
    with pen_scope(acme):
        group = Group.objects.create(name="Sales")
        rule = {"senders": {"groups": ["Sales"]}}
        parts = {"new": {"footer": {"shape": "note", "values": {"words": "Hello"}}}}
        Template.objects.create(name="Rest", fallback=True, parts=parts)
        mine = Template.objects.create(name="Sellers", rule=rule, parts=parts)
        publish(acme, None)
    page = reverse("group", args=[group.outside_id])
    assert "the template “Sellers”" in signed_in.get(page).content.decode()
    signed_in.post(page, {"delete": "1"})
    refused = signed_in.post(page, {"delete": "1", "typed": "Sales"}).content.decode()
    assert "Mail goes by “Sales”" in refused
    with pen_scope(acme):
        assert Group.objects.exists()
        mine.rule = {}
        mine.save()
        publish(acme, None)
    assert signed_in.post(page, {"delete": "1", "typed": "Sales"}).status_code == 302
    with pen_scope(acme):
        assert not Group.objects.exists()


def test_a_list_goes_by_its_name(signed_in, acme):
    with pen_scope(acme):
        row = AddressList.objects.create(name="Press")
    page = reverse("list", args=[row.pk])
    assert "That is not its name" in signed_in.post(page, {"delete": "1", "typed": "x"}).content.decode()
    assert signed_in.post(page, {"delete": "1", "typed": "press"}).status_code == 302


def test_a_wrong_domain_is_said_in_german():
    with translation.override("de"), pytest.raises(ValidationError, match="ist keine Domain"):
        normal_domain("domain!")
