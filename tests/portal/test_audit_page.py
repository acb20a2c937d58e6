"""The page of who did what: in words, narrowed by the server, and as a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.audit.models import Entry
from stationer.portal.audit.recording import record
from stationer.portal.audit.words import TOGETHER, told
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import Group
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


def page(client, query=""):
    answer = client.get(f"/audit/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_change_stands_there_in_words_with_who_made_it(signed_in, acme):
    signed_in.post("/people/groups/", {"name": "Sales"})
    with pen_scope(acme):
        group = Group.objects.get()
    signed_in.post(f"/people/groups/{group.outside_id}/", {"name": "Selling"})
    said = page(signed_in)
    assert "Name: Sales" in said and "Name: Selling" in said
    assert "alice@acme.example" in said
    assert said.index("Selling") < said.index("group, added")  # the newest first


def test_a_rule_is_told_as_a_sentence(signed_in, acme):
    with pen_scope(acme):
        row = Campaign.objects.create(name="Winter")
        row.rule = {"to": {"side": "outside"}}
        row.save()
    assert "writes to anyone outside" in page(signed_in)


def test_what_saves_itself_is_shown_as_one_change(in_acme):
    row = Message.objects.create(
        campaign=Campaign.objects.create(name="Winter"), name="Snow",
        source={"shape": "note", "values": {"words": "S"}},
    )  # fmt: skip
    for words in ("Sn", "Sno", "Snow"):
        row.source = {"shape": "note", "values": {"words": words}}
        row.save()
    (changed, *_) = told(Entry.objects.all()[:50], "UTC")
    assert changed.saves == 3
    assert [(line.before, line.after) for line in changed.lines] == [("S", "Snow")]


def test_changes_that_lie_far_apart_are_shown_apart(in_acme):
    now = timezone.now()
    for n, name in enumerate(("B", "C")):
        row = record(
            "changed", "group", name, noun_id="grp_x", lines=[{"about": "name", "before": "A", "after": name}]
        )
        assert row.pk
        Entry.objects.filter(pk=row.pk)._raw_delete("default")
        row._state.adding, row.at = True, now + n * (TOGETHER + timedelta(minutes=1))
        row.save(force_insert=True)
    assert [one.saves for one in told(Entry.objects.filter(noun_id="grp_x"), "UTC")] == [1, 1]


def test_it_is_narrowed_by_person_noun_and_day(signed_in, acme):
    signed_in.post("/people/groups/", {"name": "Sales"})
    signed_in.post("/templates/new/", {"name": "Letterhead", "shape": "signature"})
    today = timezone.localdate()
    assert "Sales" in page(signed_in, "?q=alice") and "Letterhead" in page(signed_in, "?q=alice")
    assert "Sales" not in page(signed_in, "?q=bob")
    only = page(signed_in, "?noun=group")
    assert "Sales" in only and "Letterhead" not in only
    assert "Sales" in page(signed_in, f"?since={today}&until={today}")
    assert "Nothing like that was done" in page(signed_in, f"?since={today + timedelta(days=2)}")
    assert "Nothing like that was done" in page(signed_in, "?since=yesterday")


def test_many_rows_come_by_pages(signed_in, acme):
    with pen_scope(acme):
        for n in range(60):
            record("made", "group", f"Group {n}")
    assert "1 to 50 of" in page(signed_in)
    assert "Group 3 " in page(signed_in, "?page=2")


def test_it_is_exported_as_a_table_that_no_spreadsheet_runs(signed_in, acme):
    with pen_scope(acme):
        record("made", "group", "=HYPERLINK(1)")
    answer = signed_in.get("/audit/export.csv?noun=group")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["called"] == "'=HYPERLINK(1)" and row["noun"] == "group"
    assert "attachment" in answer["Content-Disposition"]
    with pen_scope(acme):
        assert Entry.objects.first().what == "exported"


def test_it_is_exported_as_json_lines_with_the_values_as_they_were(signed_in, acme):
    with pen_scope(acme):
        acme.hold_limit_ms = 90_000
        acme.save()
    lines = b"".join(signed_in.get("/audit/export.jsonl").streaming_content).splitlines()
    rows = [json.loads(line) for line in lines]
    changed = next(row for row in rows if row["what"] == "changed")
    assert changed["values"] == [{"about": "hold_limit_ms", "before": 60_000, "after": 90_000}]
    assert changed["lines"] == ["How long a mail may wait for us: 60 seconds → 90 seconds"]
    assert signed_in.get("/audit/export.exe").status_code == 404


def test_an_export_of_another_pen_is_never_in_it(signed_in, acme, other):
    with pen_scope(other):
        record("made", "group", "xyzzy")
    for path in ("/audit/", "/audit/export.csv", "/audit/export.jsonl"):
        answer = signed_in.get(path)
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"xyzzy" not in said


def test_a_long_export_holds_every_row_once(signed_in, acme, monkeypatch):
    monkeypatch.setattr("stationer.portal.audit.finding.CHUNK", 7)
    at = timezone.now()
    with pen_scope(acme):
        Entry.objects.bulk_create(
            [Entry(via="server", what="made", noun="group", called=f"G{n}", at=at) for n in range(30)]
        )
    lines = b"".join(signed_in.get("/audit/export.jsonl?noun=group").streaming_content).splitlines()
    assert sorted(json.loads(line)["called"] for line in lines) == sorted(f"G{n}" for n in range(30))


def test_an_auditor_sees_it_and_a_marketer_does_not(client, acme, alice):
    with pen_scope(acme):
        auditor, marketer = (give_access(f"{r}@acme.example", role=r) for r in ("auditor", "marketer"))
    client.force_login(auditor.account)
    assert "Who did what" in page(client)
    client.force_login(marketer.account)
    assert client.get("/audit/").status_code == 404
    assert client.get("/audit/export.csv").status_code == 404


def test_the_page_needs_few_queries(signed_in, acme, django_assert_max_num_queries):
    with pen_scope(acme):
        for n in range(60):
            record("made", "group", f"Group {n}")
    with django_assert_max_num_queries(20):
        page(signed_in)
