"""U+0000 in a path, a query or a form is refused before a database is asked, which on PostgreSQL would fail."""

from __future__ import annotations

import re

import pytest
from django.http import Http404, HttpResponse
from django.test import Client

from stationer.portal.site.nul import NulMiddleware
from tests.portal.lettered import asked, letter, of, path

pytestmark = pytest.mark.django_db


@pytest.fixture
def careful():
    """A browser to which a fault is an answer."""
    return Client(raise_request_exception=False)


def test_a_path_with_nul_is_not_there(careful):
    assert careful.get("/m/a%00b").status_code == 404
    assert careful.get("/api/v1/members/a%00b").json()["error"] == "not-found"


def test_no_view_is_asked_for_a_path_with_nul(rf):
    with pytest.raises(Http404):
        NulMiddleware(lambda request: HttpResponse())(rf.get("/m/a%00b"))
    assert NulMiddleware(lambda request: HttpResponse())(rf.get("/m/ab")).status_code == 200


@pytest.mark.parametrize("query", ["with=a%00b", "a%00b=x", "q=x&q=%00"])
def test_a_query_with_nul_is_not_understood(careful, acme, query):
    row = letter(acme)
    assert careful.get(f"{path(row)}?{query}").status_code == 400
    answer = careful.get(f"/api/v1/members?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


@pytest.mark.parametrize("how", ["multipart", "urlencoded"])
@pytest.mark.parametrize("strict", [True, False])
def test_a_form_with_nul_is_not_understood(acme, how, strict):
    row = letter(acme)
    client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
    page = client.get(path(row)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"address": "carol\0@sommer.example", "csrfmiddlewaretoken": token}
    kind = {"content_type": "application/x-www-form-urlencoded"} if how == "urlencoded" else {}
    if how == "urlencoded":
        form = f"address=carol%00%40sommer.example&csrfmiddlewaretoken={token}"
    assert client.post(path(row, "code"), form, **kind).status_code == 400


def test_a_code_with_nul_is_not_understood_and_costs_no_guess(acme, client):
    row = letter(acme)
    page = asked(client, row)
    said = client.post(path(row, "enter"), {"of": of(page), "code": "\0"})
    assert said.status_code == 400


def test_what_holds_none_is_understood(careful, acme):
    assert careful.get(path(letter(acme)) + "?with=a%20b").status_code == 200
