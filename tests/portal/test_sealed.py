"""Passwords and secrets at rest: what was sealed opens where it belongs, and nowhere else."""

from __future__ import annotations

import uuid
from hashlib import blake2b

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from stationer.portal.directories.models import Directory
from stationer.portal.directories.sealing import password_of
from stationer.portal.people import sealed
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers.models import Provider
from stationer.portal.providers.sealing import secret_of

KEY = "k" * 50
ONE, TWO, ROW = (uuid.UUID(int=number) for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def key(settings):
    settings.SECRET_KEY = KEY


def scope(number):
    return pen_scope(Pen(pk=number))


def test_it_opens_in_its_pen_for_its_purpose_and_place_alone(settings):
    with scope(ONE):
        raw = sealed.seal("s3cret", b"one", ("a", "b"))
        assert sealed.opened(raw, b"one", ("a", "b")) == "s3cret" and b"s3cret" not in raw
        assert sealed.seal("s3cret", b"one", ("a", "b")) != raw
        for data, purpose, place in (
            (raw, b"two", ("a", "b")),
            (raw, b"one", ("a",)),
            (raw, b"one", ("a", "c")),
            (raw[:-1], b"one", ("a", "b")),
            (raw[:5], b"one", ("a", "b")),
            (b"", b"one", ("a", "b")),
        ):
            with pytest.raises(sealed.StaysShut):
                sealed.opened(data, purpose, place)
    with scope(TWO), pytest.raises(sealed.StaysShut):
        sealed.opened(raw, b"one", ("a", "b"))
    settings.SECRET_KEY = "other" * 10
    with scope(ONE), pytest.raises(sealed.StaysShut):
        sealed.opened(raw, b"one", ("a", "b"))


def test_what_was_sealed_by_an_older_version_still_opens():
    def as_before(person, *bound):
        cipher = ChaCha20Poly1305(blake2b(KEY.encode(), digest_size=32, person=person).digest())
        nonce = bytes(range(12))
        return nonce + cipher.encrypt(nonce, b"s3cret", "\n".join((ONE.hex, ROW.hex, *bound)).encode())

    nobody = blake2b(b"", digest_size=20).hexdigest()
    with scope(ONE):
        directory = Directory(pk=ROW, host="dc", port=636, security="tls")
        directory.password = as_before(b"stationer-direct", "dc", "636", "tls", nobody)
        assert password_of(directory) == "s3cret"
        provider = Provider(pk=ROW, issuer="https://i.example", client_id="c")
        provider.secret = as_before(b"stationer-signin", "https://i.example", "c")
        assert secret_of(provider) == "s3cret"
