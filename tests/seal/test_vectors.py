"""What version 1 sealed opens for ever; and it is what the contract says, read by other primitives than ours."""

from __future__ import annotations

import json
import unicodedata
from hashlib import sha256
from pathlib import Path

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stationer import seal
from stationer.seal import errors, keyring

FOLDER = Path(__file__).parents[2] / "contract" / "vectors" / "seal"
BLOBS = json.loads((FOLDER / "blobs.json").read_text())
KEYS = json.loads((FOLDER / "keys.json").read_text())


def opened(case: dict[str, str]) -> bytes:
    """A case, opened by us."""
    place = seal.Place(case["pen"], case["message"], case["part"])
    return seal.open_bytes(
        bytes.fromhex(case["key"]), place, bytes.fromhex(case["blob"]), case.get("passphrase")
    )


@pytest.mark.parametrize("case", BLOBS["opens"])
def test_a_blob_of_version_1_opens(case: dict[str, str]) -> None:
    assert opened(case) == bytes.fromhex(case["plain"])


@pytest.mark.parametrize("case", BLOBS["refused"])
def test_what_must_be_refused_is_refused_by_its_name(case: dict[str, str]) -> None:
    with pytest.raises(errors.SealError) as found:
        opened(case)
    assert type(found.value).__name__ == case["error"]


def lp(text: str) -> bytes:
    return len(text.encode()).to_bytes(2, "big") + text.encode()


@pytest.mark.parametrize("case", BLOBS["opens"])
def test_the_bytes_are_those_of_the_contract(case: dict[str, str]) -> None:
    blob, secret = bytes.fromhex(case["blob"]), bytes.fromhex(case["key"])
    if blob[10]:
        said = unicodedata.normalize("NFC", case["passphrase"].replace("\u00a0", " ")).encode()
        passes, memory = (int.from_bytes(blob[at : at + 4], "big") for at in (12, 16))
        secret += hash_secret_raw(said, blob[20:36], passes, memory, blob[11], 32, Type.ID, 0x13)
    made = HKDF(SHA256(), 64, None, b"stationer-seal\0" + blob[:52]).derive(secret)
    assert made[32:] == blob[52:84]
    step = (1 << blob[9]) + 28
    segments = [blob[at : at + step] for at in range(84, len(blob), step)]
    named = b"stationer-segment\0" + lp(case["pen"]) + lp(case["message"]) + lp(case["part"])
    plain = b""
    for index, segment in enumerate(segments):
        data = named + index.to_bytes(8, "big") + bytes([index == len(segments) - 1])
        plain += AESGCM(made[:32]).decrypt(segment[:12], segment[12:], data)
    assert plain.hex() == case["plain"]


def test_a_passphrase_opens_however_it_was_typed() -> None:
    case = BLOBS["opens"][-1]
    for said in (case["passphrase"].replace("\u00a0", " "), unicodedata.normalize("NFD", case["passphrase"])):
        assert opened({**case, "passphrase": said}).hex() == case["plain"]


def test_wrapped_keys_open_and_are_what_the_contract_says() -> None:
    under = bytes.fromhex(KEYS["under"])
    assert KEYS["id"] == seal.key_id(under) == "k" + sha256(b"stationer-key\0" + under).hexdigest()[:12]
    for case in KEYS["wrapped"]:
        wrapped = bytes.fromhex(case["wrapped"])
        owner = seal.Owner(case["kind"], case["pen"], case["name"])
        assert seal.unwrap(seal.ring(under), wrapped, owner).hex() == case["key"]
        assert wrapped[:15] == b"\x01\x0d" + KEYS["id"].encode()
        assert len(wrapped) == 15 + 24 + 32 + 16


def test_the_keyring_of_the_vectors_is_read_and_written_alike() -> None:
    found = keyring.read(json.dumps(KEYS["keyring"]).encode())
    assert json.loads(keyring.write(found)) == KEYS["keyring"]
    assert found.primary == KEYS["id"]
