"""Answers that nobody should believe: of another sign-in, too late, twice, unsigned, for somebody else, from inside."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from stationer.portal.access.models import ProvenDomain
from stationer.portal.partners.models import Host
from stationer.portal.people.models import Partner
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import fetching, oidc, trying
from stationer.portal.providers.fetching import ask
from stationer.portal.providers.models import Identity, Provider
from stationer.portal.providers.sealing import secret_of
from stationer.portal.providers.told import Refused
from stationer.portal.providers.trying import found_at
from stationer.portal.site.known_hosts import HostsOfPartners
from tests.portal.providers import idp
from tests.portal.providers.going import come_back, connected, go, prove, who

pytestmark = pytest.mark.django_db


def refused(client, row, answer, sentence):
    """Nobody is signed in, the page says why, and nobody is tied to anybody."""
    assert answer.status_code == 403
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert who(client) is None
    with pen_scope(row.pen):
        assert not Identity.objects.exists()


NOT_BEGUN = "belongs to no sign-in that was begun in this browser"
NOT_TRUSTED = "is not to be trusted"


def test_an_answer_that_nobody_asked_for(browser, alice, ours, world):
    url = go(Client(), ours)  # begun by the attacker, brought by the victim's browser
    answer = browser.get(f"/sign-in/{ours.outside_id}/back/", world.grant(url))
    refused(browser, ours, answer, NOT_BEGUN)
    for state in ("", "made-up"):
        refused(browser, ours, come_back(browser, ours, world, state=state), NOT_BEGUN)


def test_an_answer_counts_once(browser, alice, ours, world):
    said = world.grant(go(browser, ours))
    place = f"/sign-in/{ours.outside_id}/back/"
    assert browser.get(place, said).status_code == 302
    assert browser.get(place, said).status_code == 403
    world.codes[said["code"]] = world.codes.get(said["code"], {})
    browser.post("/accounts/logout/")
    refused_again = browser.get(place, said)
    assert refused_again.status_code == 403 and who(browser) is None


def test_an_answer_that_took_too_long(browser, alice, ours, world, monkeypatch):
    said, later = world.grant(go(browser, ours)), time.time() + 601
    monkeypatch.setattr("stationer.portal.providers.views.entering.time.time", lambda: later)
    answer = browser.get(f"/sign-in/{ours.outside_id}/back/", said)
    assert answer.status_code == 403 and NOT_BEGUN in answer.content.decode()


def test_the_answer_of_another_provider(browser, acme, alice, ours, world):
    with idp.running() as evil:
        theirs = connected(acme, evil)
        said = evil.grant(go(browser, theirs))
        mixed = browser.get(f"/sign-in/{ours.outside_id}/back/", said)  # theirs, brought to ours
        refused(browser, ours, mixed, NOT_BEGUN)
        go(browser, ours)
        wrong = come_back(browser, ours, world, iss=evil.url)
        refused(browser, ours, wrong, NOT_TRUSTED)


@pytest.mark.parametrize(
    ("name", "bend"),
    [
        ("expired", lambda c: {**c, "exp": c["iat"] - 3600, "iat": c["iat"] - 7200}),
        ("of tomorrow", lambda c: {**c, "iat": c["iat"] + 86400, "nbf": c["iat"] + 86400}),
        ("another audience", lambda c: {**c, "aud": "somebody-else"}),
        ("another party", lambda c: {**c, "aud": [c["aud"], "other"], "azp": "other"}),
        ("several audiences, no party", lambda c: {**c, "aud": [c["aud"], "other"]}),
        ("another issuer", lambda c: {**c, "iss": "https://accounts.google.com"}),
        ("another nonce", lambda c: {**c, "nonce": "n"}),
        ("no nonce", lambda c: {k: v for k, v in c.items() if k != "nonce"}),
        ("no subject", lambda c: {k: v for k, v in c.items() if k != "sub"}),
        ("an empty subject", lambda c: {**c, "sub": ""}),
        ("a subject that is no text", lambda c: {**c, "sub": 7}),
        ("no end", lambda c: {k: v for k, v in c.items() if k != "exp"}),
        ("an end that is no number", lambda c: {**c, "exp": "never"}),
        ("another access token", lambda c: {**c, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
    ],
)
def test_a_token_that_is_not_for_this_sign_in(browser, alice, ours, world, name, bend):
    world.bend = bend
    refused(browser, ours, come_back(browser, ours, world), NOT_TRUSTED)
    with pen_scope(ours.pen):
        assert "ID token" in trying.refusals(ours)[0]["detail"]


def test_a_token_by_another_key_by_the_secret_or_by_none(browser, alice, ours, world):
    world.key = idp.STRANGE
    refused(browser, ours, come_back(browser, ours, world), NOT_TRUSTED)
    world.key, world.header = idp.by_secret()
    refused(browser, ours, come_back(browser, ours, world), NOT_TRUSTED)
    world.token = idp.unsigned(
        {"iss": world.url, "aud": idp.CLIENT, "sub": "u-1", "exp": 9999999999, "iat": 1}
    )
    refused(browser, ours, come_back(browser, ours, world), NOT_TRUSTED)
    for junk in ("", "a.b.c", "x" * 9000, "..", "eyJhbGciOiJSUzI1NiJ9.e30."):
        world.token = junk or " "
        refused(browser, ours, come_back(browser, ours, world), NOT_TRUSTED)


def test_a_code_of_another_browser_fails_by_its_verifier(browser, alice, ours, world):
    stolen = world.grant(go(Client(), ours))["code"]
    refused(browser, ours, come_back(browser, ours, world, code=stolen), NOT_TRUSTED)


def test_whoever_said_no_there_is_told_so(browser, alice, ours, world):
    url = go(browser, ours)
    state = world.grant(url)["state"]
    answer = browser.get(f"/sign-in/{ours.outside_id}/back/", {"state": state, "error": "access_denied"})
    refused(browser, ours, answer, "let nobody in")


def test_a_page_says_nothing_that_a_stranger_typed(browser, alice, ours, world):
    url = go(browser, ours)
    said = {
        "state": world.grant(url)["state"],
        "error": "<script>alert(1)</script>",
        "error_description": "<b>x",
    }
    page = browser.get(f"/sign-in/{ours.outside_id}/back/", said).content.decode()
    assert "alert(1)" not in page and "<b>x" not in page


@pytest.mark.parametrize("path", ["/token", "/jwks"])
@pytest.mark.parametrize("status", [302, 500, 404])
def test_a_provider_that_fails_or_leads_elsewhere(browser, alice, ours, world, path, status):
    world.status[path] = status
    refused(browser, ours, come_back(browser, ours, world), "could not be asked just now")
    assert "/elsewhere" not in world.seen


def drips(listening, done):
    """A server whose head comes octet by octet, and ends at last."""
    there, _ = listening.accept()
    with there, suppress(OSError):
        there.recv(4000)
        there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Long: ")
        for _ in range(100):
            if done.wait(0.05):
                return
            there.sendall(b"a")
        there.sendall(b"\r\n\r\n{}")


def test_a_head_that_drips_holds_nobody_longer_than_all_may_take(monkeypatch):
    monkeypatch.setattr(fetching, "MOST_S", 0.3)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drips, args=(listening, done), daemon=True)
        thread.start()
        with pytest.raises(Refused, match="no whole answer within"):
            ask(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        done.set()
        thread.join(10)


def test_what_is_typed_never_reaches_this_network(settings, portal, world):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, providers_inside=False, hooks_inside=True)
    for url in (
        world.url,
        "https://127.0.0.1/",
        "https://169.254.169.254/",
        "https://[::1]/",
        "https://10.0.0.1/",
    ):
        with pytest.raises(Refused):
            found_at("oidc", url, "", "")
        with pytest.raises(Refused):
            ask(url)
    assert world.seen == []


def test_a_configuration_that_leads_inside_or_names_another(settings, portal, world):
    world.configuration = lambda said: {**said, "issuer": "https://accounts.google.com"}
    with pytest.raises(Refused, match="it calls itself"):
        found_at("oidc", world.url, "", "")
    for bad in ("http://internal.example/token", "https://10.0.0.1/token", "file:///etc/passwd", ""):
        world.configuration = lambda said, bad=bad: {**said, "token_endpoint": bad}
        with pytest.raises(Refused):
            oidc.discover(world.url, inside=not bad.startswith("https://10"))
    world.configuration = lambda said: {**said, "id_token_signing_alg_values_supported": ["HS256", "none"]}
    with pytest.raises(Refused, match="signs by nothing"):
        found_at("oidc", world.url, "", "")
    world.configuration = lambda said: {**said, "more": "x" * 1_100_000}
    with pytest.raises(Refused, match="too long"):
        found_at("oidc", world.url, "", "")


def test_a_secret_opens_for_its_provider_alone(acme, other, ours, world):
    with pen_scope(acme):
        assert secret_of(ours) == idp.SECRET
        assert idp.SECRET.encode() not in bytes(Provider.objects.get().secret)
        for name, value in (("issuer", "https://evil.example"), ("client_id", "another")):
            bent = Provider.objects.get()
            setattr(bent, name, value)
            with pytest.raises(Refused):
                secret_of(bent)


def test_a_session_begins_few_sign_ins_and_forgets_the_oldest(browser, alice, ours, world):
    first = world.grant(go(browser, ours))
    for _ in range(5):
        last = world.grant(go(browser, ours))
    assert len(browser.session["sign_in_begun"]) == 5
    assert browser.get(f"/sign-in/{ours.outside_id}/back/", first).status_code == 403
    assert browser.get(f"/sign-in/{ours.outside_id}/back/", last).status_code == 302


def test_a_link_of_somebody_else_signs_nobody_in_and_nobody_out(client, acme, alice, oscar, ours, world):
    """Login CSRF: the provider would answer at once, and whoever follows the link would be the attacker's Alice."""
    client.force_login(oscar.account)
    place = f"/sign-in/{ours.outside_id}/"
    for _ in range(2):
        page = client.get(place)
        assert page.status_code == 200 and "http-equiv" not in page.content.decode()
        assert "Go on only if you want to sign in to ACME." in page.content.decode()
        assert "sign_in_begun" not in client.session
    assert who(client) == ("oscar@other.example", "Other")
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    assert strict.post(place).status_code == 403
    assert 'http-equiv="refresh"' in client.post(place).content.decode()  # the press
    assert client.get(place)["Location"].startswith(world.url)
    assert client.get(place).status_code == 200  # it counts once


def test_our_own_sign_in_form_leads_nobody_on_by_what_stood_in_next(browser, acme, alice, ours):
    place = f"/sign-in/{ours.outside_id}/"
    said = {"login": "alice@acme.example", "password": "correct horse battery", "next": place}
    assert browser.post("/accounts/login/", said)["Location"] == place
    assert "Go on only if" in browser.get(place).content.decode()
    assert who(browser) == ("alice@acme.example", "ACME") and "bound" not in browser.session


def test_the_page_that_takes_an_address_sends_on_at_once(browser, ours, world):
    browser.post("/sign-in/", {"address": "alice@acme.example"})
    assert browser.get(f"/sign-in/{ours.outside_id}/")["Location"].startswith(world.url)


def test_the_provider_of_one_company_at_a_host_of_a_partner_who_has_nothing_to_do_with_it(
    browser, acme, ours, settings
):
    partner = Partner.objects.create(name="Reseller", path="reseller/")
    Host.objects.create(partner=partner, host="portal.reseller.example", proven_at=timezone.now())
    settings.ALLOWED_HOSTS = ["testserver", HostsOfPartners("partners")]
    answer = browser.get(f"/sign-in/{ours.outside_id}/", headers={"host": "portal.reseller.example"})
    assert answer.status_code == 404
    page = browser.post(
        "/sign-in/", {"address": "a@acme.example"}, headers={"host": "portal.reseller.example"}
    )
    assert ours.outside_id not in page.content.decode()


def test_no_domain_is_believed_because_another_company_proved_it(browser, acme, other, alice, oscar, world):
    prove(other, "other.example")
    mine = connected(acme, world, domains=("other.example",), joining="member")
    world.claims["email"] = "oscar@other.example"
    refused(browser, mine, come_back(browser, mine, world), "is not of a domain")
    with pen_scope(acme):
        assert not ProvenDomain.objects.exists()
