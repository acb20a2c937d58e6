"""Passkeys of contacts, with an authenticator made of a key: what they show, and what is no passkey of theirs."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import secret
from stationer.portal.reading.models import Passkey
from tests.portal.lettered import CAROL, in_by_code, letter, path, told, word

pytestmark = pytest.mark.django_db
HOST = "mail.acme.example"
FLAG = AuthenticatorData.FLAG


class Device:
    """An authenticator with one key; `verifies` its user or does not."""

    def __init__(self, verifies=True):
        self.key, self.id, self.count, self.user = (
            ec.generate_private_key(ec.SECP256R1()),
            b"0123456789abcdef",
            0,
            b"",
        )
        self.verifies = verifies

    def _flags(self, more=0):
        return FLAG.UP | more | (FLAG.UV if self.verifies else 0)

    def _client(self, kind, challenge, origin):
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response):
        said = {"id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key"}
        return json.dumps(said | {"response": response, "clientExtensionResults": {}})

    def make(self, options, origin=f"https://{HOST}"):
        options = options["publicKey"]
        self.user = options["user"]["id"]
        data = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        auth = AuthenticatorData.create(
            sha256(options["rp"]["id"].encode()).digest(), self._flags(FLAG.AT), self.count, data
        )
        made = AttestationObject.create("none", auth, {})
        client = self._client("webauthn.create", options["challenge"], origin)
        return self._answer(
            {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(made)}
        )

    def show(self, options, origin=f"https://{HOST}"):
        options = options["publicKey"]
        self.count += 1
        auth = AuthenticatorData.create(sha256(options["rpId"].encode()).digest(), self._flags(), self.count)
        client = self._client("webauthn.get", options["challenge"], origin)
        signature = self.key.sign(bytes(auth) + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({
            "clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(auth),
            "signature": websafe_encode(signature), "userHandle": self.user,
        })  # fmt: skip


@pytest.fixture(autouse=True)
def at_its_host(settings):
    settings.ALLOWED_HOSTS = [HOST]
    settings.SESSION_COOKIE_SECURE = True


class Secure(Client):
    """A browser at the portal's host, by https."""

    def generic(self, *args, **options):
        return super().generic(*args, **{**options, "secure": True})


def browser():
    """A new one."""
    return Secure(SERVER_NAME=HOST)


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "quincunx" in answer.content.decode()


def added(client, row, device, **how):
    """The device makes a passkey for whoever is in."""
    options = client.post(path(row, "ways/begin")).json()
    return client.post(path(row, "ways/add"), {"credential": device.make(options, **how)})


def shown(client, row, device, **how):
    """The device shows it at the door."""
    options = client.post(path(row, "passkey/ask")).json()
    return client.post(path(row, "passkey"), {"credential": device.show(options, **how)})


def test_a_passkey_opens_letters_in_a_browser_that_knows_nothing(acme):
    row, device = letter(acme), Device()
    assert "Next time without a code?" in in_by_code(browser(), row).get(path(row)).content.decode()
    added(in_by_code(browser(), row), row, device)
    client = browser()
    assert word(shown(client, row, device)) == "in"
    assert opened(client.get(path(letter(acme))))


@pytest.mark.parametrize(("verifies", "most"), [(True, 3), (False, 2)])
def test_what_a_passkey_shows_goes_by_what_had_been_shown_when_it_was_made(acme, alice, verifies, most):
    rows = {level: letter(acme, level=level, member=alice.member) for level in (1, 2, 3)}
    with pen_scope(acme):
        secret.agree(CAROL, "three blue herons", alice.member)
    by_code, by_secret = Device(verifies), Device(verifies)
    by_secret.id = b"another device.."
    client = in_by_code(browser(), rows[1])
    added(client, rows[1], by_code)
    client.post(path(rows[2]) + "/secret", {"secret": "three blue herons"})
    added(client, rows[2], by_secret)
    for device, reaches in ((by_code, 1), (by_secret, most)):
        client = browser()
        assert word(shown(client, rows[1], device)) == "in"
        assert [level for level, row in rows.items() if opened(client.get(path(row)))] == list(
            range(1, reaches + 1)
        )


def test_a_passkey_of_another_origin_a_copy_or_a_second_time_is_none(acme):
    row, device = letter(acme), Device()
    client = in_by_code(browser(), row)
    added(client, row, device, origin="https://mail.acme.example.evil.example")
    with pen_scope(acme):
        assert not Passkey.objects.exists()
    added(client, row, device)
    assert word(shown(browser(), row, device, origin="https://evil.example")) == "passkey"
    client = browser()
    said = device.show(client.post(path(row, "passkey/ask")).json())
    assert word(client.post(path(row, "passkey"), {"credential": said})) == "in"
    assert word(client.post(path(row, "passkey"), {"credential": said})) == "passkey"  # its challenge is gone
    device.count -= 1  # a copy counts what the other one counted
    assert word(shown(browser(), row, device)) == "passkey"
    other = Device()
    other.user = device.user
    assert word(shown(browser(), row, other)) == "passkey"  # the same id, another key


@pytest.mark.parametrize(
    "said", ["", "x", "[]", "{}", '{"rawId": 7}', '{"rawId": "MDEyMzQ1Njc4OWFiY2RlZg", "response": {}}']
)
def test_what_is_no_answer_of_a_device_opens_nothing(acme, said):
    row = letter(acme)
    added(in_by_code(browser(), row), row, Device())
    client = browser()
    client.post(path(row, "passkey/ask"))
    assert word(client.post(path(row, "passkey"), {"credential": said})) == "passkey"


def test_a_passkey_is_of_one_company(acme, other):
    row, theirs, device = letter(acme), letter(other, author="oscar@other.example"), Device()
    added(in_by_code(browser(), row), row, device)
    assert word(shown(browser(), theirs, device)) == "passkey"


def test_the_offer_is_made_once_and_a_passkey_can_be_taken_away(acme):
    row, device = letter(acme), Device()
    client = in_by_code(browser(), row)
    client.post(path(row, "ways/no"))
    assert "Next time without a code?" not in client.get(path(row)).content.decode()
    added(client, row, device)
    with pen_scope(acme):
        pk = str(Passkey.objects.get().pk)
    client.post(path(row, "ways"), {"remove": pk})
    assert word(shown(browser(), row, device)) == "passkey"


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "[" * 100_000, '{"rawId": "' + "x" * 70_000 + '"}', "[]", "{"]
)
def test_what_is_no_passkeys_answer_is_told_so(acme, text):
    """Brackets within brackets are no fault of ours, and nothing that long is read."""
    row, client = letter(acme), Client(headers={"host": HOST})
    assert client.post(path(row, "passkey/ask")).status_code == 200
    answer = client.post(path(row, "passkey"), {"credential": text})
    assert word(answer) == "passkey" and "not known here" in told(client, answer)
