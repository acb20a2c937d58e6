"""Every route × everybody: the answer is the one that the table says (policy.py), made from the rights of each role.

One furnished PEN for all of it. What a role may not do looks exactly like what is not there.
"""

from __future__ import annotations

import json
from itertools import product

import pytest
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.access.rights import BUILT_IN
from stationer.portal.people.scope import pen_scope
from tests.portal.policy import POLICY, Needs, Staffed
from tests.portal.test_wall import ROUTES, furnish, routes

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

ROLES = ("member", "marketer", "people-admin", "auditor", "owner")
#: Signing out ends the very session that asks; the device grant counts its codes. Both have tests of their own.
LEFT_OUT = {"account_logout", "oauth2_provider:device-confirm", "oauth2_provider:device-grant-status"}
PAGES = [name for name in POLICY if not name.startswith("api:") and name not in LEFT_OUT]
API = [name for name in POLICY if name.startswith("api:")]
OPEN = {200, 302, 400, 405, 409, 422, 429}
READING, CHANGING = "GET", "POST"


def expected(name, role, method):
    """What a page may answer: `open`, `absent` (404), `sign in` (302 to the sign-in page, or 401 to what was sent)."""
    who = POLICY[name]
    if who == "anyone":  # the steps of a sign-in lead back to its beginning
        return {"open", "absent", "sign in"}
    if (
        role == "anonymous" or who == "directory"
    ):  # a session is nobody where a directory tells by its own token
        return {"sign in"}
    if isinstance(who, Staffed) or who == "operator":
        return {"absent"}  # nobody of a PEN; what a partner gets: test_partner_wall.py
    if isinstance(who, Needs):
        return {"open"} if (who.see if method == READING else who.change) in BUILT_IN[role] else {"absent"}
    # one's own things: a change that names another's, or nothing, finds none; so do allauth's pages of one's factors
    return {"open"} if who == "member" and method == READING else {"open", "absent"}


def said(answer):
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "sign in"
    if answer.status_code == 401 and (b"/accounts/login/" in answer.content or "WWW-Authenticate" in answer):
        return "sign in"
    return (
        "absent"
        if answer.status_code == 404
        else "open"
        if answer.status_code in OPEN
        else answer.status_code
    )


@pytest.fixture
def table(acme, other, alice, oscar, portal):
    """A browser for each, and the parameters that lead into ACME."""
    parameters, token, key = furnish(acme, "target@acme.example")
    with pen_scope(acme):
        people = {
            role: give_access(f"{role}@acme.example", role=role).account for role in ROLES if role != "owner"
        }
    people["owner"], people["another"] = alice.account, oscar.account
    browsers = {"anonymous": Client()}
    for role, account in people.items():
        browsers[role] = Client()
        browsers[role].force_login(account)
    return parameters, browsers, token, key


def address(name, parameters):
    return reverse(name, kwargs={key: parameters[key] for key in ROUTES[name]})


def test_every_page_answers_everybody_as_the_table_says(table):
    parameters, browsers, *_ = table
    wrong = []
    for method, name in product((READING, CHANGING), PAGES):  # all is read before a change takes a row away
        url = address(name, parameters)
        for role in ("anonymous", *ROLES):
            if method == CHANGING and role == "owner":
                continue  # an owner's POST does things; what they do has its own tests
            answer = browsers[role].generic(method, url, "", "application/x-www-form-urlencoded")
            if answer.status_code == 405:
                continue  # not that method, for anybody
            if name == "link" and role in ("member", "people-admin") and answer.status_code == 404:
                continue  # it is somebody else's, and they do not see visitors
            found, wanted = said(answer), expected(name, role, method)
            if found not in wanted:
                wrong.append((name, role, method, answer.status_code, wanted))
    assert wrong == []


def test_another_pens_owner_gets_what_a_row_that_never_was_gets(table):
    """For pages that name a row of a PEN (the rest of the wall: test_wall.py)."""
    parameters, browsers, *_ = table
    named = [
        name
        for name in PAGES
        if isinstance(POLICY[name], Needs)
        and ROUTES[name]
        and name not in ("export-audit", "starter", "figures-parts", "figures-file")
    ]
    for name in named:
        assert browsers["another"].get(address(name, parameters)).status_code in (404, 405), name


def test_every_route_of_the_api_answers_every_kind_of_key_as_the_table_says(table, acme, other):
    parameters, _, token, _ = table
    with pen_scope(acme):
        keys = {role: devices.make_api_key(role, tuple(BUILT_IN[role]))[1] for role in ROLES}
    wrong, program = [], Client()
    for name in API:
        who, url = POLICY[name], address(name, parameters)
        if not isinstance(who, Needs):
            continue
        for role, secret in {**keys, "nobody": "", "device": token}.items():
            for method in ("GET", "PATCH"):
                answer = program.generic(
                    method, url, json.dumps({"no such key": 1}), "application/json",
                    headers={"authorization": f"Bearer {secret}"},
                )  # fmt: skip
                if answer.status_code == 405:
                    continue
                right = who.see if method == "GET" else who.change
                wanted = (
                    401 if role in ("nobody", "device") else 404 if right not in BUILT_IN[role] else "open"
                )
                found = answer.status_code if answer.status_code in (401, 404) else "open"
                if found != wanted:
                    wrong.append((name, role, method, answer.status_code, wanted))
    assert wrong == []


def test_what_a_page_asks_for_is_what_its_row_says(table):
    parameters, *_ = table
    for name, who in POLICY.items():
        if name.startswith("api:"):
            continue
        view = resolve(address(name, parameters)).func
        asks = _needs(view)
        assert asks == (tuple(who) if isinstance(who, Needs) else None), name
        assert _asked(view, "staffed") == (tuple(who) if isinstance(who, Staffed) else None), name


def _needs(view):
    return _asked(view, "needs")


def _asked(view, what):
    """What `needs(…)` or `staffed(…)` wrote on the view, below whatever stands round it."""
    while view is not None:
        if hasattr(view, what):
            return getattr(view, what)
        view = getattr(view, "__wrapped__", None)
    return None


def test_the_table_has_a_row_for_every_route_of_the_map():
    assert {name for name, _ in routes(get_resolver())} == set(POLICY)
