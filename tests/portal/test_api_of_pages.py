"""What the pages do, a program can do: keys, bins, details, proposals, versions, trying a mail, reach, who did what."""

from __future__ import annotations

import pytest

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.people.models import AddressList, Group, Proposal
from stationer.portal.people.scope import pen_scope
from tests.portal.test_api import Program, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(client, acme):
    with pen_scope(acme):
        return Program(client, devices.make_api_key("demo")[1])


@pytest.fixture
def house(program):
    """A company that can be published: its people, a template for everyone, a campaign."""
    program.post("/people", {"address": "alice@acme.example", "attributes": {"name": "Alice"}})
    parts = {"new": {"signature": {"shape": "signature", "values": {"name": "{{name}}"}}}}
    template = program.post("/templates", {"name": "House", "fallback": True, "parts": parts})
    campaign = program.post("/campaigns", {"name": "Open evening", "state": "live"})
    source = {"shape": "note", "values": {"words": "Come on Friday"}}
    message = program.post("/messages", {"campaign": campaign["id"], "name": "Banner", "source": source})
    return {"template": template, "campaign": campaign, "message": message}


def test_a_key_says_what_it_may_and_makes_keys_that_may_less(program, client, acme):
    assert program.get("/key")["pen_name"] == "ACME"
    made = program.post("/keys", {"name": "shop", "rights": ["change-people"]})
    small = Program(client, made["token"])
    assert small.get("/key")["rights"] == ["see-names", "see-people", "change-people"]
    assert small.get("/key")["token"] is None
    assert small.get("/people")["items"] == []
    refused(small.ask("GET", "/templates"), "not-found")
    refused(small.ask("POST", "/keys", {"name": "more", "rights": ["publish"]}), "not-found")
    with pen_scope(acme):
        some = Program(client, devices.make_api_key("roles", ("manage-roles",))[1])
    beyond = refused(some.ask("POST", "/keys", {"name": "more", "rights": ["publish"]}), "invalid")
    assert "publish, see-content" in beyond.fields["rights"][0]
    refused(program.ask("POST", "/keys", {"name": "none", "rights": []}), "invalid")


def test_what_was_deleted_comes_back_under_its_id(program, house):
    path = f"/campaigns/{house['campaign']['id']}"
    assert program.ask("DELETE", path).status_code == 204
    (kept,) = program.get("/bin")["items"]
    assert (kept["kind"], kept["name"]) == ("campaign", "Open evening")
    restored = program.ask("POST", f"/bin/{kept['id']}/restore").json()
    assert restored["id"] == house["campaign"]["id"]
    assert program.get(path)["name"] == "Open evening"
    assert program.get(f"/messages/{house['message']['id']}")["name"] == "Banner"
    refused(program.ask("POST", f"/bin/{kept['id']}/restore"), "not-found")


def test_groups_and_lists_come_back_and_one_in_the_way_is_said(program, acme):
    group = program.post("/groups", {"name": "Sales"})
    program.ask("PUT", "/lists/Press", {"addresses": ["a@example.org"]})
    program.ask("DELETE", f"/groups/{group['id']}")
    program.ask("DELETE", "/lists/Press")
    kept = {one["kind"]: one["id"] for one in program.get("/people-bin")["items"]}
    program.post("/groups", {"name": "Sales"})
    found = refused(program.ask("POST", f"/people-bin/{kept['group']}/restore"), "invalid")
    assert "Sales" in found.fields["binned_id"][0]
    answer = program.ask("POST", f"/people-bin/{kept['list']}/restore").json()
    assert answer == {"kind": "list", "id": "", "name": "Press", "people_gone": 0}
    refused(program.ask("POST", f"/bin/{kept['group']}/restore"), "not-found")
    with pen_scope(acme):
        assert (Group.objects.count(), AddressList.objects.count()) == (1, 1)


def test_details_are_described_and_undescribed(program):
    asked = {"label": "Shoe size", "kind": "choice", "choices": ["42", "43"], "editing": "self"}
    answer = program.ask("PUT", "/details/shoe_size", asked)
    assert answer.json() == {"name": "shoe_size", "described": True, **asked}
    assert "shoe_size" in [one["name"] for one in program.get("/details?limit=200")["items"]]
    refused(program.ask("PUT", "/details/shoe_size", {"label": "Shoe size", "kind": "choice"}), "invalid")
    refused(program.ask("PUT", "/details/Shoe-Size", {"label": "x"}), "invalid")
    assert program.ask("DELETE", "/details/shoe_size").status_code == 204
    refused(program.ask("DELETE", "/details/shoe_size"), "not-found")


def test_a_proposal_is_decided_once(program, house, acme):
    with pen_scope(acme):
        member = give_access("bob@acme.example").member
        Proposal.objects.create(member=member, values={"title": "Head of sales"})
    (one,) = program.get("/proposals")["items"]
    assert one["values"] == {"title": "Head of sales"} and one["outcome"] == "open"
    done = program.ask("POST", f"/proposals/{one['id']}", {"agree": True}).json()
    assert (done["outcome"], done["decided_by"]) == ("agreed", "demo")
    assert program.get(f"/people/{one['member']}")["attributes"]["title"] == "Head of sales"
    refused(program.ask("POST", f"/proposals/{one['id']}", {"agree": False}), "invalid")
    assert program.get("/proposals")["items"] == []
    assert len(program.get("/proposals?open=false")["items"]) == 1


def test_versions_are_read_undone_and_put_in_force_again(program, house):
    first = program.post("/publish", {"about": "first"})
    program.ask("PATCH", f"/campaigns/{house['campaign']['id']}", {"state": "paused"})
    second = program.post("/publish", {"about": "second"})
    assert program.get(f"/publications/{second['id']}")["changed"] != []
    refused(program.ask("POST", "/undo", {"serial": 1}), "invalid")
    undone = program.post("/undo", {"serial": second["serial"]})
    assert (undone["serial"], undone["by"]) == (3, "demo")
    assert [one["name"] for one in program.get("/changes")["items"]]  # the drafts stay as they were
    back = program.post(f"/publications/{first['id']}/restore", {"drafts": True})
    assert back["serial"] == 4
    assert program.get(f"/campaigns/{house['campaign']['id']}")["state"] == "live"
    assert program.get("/changes")["items"] == []


def test_a_mail_is_tried_with_the_drafts_and_with_what_is_in_force(program, house):
    asked = {"sender": "alice@acme.example", "to": ["carol@example.org"]}
    tried = program.ask("POST", "/try", asked).json()
    (one,) = tried["copies"]
    assert one["recipients"] == ["carol@example.org"] and "Come on Friday" in one["html"] + one["text"]
    assert {verdict["name"]: verdict["taken"] for verdict in tried["verdicts"]} == {
        "House": True, "Open evening": True,
    }  # fmt: skip
    assert "source" in refused(program.ask("POST", "/try", asked | {"source": "force"}), "invalid").fields
    assert (
        "sender"
        in refused(program.ask("POST", "/try", asked | {"sender": "x@example.org"}), "invalid").fields
    )
    program.post("/publish", {})
    (forced,) = program.ask("POST", "/try", asked | {"source": "force"}).json()["copies"]
    assert forced["text"] == one["text"]


def test_reach_says_why_it_knows_nothing(program, house):
    assert program.get("/reach")["missing"] in ("off", "unpublished", "nothing")
    assert program.get(f"/campaigns/{house['campaign']['id']}/reach")["missing"] is not None


def test_who_did_what_is_told_by_key(program, house):
    rows = program.get("/audit?by=demo&noun=campaign")["items"]
    assert [(one["what"], one["called"], one["via"]) for one in rows] == [("made", "Open evening", "key")]
    first = program.get("/audit?limit=1")
    assert program.get(f"/audit?limit=1&cursor={first['next']}")["items"] != first["items"]
    assert program.get("/audit?since=2999-01-01T00:00:00Z")["items"] == []
