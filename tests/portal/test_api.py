"""The API: for owners' programs, of one PEN, refusing in the wire's words."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stationer.portal.access import devices
from stationer.portal.access.models import Device
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group
from stationer.portal.people.scope import pen_scope
from stationer.wire.errors import ERRORS, Refusal
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db


class Program:
    """A client with a bearer token."""

    def __init__(self, client, token):
        self.client, self.headers = client, {"authorization": f"Bearer {token}"}

    def ask(self, method, path, body=None, **more):
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(
            method, f"/api/v1{path}", data.get("data", ""), data.get("content_type", "application/json"),
            headers=self.headers, **more,
        )  # fmt: skip

    def get(self, path):
        return self.ask("GET", path).json()

    def post(self, path, body):
        answer = self.ask("POST", path, body)
        assert answer.status_code == 201, answer.content
        return answer.json()


@pytest.fixture
def program(client, acme):
    with pen_scope(acme):
        return Program(client, devices.make_api_key("demo")[1])


def refused(answer, code):
    body = msgspec.json.decode(answer.content, type=Refusal)
    assert (answer.status_code, body.error) == (ERRORS[code][0], code), answer.content
    assert body.message
    return body


def test_a_program_makes_a_company_and_publishes_it(program):
    program.post("/groups", {"name": "Sales"})
    alice = program.post(
        "/people",
        {"address": "Alice@ACME.example", "attributes": {"name": "Alice"}, "groups": ["Sales"]},
    )
    assert alice["address"] == "alice@acme.example"
    assert alice["groups"] == ["Sales"]
    signature = {"shape": "signature", "values": {"name": "{{name}}"}}
    program.post(
        "/templates", {"name": "House", "fallback": True, "parts": {"new": {"signature": signature}}}
    )
    campaign = program.post("/campaigns", {"name": "Open evening", "state": "live"})
    program.post(
        "/messages",
        {
            "campaign": campaign["id"],
            "name": "Banner",
            "source": {"shape": "note", "values": {"words": "Hi"}},
        },
    )
    assert {c["name"] for c in program.get("/changes")["items"]} == {"House", "Open evening", "Banner"}
    answer = program.ask("POST", "/publish", {"about": "first"})
    if answer.status_code == 422:  # the shape's own fields decide; what is wrong must be said
        pytest.fail(answer.content.decode())
    assert answer.json()["serial"] == 1
    assert answer.json()["by"] == "demo"
    assert program.get("/changes") == {"items": [], "next": None}
    assert [p["serial"] for p in program.get("/publications")["items"]] == [1]


def test_rows_are_changed_and_removed(program):
    row = program.post("/campaigns", {"name": "A"})
    changed = program.ask("PATCH", f"/campaigns/{row['id']}", {"state": "paused"}).json()
    assert (changed["name"], changed["state"]) == ("A", "paused")
    memory = {"caps": {"week": 2}, "cool_down_h": 36, "sequence": True, "stop_after_click": True}
    asked = {**memory, "caps": {"day": 0, "week": 2}}
    shown = program.ask("PATCH", f"/campaigns/{row['id']}", asked).json()
    assert {name: shown[name] for name in memory} == memory
    for wrong in ({"caps": {"day": -1}}, {"caps": {"year": 1}}, {"cool_down_h": -1}):
        refused(program.ask("PATCH", f"/campaigns/{row['id']}", wrong), "invalid")
    assert program.ask("DELETE", f"/campaigns/{row['id']}").status_code == 204
    refused(program.ask("GET", f"/campaigns/{row['id']}"), "not-found")


def test_pages_hold_every_row_once(program, acme):
    with pen_scope(acme):
        for n in range(7):
            Group.objects.create(name=f"G{n}")
    names, cursor = [], ""
    while cursor is not None:
        found = program.get(f"/groups?limit=3&cursor={cursor}")
        names += [row["name"] for row in found["items"]]
        cursor = found["next"]
    assert names == [f"G{n}" for n in range(7)]


@pytest.mark.parametrize("cursor", ["zzz", "mem_zzz", "grp_", "mem_01hzzzzzzzzzzzzzzzzzzzzzzz"])
def test_a_cursor_that_is_none_is_refused_by_its_name(program, cursor):
    assert list(refused(program.ask("GET", f"/groups?cursor={cursor}"), "invalid").fields) == ["cursor"]


def test_an_unknown_key_of_a_query_is_refused_on_every_route(program):
    row = program.post("/campaigns", {"name": "A"})
    routes = [
        ("GET", "/groups", None),
        ("GET", "/changes", None),
        ("GET", f"/campaigns/{row['id']}", None),
        ("POST", "/campaigns", {"name": "B"}),
        ("DELETE", f"/campaigns/{row['id']}", None),
    ]
    for method, path, body in routes:
        for key in ("nosuch", "campaign_id", "__all__", "asked"):
            answer = program.ask(method, f"{path}?{key}=1", body)
            assert refused(answer, "invalid").fields.keys() <= {key, "body"}, (method, path)
    assert [one["name"] for one in program.get("/campaigns?limit=5")["items"]] == ["A"]
    assert program.get(f"/messages?limit=5&campaign={row['id']}")["items"] == []


def test_a_stranger_with_an_unknown_key_is_a_stranger_first(client):
    refused(client.get("/api/v1/groups?nosuch=1"), "unauthorised")


def test_a_list_is_replaced_whole(program):
    answer = program.ask("PUT", "/lists/VIPs", {"addresses": ["A@example.org", "a@example.org"]})
    assert answer.json() == {"name": "VIPs", "addresses": ["a@example.org"]}
    assert program.get("/lists") == {"items": [{"name": "VIPs"}], "next": None}


def test_a_picture_is_taken_in_and_served_to_everyone(program, client):
    answer = client.post(
        "/api/v1/pictures",
        {"picture": SimpleUploadedFile("logo.png", png(), "image/png"), "name": "logo", "alt": "ACME"},
        headers=program.headers,
    )
    assert answer.status_code == 201, answer.content
    picture = answer.json()
    assert (picture["type"], picture["width"], picture["height"]) == ("image/png", 2, 1)
    served = client.get("/a/" + picture["url"].rpartition("/")[2])
    assert served.content == png()
    assert served["Content-Type"] == "image/png"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in served["Cache-Control"]
    assert served["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not served.cookies


def test_a_picture_for_a_place_is_written_anew_to_fit_it(program, client):
    def sent(place):
        file = SimpleUploadedFile("logo.png", png(3000, 1000), "image/png")
        asked = {"picture": file, "name": "logo", "place": place}
        return client.post("/api/v1/pictures", asked, headers=program.headers)

    assert sent("logo").json()["width"] == 576  # twice the place, for sharp screens
    assert "logo, portrait" in refused(sent("nowhere"), "invalid").fields["place"][0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        png()[:-5],
        b"<script>" + png(),
        b"GIF89a",
        png(5000, 1),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
    ],
    ids=["empty", "svg", "cut", "prefixed", "gif head", "too wide", "no header"],
)
def test_what_is_no_picture_is_refused(program, client, data):
    answer = client.post(
        "/api/v1/pictures",
        {"picture": SimpleUploadedFile("logo.png", data or b"\0", "image/png"), "name": "logo"},
        headers=program.headers,
    )
    assert "picture" in refused(answer, "invalid").fields


def test_without_a_key_nothing_is_said(client, acme):
    assert refused(client.get("/api/v1/people"), "unauthorised")
    assert refused(Program(client, "wrong").ask("GET", "/people"), "unauthorised")


def test_a_removed_key_is_out_of_force_at_once(program, acme):
    program.get("/people")
    with pen_scope(acme):
        devices.revoke(Device.objects.get())
    refused(program.ask("GET", "/people"), "unauthorised")


def test_a_devices_token_is_no_key(client, acme):
    with pen_scope(acme):
        row, token = devices.enrol(add_member("alice@acme.example"), "laptop")
    agent = Program(client, token)
    refused(agent.ask("GET", "/people"), "unauthorised")
    assert [d["id"] for d in agent.get("/devices")["items"]] == [row.outside_id]


def test_another_pens_id_looks_like_one_that_never_was(program, other):
    with pen_scope(other):
        foreign = add_member("o@other.example").outside_id
    never = foreign[:-2] + ("aa" if foreign[-2:] != "aa" else "ba")
    answers = [program.ask("GET", f"/people/{one}") for one in (foreign, never, "mem_x", "grp_x")]
    for answer in answers:
        refused(answer, "not-found")
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/groups", {"name": "x", "pen": "pen_x"}, "invalid"),
        ("POST", "/groups", {}, "invalid"),
        ("POST", "/groups", {"name": ""}, "invalid"),
        ("POST", "/people", {"address": "nobody"}, "invalid"),
        ("POST", "/people", {"address": "a@b\r\nc.example"}, "invalid"),
        ("POST", "/people", {"address": "a@b.example", "attributes": {"X-Y": "1"}}, "invalid"),
        ("POST", "/people", {"address": "a@b.example", "groups": ["none"]}, "invalid"),
        ("POST", "/templates", {"name": "x", "rule": {"nonsense": 1}}, "invalid"),
        ("POST", "/templates", {"name": "x", "parts": {"sometimes": {}}}, "invalid"),
        ("POST", "/messages", {"campaign": "cam_x", "name": "x", "source": {"shape": "note"}}, "not-found"),
        ("GET", "/groups?limit=9999", None, "invalid"),
        ("GET", "/nothing", None, "not-found"),
        ("PUT", "/groups", {}, "method-not-allowed"),
    ],
)
def test_bad_requests_are_refused_in_the_wires_words(program, method, path, body, code):
    found = refused(program.ask(method, path, body), code)
    assert found.fields or code != "invalid"


def test_what_is_not_json_is_malformed(program, client):
    answer = client.generic("POST", "/api/v1/groups", b"{", "application/json", headers=program.headers)
    refused(answer, "malformed")


def test_two_groups_of_one_name_are_refused_by_field(program):
    program.post("/groups", {"name": "Sales"})
    assert "name" in refused(program.ask("POST", "/groups", {"name": "Sales"}), "invalid").fields


def test_one_template_alone_is_the_fallback(program):
    program.post("/templates", {"name": "A", "fallback": True})
    answer = program.ask("POST", "/templates", {"name": "B", "fallback": True})
    assert "then say it of this one" in refused(answer, "invalid").fields["fallback"][0]


def test_a_key_that_is_taken_is_said_of_the_key(program):
    program.post("/templates", {"name": "A", "key": "house"})
    program.post("/campaigns", {"name": "A", "key": "spring"})
    campaign = program.post("/campaigns", {"name": "B"})["id"]
    message = {"campaign": campaign, "name": "A", "key": "first", "source": {"shape": "note"}}
    program.post("/messages", message)
    taken = ("/templates", {"name": "B", "key": "house"}), ("/campaigns", {"name": "C", "key": "spring"})
    for path, said in (*taken, ("/messages", message)):
        fields = refused(program.ask("POST", path, said), "invalid").fields
        assert fields == {"key": ["There is already one with this key."]}


def test_the_place_for_everyone_else_moves_in_one_step_or_not_at_all(program):
    rule = {"senders": {"groups": ["Sales"]}}
    program.post("/groups", {"name": "Sales"})
    old = program.post("/templates", {"name": "A", "fallback": True, "rule": rule})
    new = program.post("/templates", {"name": "B"})
    program.post("/templates", {"name": "C", "key": "c"})
    wrong = {"fallback": True, "key": "c"}
    assert "key" in refused(program.ask("PATCH", f"/templates/{new['id']}", wrong), "invalid").fields
    assert program.get(f"/templates/{old['id']}") == old  # nothing by half
    assert program.ask("PATCH", f"/templates/{new['id']}", {"fallback": True}).status_code == 200
    given_way = program.get(f"/templates/{old['id']}")
    assert not given_way["fallback"] and not given_way["rule"].get("senders")
    assert program.get(f"/templates/{new['id']}")["fallback"]
    program.ask("PATCH", f"/templates/{new['id']}", {"fallback": True, "priority": 3})  # once more is no harm
    assert program.get(f"/templates/{new['id']}") == {**new, "fallback": True, "priority": 3}


def test_drafts_that_cannot_be_published_are_said_with_their_pages(program):
    program.post("/campaigns", {"name": "Empty", "state": "live"})
    found = refused(program.ask("POST", "/publish", {}), "invalid")
    assert "campaign: Empty" in found.fields


def test_the_api_describes_itself(client, db):
    schema = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/people", "/api/v1/publish", "/api/v1/devices"} <= set(schema["paths"])
