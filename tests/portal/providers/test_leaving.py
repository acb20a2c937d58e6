"""Signing out of a session that a company's own sign-in began: here at once, and there by a press."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt

from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import oidc
from stationer.portal.providers.models import Provider
from tests.portal.providers import idp
from tests.portal.providers.going import by_saml, come_back, connected, prove, who

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def signed_out(client):
    """The page that a sign-out leads to."""
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 302 and who(client) is None
    return answer["Location"]


def there(page):
    """The link of the page to the provider: where to, and with what."""
    (link,) = re.findall(r'href="(http://127[^"]+)"', page.content.decode())
    parts = urlsplit(unescape(link))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_whoever_signs_out_is_signed_out_here_and_can_be_there_as_well(browser, alice, ours, world):
    come_back(browser, ours, world)
    place = signed_out(browser)
    assert place.startswith("/sign-in/left/?was=")
    page = browser.get(place)
    assert "At Ours you may still be signed in" in page.content.decode()
    assert page["Cache-Control"].count("no-store") == 1
    url, said = there(page)
    assert (url, said["client_id"]) == (f"{world.url}/logout", [idp.CLIENT])
    token = jwt.decode(said["id_token_hint"][0], idp.KEY)
    assert (token.claims["sub"], token.claims["aud"]) == ("u-1", idp.CLIENT)
    assert set(said) == {"client_id", "id_token_hint"}
    assert "/logout" not in world.seen  # nothing goes there without a press


def test_the_page_offers_nothing_to_whoever_comes_without_that_sign_out(browser):
    for place in ("/sign-in/left/", "/sign-in/left/?was=guessed"):
        page = browser.get(place).content.decode()
        assert "You are signed out here" in page and "http://127" not in page


def test_whoever_is_signed_in_again_is_not_told_that_they_are_out(browser, alice, ours, world):
    come_back(browser, ours, world)
    place = signed_out(browser)
    come_back(browser, ours, world)
    assert browser.get(place)["Location"] == "/" and who(browser)


def test_a_session_by_password_ends_as_ever(browser, alice, ours):
    browser.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})
    assert who(browser) and signed_out(browser) == "/accounts/login/"


def test_a_provider_that_names_no_such_place_or_none_that_can_be_is_left_out(browser, acme, alice, world):
    prove(acme, "acme.example")
    for named in ("", "javascript:alert(1)", "ftp://127.0.0.1/x", 7):
        world.configuration = lambda said, named=named: {**said, "end_session_endpoint": named}
        row = connected(acme, world)
        assert "end_session_endpoint" not in row.found
        come_back(browser, row, world)
        assert browser.session["bound"]["hint"] == ""  # what nobody needs is not kept
        assert who(browser) and signed_out(browser) == "/accounts/login/"
        with pen_scope(acme):
            row.delete()


def test_an_id_token_that_fits_in_no_address_is_left_out(browser, alice, ours, world):
    world.claims["groups"] = ["x" * 100] * 80
    come_back(browser, ours, world)
    _, said = there(browser.get(signed_out(browser)))
    assert set(said) == {"client_id"}


def test_a_place_that_has_a_query_keeps_it(acme, ours):
    ours.found["end_session_endpoint"] = "https://idp.acme.example/end?policy=p1"
    url = oidc.end_of_session(ours, "")
    assert url == f"https://idp.acme.example/end?policy=p1&client_id={idp.CLIENT}"


def test_where_the_provider_was_deleted_the_sign_out_leads_nowhere_else(browser, alice, ours, world):
    come_back(browser, ours, world)
    with pen_scope(ours.pen):
        Provider.objects.filter(pk=ours.pk).delete()
    assert browser.post("/accounts/logout/")["Location"] == "/accounts/login/"


def test_saml_has_no_end_there(acme):
    row = by_saml(acme, idp.Saml())
    row.found["end_session_endpoint"] = "https://idp.acme.example/end"
    assert oidc.end_of_session(row, "") == ""
