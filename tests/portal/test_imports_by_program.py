"""A program sends a file of people, sees what is wrong with it, puts it in place and takes it back."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stationer.portal.access import devices
from stationer.portal.people.models import Import, Member
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db

TEXT = b"Mail;Name;Note\r\nbob@acme.example;Bob;x\r\nwrong;W;y\r\n"


@pytest.fixture
def key(acme):
    with pen_scope(acme):
        return {"headers": {"authorization": f"Bearer {devices.make_api_key('payroll')[1]}"}}


def send(client, key, data=TEXT, **said):
    return client.post("/api/v1/imports", {"file": SimpleUploadedFile("p.csv", data), **said}, **key)


def people(acme):
    with pen_scope(acme):
        return {row.address: row.attributes for row in Member.objects.all()}


def test_a_file_is_sent_checked_put_in_place_and_taken_back(client, acme, key):
    sent = send(client, key)
    assert sent.status_code == 201, sent.content
    row = sent.json()
    assert (row["state"], row["columns"]) == ("checked", ["address", "a:name", ""])
    assert (row["counts"]["new"], row["counts"]["wrong"]) == (1, 1)
    (line,) = client.get(f"/api/v1/imports/{row['id']}/wrong", **key).json()["items"]
    assert line["line"] == 3 and "no e-mail address" in line["what"]
    assert people(acme) == {}
    assert client.post(f"/api/v1/imports/{row['id']}/apply", **key).json()["state"] == "done"
    assert people(acme) == {"bob@acme.example": {"name": "Bob"}}
    again = client.post(f"/api/v1/imports/{row['id']}/apply", **key)
    assert again.status_code == 422 and "state" in again.json()["fields"]
    assert client.post(f"/api/v1/imports/{row['id']}/undo", **key).json()["state"] == "undone"
    assert people(acme) == {}
    assert client.delete(f"/api/v1/imports/{row['id']}", **key).status_code == 204


def test_the_columns_can_be_said(client, acme, key):
    columns = json.dumps(["address", "a:name", "a:remark"])
    row = send(client, key, columns=columns).json()
    client.post(f"/api/v1/imports/{row['id']}/apply", **key)
    assert people(acme)["bob@acme.example"] == {"name": "Bob", "remark": "x"}


@pytest.mark.parametrize(
    ("data", "said", "field"),
    [
        (b"PK\x03\x04", {}, "file"),
        (TEXT, {"columns": "address"}, "columns"),
        (TEXT, {"columns": '["address"]'}, "columns"),
        (TEXT, {"columns": '["a:name", "a:x", ""]'}, "columns"),
        (TEXT, {"columns": '["address", "a:Bad Name", ""]'}, "Bad"),
        (TEXT, {"columns": '["address", "a:name", "a:name"]'}, "columns"),
        (TEXT, {"gone": "everyone"}, "gone"),
    ],
)
def test_what_cannot_be_read_is_refused_and_leaves_nothing(client, acme, key, portal, data, said, field):
    answer = send(client, key, data, **said)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    with pen_scope(acme):
        assert not Import.objects.exists()
    assert not list((portal.data / "imports").glob("*"))


def test_a_program_is_held_to_what_a_detail_is(client, acme, key):
    person = {"address": "bob@acme.example", "attributes": {"phone": "call me"}}
    answer = client.post("/api/v1/people", json.dumps(person), "application/json", **key)
    assert answer.status_code == 422 and "telephone" in answer.content.decode()
