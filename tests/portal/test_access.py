"""Signing in, staying in, being put out; and what every answer carries."""

from __future__ import annotations

import re
import stat

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from stationer.portal.access.accounts import give_access, take_access
from stationer.portal.access.models import Account, Membership
from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.scope import pen_scope
from stationer.portal.site import settings as production
from stationer.portal.site.database import database
from stationer.portal.site.start import prepare, session_key, signing_key

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def sign_in(client, password=PASSWORD, login="alice@acme.example"):
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_a_person_signs_in_with_address_and_password(client, alice):
    assert sign_in(client).status_code == 302
    assert client.get("/").status_code == 200


def test_the_address_is_the_same_in_any_case(client, alice):
    assert sign_in(client, login="Alice@ACME.example").status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(alice):
    answers = [
        sign_in(Client(), password="wrong horse battery"),
        sign_in(Client(), login="nobody@acme.example"),
    ]
    first, second = (re.sub(r'value="[^"]*"|nonce="?[^" ]*', "", a.content.decode()) for a in answers)
    assert answers[0].status_code == answers[1].status_code == 200
    assert first == second


def test_a_code_by_mail_signs_in(client, alice, settings):
    settings.EMAIL_BACKEND = "stationer.portal.delivery.backend.EmailBackend"
    assert client.post("/accounts/login/code/", {"email": "alice@acme.example"}).status_code == 302
    mail = bytes(Outgoing.objects.get().mail).decode()
    (code,) = re.findall(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", mail, re.M)
    answer = client.post("/accounts/login/code/confirm/", {"code": code})
    assert answer.status_code == 302, answer.content
    assert client.get("/").status_code == 200


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, alice, settings):
    settings.EMAIL_BACKEND = "stationer.portal.delivery.backend.EmailBackend"
    assert client.post("/accounts/login/code/", {"email": "nobody@acme.example"}).status_code == 302
    assert not Outgoing.objects.exists()


def test_nobody_makes_an_account_by_themselves(client, db):
    client.post("/accounts/signup/", {"email": "eve@example.org", "password1": PASSWORD})
    assert not Account.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/templates/")["Location"] == "/accounts/login/?next=/templates/"


def test_an_account_without_a_pen_finds_nothing(client, db):
    client.force_login(Account.objects.create_user("eve@example.org", PASSWORD))
    assert client.get("/templates/").status_code == 404


def test_the_front_door_asks_for_a_password_and_offers_a_code(client, db):
    said = client.get("/accounts/login/").content.decode()
    assert 'name="password"' in said and "Send me a code instead" in said


def test_taken_access_counts_from_the_next_request_on(signed_in, acme, alice):
    assert signed_in.get("/templates/").status_code == 200
    with pen_scope(acme):
        give_access("ann@acme.example", role="owner")
        take_access(alice)
    assert signed_in.get("/templates/").status_code == 404


def test_an_owner_who_becomes_a_member_loses_the_owners_pages_at_once(signed_in, acme, alice):
    with pen_scope(acme):
        Membership.objects.update(role="member")
    assert signed_in.get("/templates/").status_code == 404


def test_the_database_holds_no_session_that_could_be_used(client, alice):
    sign_in(client)
    cookie = client.cookies[production.SESSION_COOKIE_NAME].value
    assert Session.objects.count() == 1
    assert cookie not in repr(list(Session.objects.values()))
    thief = Client()
    thief.cookies[production.SESSION_COOKIE_NAME] = Session.objects.get().session_key
    assert thief.get("/templates/").status_code == 302


def test_signing_in_changes_the_session_and_signing_out_ends_it(client, alice):
    client.get("/accounts/login/")
    sign_in(client)
    before = client.cookies[production.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")
    client.cookies[production.SESSION_COOKIE_NAME] = before
    assert client.get("/templates/").status_code == 302


@pytest.mark.parametrize("password", ["short", "password12", "1234567890", "alice@acme.example"])
def test_weak_passwords_are_refused(acme, password):
    with pen_scope(acme), pytest.raises(ValidationError):
        give_access("alice@acme.example", password=password)
    assert not Account.objects.exists()


def test_passwords_are_kept_as_argon2id(settings):
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    kept = make_password(PASSWORD)
    assert kept.startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")
    assert identify_hasher(kept).verify(PASSWORD, kept)


def test_every_answer_forbids_what_it_can(signed_in):
    for address in ("/", "/accounts/login/", "/templates/", "/nothing-here", "/api/v1/people", "/livez"):
        answer = signed_in.get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert "no-store" in answer["Cache-Control"], address


def test_each_answer_has_its_own_nonce(client, db):
    policies = {client.get("/accounts/login/")["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(client, alice):
    sign_in(client)
    for cookie in client.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax", cookie.key


def test_a_form_from_another_site_changes_nothing(alice, acme):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice.account)
    answer = browser.post("/templates/new/", {"name": "Evil"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_forwarded_address_is_believed_from_a_trusted_proxy_alone(settings, portal, rf):
    import msgspec

    from stationer.portal.site.proxies import ProxyMiddleware

    def asker(proxies, remote, chain):
        settings.PORTAL = msgspec.structs.replace(settings.PORTAL, trusted_proxies=proxies)
        seen = []
        ProxyMiddleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))(
            rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=chain)
        )
        return seen[0]

    assert asker((), "10.0.0.1", "1.2.3.4") == "10.0.0.1"
    assert asker(("10.0.0.0/8",), "10.0.0.1", "6.6.6.6, 1.2.3.4") == "1.2.3.4"
    assert asker(("10.0.0.0/8",), "192.0.2.1", "1.2.3.4") == "192.0.2.1"
    assert asker(("10.0.0.0/8",), "10.0.0.1", "nonsense") == "10.0.0.1"


def test_health_needs_no_sign_in_and_tells_nothing_private(client, alice):
    assert client.get("/livez").content == b"ok"
    assert client.get("/readyz").status_code == 200
    metrics = client.get("/metrics").content.decode()
    assert "stationer_portal_requests_total" in metrics
    assert "alice" not in metrics


def test_production_has_no_debug_and_a_durable_database(tmp_path):
    assert production.DEBUG is False
    options = database("", tmp_path)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "journal_mode=WAL" in options["init_command"]


def test_one_address_chooses_postgresql(tmp_path):
    chosen = database("postgresql://us%40er:p%2Fw@db.example:6432/stationer?sslmode=require", tmp_path)
    assert chosen["ENGINE"].endswith("postgresql")
    assert (chosen["USER"], chosen["PASSWORD"], chosen["HOST"]) == ("us@er", "p/w", "db.example")
    assert (chosen["PORT"], chosen["NAME"], chosen["OPTIONS"]) == (
        "6432",
        "stationer",
        {"sslmode": "require"},
    )
    with pytest.raises(ValueError):
        database("mysql://x/y", tmp_path)


def test_keys_are_made_once_and_for_their_owner_alone(portal):
    before = session_key(portal), signing_key(portal).private_bytes_raw()
    prepare(portal)
    assert (session_key(portal), signing_key(portal).private_bytes_raw()) == before
    for name in ("session.key", "installation.key"):
        assert stat.S_IMODE((portal.keys / name).stat().st_mode) == 0o600
    assert b"PUBLIC KEY" in (portal.keys / "edge.pub").read_bytes()


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
