"""What a directory that tells by itself may ask and send: beyond it is a refusal in SCIM's form, and never a fault."""

from __future__ import annotations

import json
import weakref

import pytest
from django.db import IntegrityError
from scim2_models import NotFoundException

from stationer.portal.directories.models import Directory, PushedGroup, PushedPerson
from stationer.portal.directories.scim import finding, people, resources, room, teams, views
from stationer.portal.directories.scim.answering import refusal
from stationer.portal.directories.scim.asking import MOST_FILTER, MOST_TERMS
from stationer.portal.directories.scim.beginning import begin
from stationer.portal.people.scope import pen_scope
from tests.portal.test_scim import GROUP, PATCH, Speaker, user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(acme):
    with pen_scope(acme):
        return begin("Entra ID")


@pytest.fixture
def entra(made):
    return Speaker(made[1])


# ── questions ──


@pytest.mark.parametrize("path", ["/Users", "/Groups", "/"])
@pytest.mark.parametrize("more", ["", "&sortBy=externalId", "&count=99999999999999999999999"])
def test_a_page_far_behind_the_last_has_nothing(entra, path, more):
    entra.person(1)
    page = entra.json("GET", f"{path}?startIndex=99999999999999999999999{more}")
    assert page["Resources"] == [] and page["totalResults"] == (path != "/Groups")


@pytest.mark.parametrize("value", [r"\ud800", r"\u0000", "\ud800"])
@pytest.mark.parametrize(
    "filter_",
    ['userName eq "{}"', 'externalId eq "a{}"', 'title eq "{}"', 'not (emails[type eq "{}"])', 'id eq "{}"'],
)
def test_a_value_that_no_database_keeps_is_told(entra, filter_, value):
    said = {"schemas": [], "filter": filter_.format(value)}
    assert entra.json("POST", "/Users/.search", said, 400)["scimType"] == "invalidFilter"


@pytest.mark.parametrize("path", ["/Users/.search", "/.search"])
def test_a_filter_compares_so_often_and_is_so_long(entra, path):
    one = entra.person(1)

    def ask(number, status, name="filter", joint="or"):
        terms = [f'userName eq "p{n}@acme.example"' for n in range(number)]
        return entra.json("POST", path, {"schemas": [], name: f" {joint} ".join(terms)}, status)

    assert [found["id"] for found in ask(MOST_TERMS, 200)["Resources"]] == [one["id"]]
    assert ask(MOST_TERMS, 200, joint="and")["Resources"] == []
    for refused in (ask(MOST_TERMS + 1, 400), ask(3_000, 400), ask(3_000, 400, name="Filter")):
        assert refused["scimType"] == "invalidFilter"
    long = {"schemas": [], "filter": 'userName eq "' + "x" * MOST_FILTER + '"'}
    assert str(MOST_FILTER) in entra.json("POST", path, long, 400)["detail"]


# ── what is kept ──


def test_a_name_is_measured_as_it_is_kept(entra):
    refused = entra.json("POST", "/Users", user(1, userName="İ" * 400), 400)
    assert (refused["scimType"], "500" in refused["detail"]) == ("invalidValue", True)
    assert entra.json("POST", "/Users", user(1, userName="İ" * 250, externalId="İ" * 500), 201)
    assert entra.json("POST", "/Users", user(2, externalId="x" * 501), 400)["scimType"] == "invalidValue"
    group = {"schemas": [GROUP], "displayName": "İ" * 400}
    assert entra.json("POST", "/Groups", group, 400)["scimType"] == "invalidValue"


@pytest.mark.parametrize(
    ("kind", "work", "whole"),
    [(PushedPerson, people, user(1)), (PushedGroup, teams, {"schemas": [GROUP], "displayName": "G"})],
)
def test_what_was_taken_away_meanwhile_is_not_there(acme, made, kind, work, whole):
    patch = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "externalId", "value": "x"}]}
    with pen_scope(acme):
        row = work.create(made[0], whole)
        kind.objects.all().delete()
        with pytest.raises(NotFoundException):
            work.replace(row, whole, "")
        with pytest.raises(NotFoundException):
            work.patch(row, patch, "")
        with pytest.raises(NotFoundException):
            work.delete(row, "")
        assert not kind.objects.exists()
        Directory.objects.all().delete()
        with pytest.raises(NotFoundException):
            work.create(made[0], whole)


def test_only_a_second_one_of_the_same_is_told_as_that(acme, made):
    def answered(**values):
        with pen_scope(acme), pytest.raises(IntegrityError) as caught:
            PushedPerson.objects.create(directory=made[0], **values)
        return json.loads(refusal(caught.value, "/scim/v2/Users").content)

    with pen_scope(acme):
        PushedPerson.objects.create(directory=made[0], key="p1")
    assert (answered(key="p1")["status"], answered(key="p1")["scimType"]) == ("409", "uniqueness")
    assert answered(key=None)["status"] == "500"


# ── how much ──


def test_a_group_that_was_read_is_taken_back_and_what_is_larger_is_refused_in_scims_form(entra):
    who = [{"value": entra.person(n)["id"]} for n in range(2)]
    group = {"schemas": [GROUP], "displayName": "All", "members": who}
    at = f"/Groups/{entra.json('POST', '/Groups', group, 201)['id']}"
    text = json.dumps(entra.json("GET", at))
    assert entra.json("PUT", at, text + " " * 11_900_000)["members"]
    for speaker, octets, most in ((entra, 12_100_000, "12 MB"), (Speaker("stranger"), 3_100_000, "3 MB")):
        refused = speaker.ask("PUT", at, text + " " * octets)
        said = json.loads(refused.content)
        assert (refused.status_code, said["status"], most in said["detail"]) == (413, "413", True)
        assert refused.headers["Content-Type"] == "application/scim+json"
    assert Speaker("stranger").ask("PUT", at, text).status_code == 401


def narrowed(monkeypatch, what, most):
    monkeypatch.setitem(room.KEPT_ROWS, what, room.KEPT_ROWS[what]._replace(most=most))


@pytest.mark.parametrize("share", [20, 2])
def test_a_directory_keeps_so_many_people_groups_and_memberships(acme, made, entra, monkeypatch, share):
    monkeypatch.setattr(room, "SHARE", share)
    for what, most in (("users", 4), ("groups", 3), ("memberships", 6)):
        narrowed(monkeypatch, what, most)
    who = [{"value": entra.person(n)["id"]} for n in range(4)]
    assert "4 users" in entra.json("POST", "/Users", user(9), 507)["detail"]
    group = {"schemas": [GROUP], "displayName": "G"}
    keys = [entra.json("POST", "/Groups", group | {"members": some}, 201)["id"] for some in (who, [], [])]
    assert "3 groups" in entra.json("POST", "/Groups", group, 507)["detail"]
    add = {"op": "add", "path": "members", "value": who}
    assert "6 memberships" in entra.patch(f"/Groups/{keys[1]}", add, status=507)["detail"]
    assert "members" not in entra.json("GET", f"/Groups/{keys[1]}"), "all of it or nothing"
    entra.patch(f"/Groups/{keys[1]}", add | {"value": who[:2]}, status=204)
    entra.json("PUT", f"/Groups/{keys[0]}", group | {"members": who})
    entra.json("DELETE", f"/Users/{who[3]['value']}", status=204)
    entra.person(9)
    assert entra.json("POST", "/Users", user(10), 507)["status"] == "507"
    with pen_scope(acme):
        okta = Speaker(begin("Okta")[1])
    assert okta.person(1), "another directory has room of its own"


def test_a_directory_asks_so_often_in_a_minute(acme, entra, monkeypatch):
    monkeypatch.setattr(room, "MOST_ASKED", 3)
    monkeypatch.setattr(room, "time", lambda: 130.0)
    monkeypatch.setattr(room.counting, "time", lambda: 130.0)
    for _ in range(3):
        entra.json("GET", "/Users")
    refused = entra.ask("GET", "/Users")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "50")
    assert json.loads(refused.content)["status"] == "429"
    with pen_scope(acme):
        okta = Speaker(begin("Okta")[1])
    assert okta.json("GET", "/Users")["totalResults"] == 0
    monkeypatch.setattr(room.counting, "time", lambda: 180.0)
    entra.json("GET", "/Users")


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_a_scanned_list_is_sorted_and_its_page_alone_is_held(entra, monkeypatch, order):
    titles = ["b", "A", None, "c", "a", None, "B"]
    for n, title in enumerate(titles):
        entra.person(n, **({"title": title} if title else {}))
    made_of, alive = [], []
    resource = finding.USERS.resource

    def counted(row):
        one = resource(row)
        made_of.append(weakref.ref(row))
        alive.append(sum(ref() is not None for ref in made_of))
        return one

    monkeypatch.setattr(finding, "PIECE", 1)
    monkeypatch.setattr(resources, "USERS", finding.USERS._replace(resource=counted))
    monkeypatch.setattr(views, "KINDS", {"users": resources.USERS})
    found = []
    for start in (1, 4, 7):
        page = entra.json("GET", f"/Users?sortBy=title&sortOrder={order}&count=3&startIndex={start}")
        assert page["totalResults"] == 7
        found += [one["externalId"] for one in page["Resources"]]
    up = ["x1", "x4", "x0", "x6", "x3", "x2", "x5"]
    assert found == (up if order == "ascending" else ["x2", "x5", "x3", "x0", "x6", "x1", "x4"])
    assert len(alive) == 21 and max(alive) <= 2, "not every row at once"
