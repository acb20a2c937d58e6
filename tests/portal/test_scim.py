"""Directories that tell by themselves: what they send is kept and answered as the RFC has it, and becomes a plan."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stationer.portal.directories import working
from stationer.portal.directories.models import (
    Directory,
    Linked,
    PushedGroup,
    PushedPerson,
    PushedPlace,
    Sync,
)
from stationer.portal.directories.scim import finding
from stationer.portal.directories.scim.beginning import begin
from stationer.portal.directories.scim.keys import rotate
from stationer.portal.people.models import Group, Import, Member, Pen
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db(transaction=True)

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
MORE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Speaker:
    """A directory at the other end of the line."""

    def __init__(self, token: str) -> None:
        self.client, self.token = Client(), token

    def ask(self, how: str, path: str, said=None, **headers):
        headers = {"authorization": f"Bearer {self.token}"} | headers
        data = said if isinstance(said, str) else json.dumps(said) if said is not None else ""
        return self.client.generic(
            how, f"/scim/v2{path}", data, content_type="application/scim+json", headers=headers
        )

    def json(self, how: str, path: str, said=None, status=200, **headers):
        found = self.ask(how, path, said, **headers)
        assert found.status_code == status, found.content
        return json.loads(found.content) if found.content else None

    def person(self, n, **more):
        return self.json("POST", "/Users", user(n, **more), 201)

    def patch(self, path, *operations, status=200, **headers):
        return self.json(
            "PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, status, **headers
        )


def user(n, **more):
    return {
        "schemas": [USER, MORE],
        "userName": f"P{n}@acme.example",
        "externalId": f"x{n}",
        "displayName": f"Person {n}",
        "emails": [{"type": "work", "value": f"p{n}@acme.example", "primary": True}],
        "active": True,
    } | more


@pytest.fixture
def made(acme):
    with pen_scope(acme):
        return begin("Entra ID")


@pytest.fixture
def entra(made):
    return Speaker(made[1])


def read(acme, row, *, agree=False):
    with pen_scope(acme):
        row.refresh_from_db()
        one = working.sync(row)
        if agree:
            Import.objects.filter(pk=one.of_id).update(state="applying")
            working.through(one.of)
            one.refresh_from_db()
        return one


def people(acme):
    with pen_scope(acme):
        return {
            m.address: (m.attributes, sorted(g.name for g in m.groups.all())) for m in Member.objects.all()
        }


# ── the protocol ──


def test_a_stranger_and_an_old_token_are_refused_in_scims_own_form(acme, made, entra):
    assert Speaker("wrong").json("GET", "/Users", status=401)["status"] == "401"
    assert entra.json("GET", "/Users")["totalResults"] == 0
    with pen_scope(acme):
        token = rotate(made[0])
    assert entra.ask("GET", "/Users").headers["WWW-Authenticate"] == "Bearer"
    assert Speaker(token).json("GET", "/Users")["totalResults"] == 0
    with pen_scope(acme):
        row = Directory.objects.get()
    assert row.token_used_at and token.encode() not in bytes(row.token_sha256)


def test_a_user_is_made_found_read_replaced_and_taken_away(entra):
    one = entra.person(1, password="s3cret", title="Chief")
    assert one["meta"]["version"] == 'W/"1"' and "password" not in one and one["externalId"] == "x1"
    at = f"/Users/{one['id']}"
    assert entra.json("GET", at) == one
    assert entra.ask("GET", at, **{"if-none-match": 'W/"1"'}).status_code == 304
    for filter_ in (
        'userName eq "p1@ACME.example"',
        'externalId eq "x1" and active eq true',
        f'id eq "{one["id"]}"',
        'emails.value eq "P1@acme.example"',
        'emails[type eq "work" and value eq "p1@acme.example"]',
        'userName sw "p1" or title eq "nobody"',
        'not (title eq "Clerk")',
    ):
        page = entra.json("GET", f"/Users?filter={filter_}")
        assert [found["id"] for found in page["Resources"]] == [one["id"]], filter_
    assert entra.json("GET", '/Users?filter=externalId eq "X1"')["Resources"] == []
    assert entra.json("GET", "/Users?filter=userName eq", status=400)["scimType"] == "invalidFilter"
    kept = entra.json("PUT", at, user(1, displayName="Other"), **{"if-match": one["meta"]["version"]})
    assert kept["displayName"] == "Other" and "title" not in kept and kept["meta"]["version"] == 'W/"2"'
    assert entra.json("PUT", at, user(1), status=412, **{"if-match": 'W/"1"'})["status"] == "412"
    assert entra.json("GET", f"{at}?attributes=userName").keys() == {"schemas", "id", "userName"}
    assert "emails" not in entra.json("GET", f"{at}?excludedAttributes=emails,meta")
    entra.json("DELETE", at, status=204)
    assert entra.json("GET", at, status=404)["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_one_name_is_one_user_whatever_its_case_and_other_directories_have_their_own(acme, entra):
    one, two = entra.person(1), entra.person(2)
    clash = entra.json("POST", "/Users", user(1, userName="p1@acme.EXAMPLE"), 409)
    assert (clash["scimType"], clash["status"]) == ("uniqueness", "409")
    same = entra.patch(
        f"/Users/{two['id']}", {"op": "replace", "path": "userName", "value": "P1@acme.example"}, status=409
    )
    assert same["scimType"] == "uniqueness"
    with pen_scope(acme):
        okta = Speaker(begin("Okta")[1])
    assert okta.person(1)["id"] != one["id"]
    assert okta.ask("GET", f"/Users/{one['id']}").status_code == 404
    assert okta.json("GET", "/Users")["totalResults"] == 1


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        ({"op": "Replace", "path": "active", "value": "False"}, {"active": False}),
        ({"op": "replace", "value": {"active": False}}, {"active": False}),
        ({"op": "Add", "value": {"Active": "false", "name.familyName": "Z"}}, {"active": False, "name": {"familyName": "Z"}}),
        (
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "n@acme.example"},
            {"emails": [{"type": "work", "value": "n@acme.example", "primary": True}]},
        ),
        (
            {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+49 1"},
            {"phoneNumbers": [{"type": "mobile", "value": "+49 1"}]},
        ),
        ({"op": "Add", "path": f"{MORE}:department", "value": "Sales"}, {MORE: {"department": "Sales"}}),
        ({"op": "Add", "path": f"{MORE}:manager", "value": "boss"}, {MORE: {"manager": {"value": "boss"}}}),
        ({"op": "Add", "value": {f"{MORE}:costCenter": "7", "id": "mine", "schemas": []}}, {MORE: {"costCenter": "7"}}),
        ({"op": "Remove", "path": 'emails[type eq "work"]'}, {"emails": None}),
        ({"op": "remove", "path": "displayName"}, {"displayName": None}),
        ({"op": "Add", "path": "urn:of:their:own:shoe", "value": "42"}, {}),
    ],
)  # fmt: skip
def test_changes_as_entra_and_okta_send_them(entra, operation, after):
    at = f"/Users/{entra.person(1)['id']}"
    entra.patch(at, operation)
    found = entra.json("GET", at)
    assert {name: found.get(name) for name in after} == after


@pytest.mark.parametrize(
    ("operations", "kind"),
    [
        ([{"op": "replace", "path": "id", "value": "x"}], "mutability"),
        ([{"op": "remove"}], "noTarget"),
        ([{"op": "paint", "path": "title", "value": "x"}], "invalidValue"),
        ([{"op": "replace", "path": "title[", "value": "x"}], "invalidPath"),
        ([{"op": "replace", "path": "title", "value": "a\0b"}], "invalidValue"),
        ([{"op": "replace", "path": "title", "value": "x" * 70_000}], "invalidValue"),
        (
            [{"op": "replace", "path": "title", "value": "kept?"}, {"op": "remove", "path": "userName"}],
            "mutability",
        ),
        ("nothing of the kind", "invalidValue"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_of_it_is_kept(entra, operations, kind):
    one = entra.person(1)
    said = {"schemas": [PATCH], "Operations": operations}
    found = entra.json("PATCH", f"/Users/{one['id']}", said, 400)
    assert found["scimType"] == kind or (kind == "invalidValue" and found["scimType"] == "invalidSyntax")
    assert entra.json("GET", f"/Users/{one['id']}") == one


@pytest.mark.parametrize(
    ("how", "path", "said", "status"),
    [
        ("POST", "/Users", "{", 400),
        ("POST", "/Users", "[" * 100_000, 400),
        ("POST", "/Users", {"schemas": [USER]}, 400),
        ("POST", "/Users", [], 400),
        ("POST", "/Bulk", {}, 501),
        ("GET", "/Me", None, 501),
        ("GET", "/Nothing", None, 404),
        ("GET", "/Users/1/2", None, 404),
        ("DELETE", "/Users", None, 405),
        ("POST", "/Schemas", {}, 405),
        ("GET", "/Users/.search", None, 405),
        ("GET", "/Users/not-an-id", None, 404),
        ("GET", "/Users?count=many", None, 400),
        ("GET", "/Users?attributes=a&excludedAttributes=b", None, 400),
        ("GET", "/Groups?filter=members.value sw \"a\"", None, 400),
        ("GET", "/Schemas?filter=id eq 1", None, 403),
    ],
)  # fmt: skip
def test_every_refusal_has_its_number_and_scims_form(entra, how, path, said, status):
    found = entra.ask(how, path, said)
    assert found.status_code == status
    assert json.loads(found.content)["status"] == str(status)
    assert found.headers["Content-Type"] == "application/scim+json"


def test_pages_begin_where_they_are_asked_to_and_are_sorted(entra):
    for n in range(5):
        entra.person(n)
    page = entra.json("GET", "/Users?startIndex=2&count=2&sortBy=userName&sortOrder=descending")
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert [one["externalId"] for one in page["Resources"]] == ["x3", "x2"]
    assert entra.json("GET", "/Users?count=0")["Resources"] == []
    assert entra.json("GET", "/Users?startIndex=-3&count=1")["startIndex"] == 1
    by_title = entra.json("GET", "/Users?sortBy=displayName&count=2")["Resources"]
    assert [one["externalId"] for one in by_title] == ["x0", "x1"]
    both = entra.json("POST", "/.search", {"schemas": [], "startIndex": 5, "count": 3})
    assert both["totalResults"] == 5 and len(both["Resources"]) == 1


@pytest.mark.parametrize("count", ["", "&count=2", "&count=7", "&count=201"])
def test_all_pages_of_the_root_together_have_everybody_and_every_group_once(
    acme, made, entra, monkeypatch, count
):
    monkeypatch.setattr(finding, "USUAL_PAGE", 4)
    monkeypatch.setattr(finding, "MOST_PAGE", 6)
    with pen_scope(acme):
        there = [PushedPerson.objects.create(directory=made[0], key=f"p{n}", said=user(n)) for n in range(9)]
        there += [
            PushedGroup.objects.create(directory=made[0], key=f"g{n}", said={"displayName": f"G{n}"})
            for n in range(5)
        ]
    found, start, most = [], 1, min(int(count[7:] or 4), 6)
    while start <= len(there):
        page = entra.json("GET", f"/?startIndex={start}{count}")
        assert (page["totalResults"], page["startIndex"]) == (len(there), start)
        assert page["itemsPerPage"] == len(page["Resources"]) == min(most, len(there) - start + 1)
        found += [one["id"] for one in page["Resources"]]
        start += page["itemsPerPage"]
    assert found == [str(row.pk) for row in there]


def test_members_of_a_group_come_go_and_are_found(entra):
    who = [entra.person(n)["id"] for n in range(4)]
    inner = entra.json("POST", "/Groups", {"schemas": [GROUP], "displayName": "Inner"}, 201)["id"]
    first = {"schemas": [GROUP], "displayName": "Sales", "externalId": "g", "members": [{"value": who[0]}]}
    at = f"/Groups/{entra.json('POST', '/Groups', first, 201)['id']}"

    def there():
        return {one["value"] for one in entra.json("GET", at).get("members", ())}

    entra.patch(
        at, {"op": "Add", "path": "members", "value": [{"value": who[1]}, {"value": inner}]}, status=204
    )
    assert there() == {who[0], who[1], inner}
    entra.patch(at, {"op": "Remove", "path": "members", "value": [{"value": who[0]}]}, status=204)
    entra.patch(at, {"op": "remove", "path": f'members[value eq "{inner}"]'}, status=204)
    assert there() == {who[1]}
    entra.patch(
        at,
        {
            "op": "replace",
            "value": {"id": "its own", "displayName": "Sales 2", "members": [{"value": who[2]}]},
        },
        status=204,
    )
    assert there() == {who[2]} and entra.json("GET", at)["displayName"] == "Sales 2"
    wrong = entra.patch(
        at, {"op": "add", "path": "members", "value": [{"value": who[3]}, {"value": "nobody"}]}, status=400
    )
    assert "nobody" in wrong["detail"] and there() == {who[2]}, "all of it or nothing"
    page = entra.json(
        "GET", f'/Groups?filter=id eq "{at[8:]}" and members eq "{who[2]}"&excludedAttributes=members'
    )
    assert [set(one) & {"members", "displayName"} for one in page["Resources"]] == [{"displayName"}]
    assert entra.json("GET", '/Groups?filter=displayName eq "sales 2"')["totalResults"] == 1
    entra.json("DELETE", f"/Users/{who[2]}", status=204)
    assert there() == set()
    entra.json("PUT", at, first | {"members": [{"value": who[3]}]})
    assert there() == {who[3]}
    entra.patch(at, {"op": "remove", "path": "members"}, status=204)
    assert there() == set()


def test_a_page_of_groups_has_no_more_members_than_memory_bears(entra, monkeypatch):
    from stationer.portal.directories.scim import saying

    monkeypatch.setattr(saying, "MOST_MEMBERS", 3)
    who = [{"value": entra.person(n)["id"]} for n in range(2)]
    for n in range(3):
        entra.json("POST", "/Groups", {"schemas": [GROUP], "displayName": f"G{n}", "members": who}, 201)
    page = entra.json("GET", "/Groups")
    assert (page["totalResults"], page["itemsPerPage"]) == (3, 1)
    assert entra.json("GET", "/Groups?excludedAttributes=members")["itemsPerPage"] == 3


def test_a_company_that_rests_is_looked_at_and_not_changed(acme, entra):
    entra.person(1)
    Pen.objects.filter(pk=acme.pk).update(standing=Pen.Standing.SUSPENDED)
    assert entra.json("GET", "/Users")["totalResults"] == 1
    assert entra.json("POST", "/Users", user(2), 403)["status"] == "403"
    Pen.objects.filter(pk=acme.pk).update(standing=Pen.Standing.ENDED)
    assert entra.ask("GET", "/Users").status_code == 403


# ── what becomes of it ──


def test_what_is_pushed_changes_nobody_before_a_person_agreed_and_then_by_itself(acme, made, entra):
    row = made[0]
    who = [
        entra.person(n, title="Clerk", phoneNumbers=[{"type": "work", "value": "+49301234567"}])["id"]
        for n in range(12)
    ]
    group = entra.json(
        "POST", "/Groups", {"schemas": [GROUP], "displayName": "Sales", "members": [{"value": who[0]}]}, 201
    )
    one = read(acme, row)
    assert one.outcome == "waits" and people(acme) == {}
    read(acme, row, agree=False)
    with pen_scope(acme):
        waits = Sync.objects.get(outcome="waits")
        Import.objects.filter(pk=waits.of_id).update(state="applying")
        working.through(waits.of)
    assert people(acme)["p0@acme.example"] == (
        {"name": "Person 0", "title": "Clerk", "phone": "+49 30 1234567"},
        ["Sales"],
    )
    assert read(acme, row).outcome == "same"
    entra.patch(f"/Users/{who[1]}", {"op": "Replace", "path": "active", "value": "False"})
    entra.patch(
        f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": who[2]}]}, status=204
    )
    assert read(acme, row).outcome == "applied"
    assert "p1@acme.example" not in people(acme) and people(acme)["p2@acme.example"][1] == ["Sales"]
    assert entra.json("GET", f"/Users/{who[1]}")["active"] is False, "the directory is answered what it said"
    entra.patch(f"/Users/{who[1]}", {"op": "Replace", "path": "active", "value": "True"})
    assert read(acme, row).outcome == "applied" and "p1@acme.example" in people(acme)


def test_many_who_would_go_wait_for_a_person_while_the_directory_is_answered_right(acme, made, entra):
    row = made[0]
    who = [entra.person(n)["id"] for n in range(10)]
    read(acme, row, agree=True)
    for key in who[:3]:
        entra.json("DELETE", f"/Users/{key}", status=204)
    one = read(acme, row)
    assert (one.outcome, one.problem["code"], len(people(acme))) == ("stopped", "share", 10)
    assert entra.json("GET", "/Users")["totalResults"] == 7


def test_who_is_made_anew_there_stays_who_they_are_here(acme, made, entra):
    row = made[0]
    old = entra.person(1)
    entra.person(2)
    read(acme, row, agree=True)
    with pen_scope(acme):
        before = Member.objects.get(address="p1@acme.example").pk
    entra.json("DELETE", f"/Users/{old['id']}", status=204)
    entra.person(1)
    read(acme, row)
    with pen_scope(acme):
        assert Member.objects.get(address="p1@acme.example").pk == before and Linked.objects.count() == 2


def test_a_push_is_read_soon_and_one_that_comes_while_it_is_read_is_read_after(acme, made, entra):
    row = made[0]
    entra.person(1)
    with pen_scope(acme):
        row.refresh_from_db()
        assert (row.next_at - timezone.now()).total_seconds() < 11
        Directory.objects.update(next_at=timezone.now())
        taken = working.claim(row.pk)
        assert taken is not None
    entra.person(2)
    with pen_scope(acme):
        assert working.sync(taken).outcome == "waits"
        row.refresh_from_db()
        assert (row.next_at - timezone.now()).total_seconds() < 11


def test_nothing_of_ours_or_of_another_directory_is_touched(acme, made, entra):
    from stationer.portal.people.members import add_member

    with pen_scope(acme):
        choir = Group.objects.create(name="Choir")
        add_member("mine@acme.example", attributes={"name": "By hand"}, groups=[choir])
    entra.person(1)
    read(acme, made[0], agree=True)
    assert people(acme)["mine@acme.example"] == ({"name": "By hand"}, ["Choir"])


def test_a_directory_that_is_forgotten_takes_what_it_said_with_it(acme, made, entra):
    key = entra.person(1)["id"]
    entra.json("POST", "/Groups", {"schemas": [GROUP], "displayName": "G", "members": [{"value": key}]}, 201)
    read(acme, made[0], agree=True)
    with pen_scope(acme):
        made[0].delete()
        assert not PushedPerson.objects.exists() and not PushedPlace.objects.exists()
    assert "p1@acme.example" in people(acme) and entra.ask("GET", "/Users").status_code == 401


def test_a_request_asks_the_database_the_same_however_many_people_there_are(acme, entra):
    def asked(how, path, said=None):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert entra.ask(how, path, said).status_code < 300
        return len(queries)

    def round_(n):
        key = entra.person(n)["id"]
        operations = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "title", "value": str(n)}]}
        return (
            asked("POST", "/Users", user(n + 1)),
            asked("GET", f'/Users?filter=userName eq "p{n}@acme.example"'),
            asked("GET", f"/Users/{key}"),
            asked("PATCH", f"/Users/{key}", operations),
            asked("GET", "/Users?count=50"),
        )

    round_(0)
    few = round_(10)
    for n in range(100, 140):
        entra.person(n)
    many = round_(20)
    print("queries: make, find, read, change, list:", many)
    assert few == many and max(many) <= 12


def test_a_push_that_ends_in_the_middle_leaves_nothing(acme, entra, monkeypatch):
    from stationer.portal.directories.scim import teams

    who = [{"value": entra.person(n)["id"]} for n in range(3)]

    def dies(row, named):
        raise OSError("the line is cut")

    monkeypatch.setattr(teams, "_add", dies)
    said = {"schemas": [GROUP], "displayName": "Half", "members": who}
    assert entra.json("POST", "/Groups", said, 500)["status"] == "500"
    assert entra.json("GET", "/Groups")["totalResults"] == 0
