"""The keyring is read whole or refused with what is wrong; a new key becomes its primary."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from stationer import seal
from stationer.seal import keyring
from stationer.seal.cipher import xchacha

A, B, AT = bytes(32), bytes(range(32)), "2026-11-22T19:00:00Z"
URI = "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k"
OWNER = seal.Owner("pen", "pen_a", "k0")


def nobody(uri: str) -> seal.Aead:
    raise AssertionError(uri)


def test_a_keyring_says_back_what_was_written():
    made = keyring.with_key(keyring.with_key(None, A, AT), B, AT)
    assert keyring.read(keyring.write(made)) == made
    assert made.primary == seal.key_id(B)
    assert [one.id for one in made.keys] == [seal.key_id(A), seal.key_id(B)]


def test_what_an_old_key_wrapped_opens_and_goes_under_the_new_one():
    before = keyring.with_key(None, A, AT)
    wrapped = seal.wrap(keyring.ring_of(before, nobody), B, OWNER)
    after = keyring.ring_of(keyring.with_key(before, B, AT), nobody)
    assert seal.unwrap(after, wrapped, OWNER) == B
    assert seal.wrapped_under(seal.rewrap(after, wrapped, OWNER)) == seal.key_id(B)


def test_a_kms_wraps_a_one_time_key_and_never_ours():
    class Kms:
        """What a KMS does, by a key of its own; and what it was given."""

        def __init__(self):
            self.seen, self.by = [], xchacha(A)

        def encrypt(self, plaintext, associated_data):
            self.seen.append(plaintext)
            return self.by.encrypt(plaintext, associated_data)

        def decrypt(self, ciphertext, associated_data):
            return self.by.decrypt(ciphertext, associated_data)

    kms = Kms()
    made = keyring.with_key(None, URI, AT)
    ring = keyring.ring_of(made, {URI: kms}.__getitem__)
    wrapped = seal.wrap(ring, B, OWNER)
    assert seal.unwrap(ring, wrapped, OWNER) == B
    assert made.primary == seal.key_id(URI)
    assert kms.seen
    assert not [data for data in kms.seen if B in data]
    with pytest.raises(seal.NotWrappedError):
        seal.unwrap(ring, wrapped, seal.Owner("pen", "pen_b", "k0"))


def test_a_kms_key_named_again_is_primary_again_and_stands_once():
    made = keyring.with_key(keyring.with_key(keyring.with_key(None, URI, AT), A, AT), URI, AT)
    assert made.primary == seal.key_id(URI)
    assert len(made.keys) == 2


GOOD = json.loads(keyring.write(keyring.with_key(None, A, AT)))
ONE = GOOD["keys"][0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no keyring"),
        ("{}", "no keyring"),
        (json.dumps(GOOD)[:-1], "no keyring"),
        (json.dumps({**GOOD, "more": 1}), "no keyring"),
        (json.dumps({**GOOD, "stationer-keyring": 2}), "version 2"),
        (json.dumps({**GOOD, "primary": "k000000000000"}), "primary"),
        (json.dumps({**GOOD, "keys": []}), "primary"),
        (json.dumps({**GOOD, "keys": [ONE, ONE]}), "twice"),
        (json.dumps({**GOOD, "keys": [{**ONE, "key": b64encode(B).decode()}]}), "not the one of this id"),
        (json.dumps({**GOOD, "keys": [{**ONE, "key": ONE["key"][:-1]}]}), "damaged"),
        (json.dumps({**GOOD, "keys": [{**ONE, "key": b64encode(A[:16]).decode()}]}), "32 bytes"),
        (json.dumps({**GOOD, "keys": [{**ONE, "kms": URI}]}), "either"),
        (json.dumps({**GOOD, "keys": [{"id": ONE["id"], "made": AT}]}), "either"),
    ],
)
def test_what_is_no_keyring_is_refused_with_a_sentence(text, said):
    with pytest.raises(seal.WrongKeyringError, match=said) as found:
        keyring.read(text.encode())
    assert ONE["key"] not in str(found.value)


@pytest.mark.parametrize("where", [b'"made": "', b'"key": "', b'{"', b""])
def test_an_octet_that_is_no_utf_8_is_damage_and_told_as_such(where):
    text = json.dumps(GOOD).encode()
    assert where in text
    with pytest.raises(seal.WrongKeyringError, match="no keyring"):
        keyring.read(text.replace(where, where + b"\xff", 1))
