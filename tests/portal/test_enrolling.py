"""A device is enrolled by RFC 8628, once, by a member who agreed, in the PEN they were in."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from urllib.parse import urlencode

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.apps import apps
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, DeviceGrant, RefreshToken

from stationer import pick
from stationer.portal.access import devices, enrolling
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Consent, Device
from stationer.portal.access.presence import SESSION_KEY
from stationer.portal.access.roll import folder
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.start import signing_key
from stationer.wire.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def form(client, path, **values):
    return client.post(path, urlencode(values), content_type="application/x-www-form-urlencoded")


def ask(client):
    answer = form(client, "/o/device-authorization/", client_id="stationer-agent", scope="device")
    assert answer.status_code == 200, answer.content
    return answer.json()


def poll(client, codes):
    return form(
        client, "/o/token/", grant_type=GRANT, device_code=codes["device_code"], client_id="stationer-agent"
    )


def agree(browser, codes, action="accept"):
    first = browser.post("/o/device/", {"user_code": codes["user_code"]})
    assert first.status_code == 302, first.content
    return browser.post(first["Location"], {"action": action})


def enrol(client, token, **body):
    return client.post(
        "/api/v1/devices",
        json.dumps({"name": "Alice's laptop", "kind": "agent"} | body),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )


def roll(pen, portal):
    public = signing_key(portal).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    data = (folder(pen.pk) / "roll.stn").read_bytes()
    return pick.unpack(data, kind="roll", public_key=public, pen=pen.outside_id)


@pytest.fixture
def device(db):
    """The program that wants to be enrolled: no cookies of the browser."""
    # emptying the database after a test takes the rows that migrations made
    import_module("stationer.portal.access.migrations.0003_add_agent_client").add(apps, None)
    return Client()


def test_a_device_is_enrolled_and_stands_on_the_roll(signed_in, device, acme, alice, portal):
    codes = ask(device)
    assert codes["verification_uri"].endswith("/o/device/")
    assert codes["user_code"] in codes["verification_uri_complete"]
    assert poll(device, codes).json()["error"] == "authorization_pending"
    assert agree(signed_in, codes).status_code == 302
    answer = enrol(device, poll(device, codes).json()["access_token"])
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["pen"], said["pen_name"], said["address"]) == (acme.outside_id, "ACME", "alice@acme.example")
    assert said["hold_limit_ms"] == 60_000
    (on_roll,) = roll(acme, portal).payload.devices
    assert (on_roll.id, on_roll.member) == (said["device"], said["member"])
    assert on_roll.token_sha256 == devices.token_hash(said["token"])
    with pen_scope(acme):
        assert said["token"] not in repr(Device.objects.values_list())


def test_an_access_token_makes_one_device(signed_in, device, acme):
    codes = ask(device)
    agree(signed_in, codes)
    token = poll(device, codes).json()["access_token"]
    assert enrol(device, token).status_code == 201
    assert enrol(device, token).status_code == 401
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.exists()
    with pen_scope(acme):
        assert not Consent.objects.exists()


def test_a_device_code_is_exchanged_once(signed_in, device):
    codes = ask(device)
    agree(signed_in, codes)
    assert poll(device, codes).status_code == 200
    assert poll(device, codes).json() == {"error": "invalid_grant"}
    assert not DeviceGrant.objects.exists()


def test_a_refused_device_gets_nothing(signed_in, device):
    codes = ask(device)
    agree(signed_in, codes, "deny")
    assert poll(device, codes).json()["error"] == "access_denied"


def test_an_old_code_is_of_no_use(signed_in, device):
    codes = ask(device)
    DeviceGrant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert signed_in.post("/o/device/", {"user_code": codes["user_code"]}).status_code == 200
    assert poll(device, codes).json() == {"error": "expired_token"}


def test_a_code_is_forgiven_blanks_hyphens_and_small_letters(signed_in, device):
    code = ask(device)["user_code"]
    typed = f" {code[:4].lower()}-{code[4:]} "
    assert signed_in.post("/o/device/", {"user_code": typed}).status_code == 302


def test_codes_cannot_be_tried_at_leisure(signed_in, device):
    for n in range(20):
        signed_in.post("/o/device/", {"user_code": f"WRONG{n:03}"})
    codes = ask(device)
    assert signed_in.post("/o/device/", {"user_code": codes["user_code"]}).status_code == 200


def test_a_stranger_is_asked_to_sign_in_before_any_code(client, device):
    codes = ask(device)
    answer = client.post("/o/device/", {"user_code": codes["user_code"]})
    assert answer.status_code == 401 and "/accounts/login/" in answer.content.decode()


def test_another_persons_code_cannot_be_confirmed(signed_in, device, oscar):
    codes = ask(device)
    first = signed_in.post("/o/device/", {"user_code": codes["user_code"]})
    browser = Client()
    browser.force_login(oscar.account)
    assert browser.post(first["Location"], {"action": "accept"}).status_code == 404


def test_the_device_belongs_to_the_pen_the_person_was_in(device, alice, acme, other):
    with pen_scope(other):
        give_access("alice@acme.example")
    browser = Client()
    browser.force_login(alice.account)
    session = browser.session
    session[SESSION_KEY] = other.outside_id
    session.save()
    codes = ask(device)
    agree(browser, codes)
    said = enrol(device, poll(device, codes).json()["access_token"]).json()
    assert said["pen"] == other.outside_id


def test_a_removed_device_is_off_the_roll(signed_in, device, acme, alice, portal):
    with pen_scope(acme):
        row, token = devices.enrol(alice.member, "laptop")
    before = roll(acme, portal)
    answer = device.delete(f"/api/v1/devices/{row.outside_id}", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 204
    after = roll(acme, portal)
    assert (len(before.payload.devices), len(after.payload.devices)) == (1, 0)
    assert after.serial > before.serial


@pytest.mark.parametrize("body", [{"name": ""}, {"kind": "toaster"}, {"scope": "all"}])
def test_a_bad_enrolment_is_refused_and_does_not_spend_the_token(signed_in, device, body):
    codes = ask(device)
    agree(signed_in, codes)
    token = poll(device, codes).json()["access_token"]
    assert enrol(device, token, **body).status_code == 422
    assert enrol(device, token).status_code == 201


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"grant_type": GRANT},
        {"grant_type": GRANT, "device_code": "none", "client_id": "stationer-agent"},
        {"grant_type": "password", "username": "alice@acme.example", "password": "correct horse battery"},
        {"grant_type": "client_credentials", "client_id": "stationer-agent"},
    ],
)
def test_no_other_way_leads_to_a_token(device, alice, values):
    answer = form(device, "/o/token/", **values)
    assert answer.status_code == 400
    assert "access_token" not in answer.content.decode()


def test_an_unknown_program_gets_no_codes(device):
    answer = form(device, "/o/device-authorization/", client_id="somebody", scope="device")
    assert answer.status_code in (400, 401)


def test_codes_and_tokens_nobody_came_back_for_are_forgotten(signed_in, device, acme):
    ask(device)
    codes = ask(device)
    agree(signed_in, codes)
    poll(device, codes)
    old = timezone.now() - timedelta(seconds=1)
    DeviceGrant.objects.update(expires=old)
    AccessToken.objects.update(expires=old)
    enrolling.forget_old()
    assert not DeviceGrant.objects.exists()
    assert not AccessToken.objects.exists()
    with pen_scope(acme):
        assert not Consent.objects.exists()


def test_neither_an_api_key_nor_a_device_token_makes_a_device(client, acme, alice):
    with pen_scope(acme):
        key = devices.make_api_key("demo")[1]
        own = devices.enrol(alice.member, "Alice's laptop")[1]
        before = Device.objects.count()
    for token in (key, own):
        answer = enrol(client, token)
        body = msgspec.json.decode(answer.content, type=Refusal)
        assert (answer.status_code, body.error) == (401, "unauthorised")
        assert answer["WWW-Authenticate"] == "Bearer"
    with pen_scope(acme):
        assert Device.objects.count() == before
