"""A KMS holds the installation's key: one suite for AWS KMS (moto's) and Vault's transit engine (a stand-in)."""

from __future__ import annotations

import os
import sys

import boto3
import pytest

from stationer.keys import Holder, KmsError, add, kms_aead, make, read, rotate, under
from stationer.seal import NotWrappedError, Owner, key_id
from stationer.seal.keyring import ring_of
from tests.aws import aws
from tests.keys.table import Table, owner
from tests.keys.transit import transit

OWNER, OTHER = Owner("pen", "pen_a", "k0"), Owner("pen", "pen_b", "k0")


@pytest.fixture(scope="module")
def servers():
    with aws() as at, transit("trial-token") as vault, pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAULT_TOKEN", "trial-token")
        patch.delenv("VAULT_ADDR", raising=False)
        yield at, vault


@pytest.fixture(params=["aws", "vault"])
def uri(request, servers):
    """The URI of a new key."""
    if request.param == "vault":
        return f"hcvault+http://127.0.0.1:{servers[1].server_port}/transit/keys/{os.urandom(6).hex()}"
    return "aws-kms://" + boto3.client("kms").create_key()["KeyMetadata"]["Arn"]


def test_what_it_wraps_it_unwraps_for_its_owner_alone(uri, tmp_path):
    made = make(tmp_path / "keyring.json", uri)
    assert made.primary == key_id(uri)
    assert '"key"' not in (tmp_path / "keyring.json").read_text()
    held, key = Holder(tmp_path / "keyring.json"), os.urandom(32)
    wrapped = held.wrap(key, OWNER)
    assert held.unwrap(wrapped, OWNER) == key
    with pytest.raises(NotWrappedError):
        held.unwrap(wrapped, OTHER)


def test_what_it_did_not_wrap_is_refused_and_no_fault_of_its(uri, tmp_path):
    make(tmp_path / "keyring.json", uri)
    held = Holder(tmp_path / "keyring.json")
    wrapped = bytearray(held.wrap(bytes(32), OWNER))
    wrapped[15 + 4 + 40] ^= 1  # within what the KMS gave
    with pytest.raises(NotWrappedError):
        held.unwrap(bytes(wrapped), OWNER)


def test_from_the_file_to_a_kms_and_back(uri, tmp_path):
    file, table = tmp_path / "keyring.json", Table(tmp_path / "rows.sqlite")
    make(file)
    held = Holder(file)
    known = {f"{n}": os.urandom(32) for n in range(5)}
    table.add([(name, held.wrap(key, owner(name))) for name, key in known.items()])
    for kms in (uri, ""):
        primary = add(file, kms).primary
        assert rotate(ring_of(read(file), kms_aead), table).rewrapped == 5
        assert under(table) == {primary: 5}
        assert all(held.unwrap(table.get(name), owner(name)) == key for name, key in known.items())


def test_vaults_own_rotation_needs_none_of_ours_and_vault_sees_no_key_of_ours(servers, tmp_path):
    vault, key = servers[1], os.urandom(32)
    make(tmp_path / "keyring.json", f"hcvault+http://127.0.0.1:{vault.server_port}/transit/keys/turned")
    held = Holder(tmp_path / "keyring.json")
    wrapped = held.wrap(key, OWNER)
    vault.rotate("turned")
    assert held.unwrap(wrapped, OWNER) == key
    assert not [seen for seen in vault.seen if key in seen]


def test_a_kms_that_forbids_or_is_away_is_told_and_may_be_asked_again(servers, tmp_path, monkeypatch):
    vault, file = servers[1], tmp_path / "keyring.json"
    make(file, f"hcvault+http://127.0.0.1:{vault.server_port}/transit/keys/away")
    held = Holder(file)
    wrapped = held.wrap(bytes(32), OWNER)
    vault.sealed = True
    try:
        with pytest.raises(KmsError, match="Vault is sealed") as found:
            held.unwrap(wrapped, OWNER)
    finally:
        vault.sealed = False
    assert found.value.again
    monkeypatch.setenv("VAULT_TOKEN", "another")
    with pytest.raises(KmsError, match="permission denied"):
        Holder(file).unwrap(wrapped, OWNER)
    assert held.unwrap(wrapped, OWNER) == bytes(32)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("ftp://x", "no KMS that Stationer knows"),
        ("aws-kms://nonsense", "cannot be used"),
        ("hcvault://host", "is not hcvault://HOST"),
        ("hcvault://host/transit/k", "is not hcvault://HOST"),
        ("hcvault+http://vault.example/transit/keys/k", "in the clear"),
        ("hcvault+http://10.0.0.1:8200/transit/keys/k", "in the clear"),
    ],
)
def test_what_is_no_kms_is_refused_with_a_sentence(wrong, said):
    with pytest.raises(KmsError, match=said) as found:
        kms_aead(wrong)
    assert not found.value.again


@pytest.mark.parametrize(
    ("uri", "module", "extra"),
    [
        ("aws-kms://arn:aws:kms:eu-west-1:1:key/2", "tink.integration.awskms", "aws"),
        ("gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k", "tink.integration.gcpkms", "gcp"),
        ("hcvault://vault.example/transit/keys/k", "hvac", "vault"),
    ],
)
def test_a_part_that_is_not_installed_is_named(uri, module, extra, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(KmsError, match=rf"pip install 'stationer\[{extra}\]'"):
        kms_aead(uri)
