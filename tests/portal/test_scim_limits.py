"""What a directory that tells by itself may ask and send: beyond it is a refusal in SCIM's form, and never a fault."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError
from scim2_models import NotFoundException

from stationer.portal.directories.models import Directory, PushedGroup, PushedPerson
from stationer.portal.directories.scim import people, teams
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
