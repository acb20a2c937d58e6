"""A segment can be written by whoever has the portal's public key, and read by the portal alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from stationer.durable import frames, sealing
from stationer.wire.uplink import Addressed, AddressedCopy, Clicked, Lost, Offer, Remembered, Reported

VECTORS = Path(__file__).parents[2] / "contract" / "vectors" / "uplink" / "segment.json"
NAME = "edge-aaaaaaaaaaaaaaaaaaaaaaaaaa-c1.jnl"
KEY = bytes(range(32))
TOLD = [
    Addressed(
        "pen_a",
        "pk_a",
        1,
        "mem_a",
        (AddressedCopy(1, ("bob@other.example",), False, (Offer("mark", "cam", "msg", b"sixsix"),)),),
        ("cam_b",),
    ),
    Reported("pen_a", "pk_a", 0, 2, "used", ("mark",)),
    Clicked("pen_a", b"token", 3, "GET", "192.0.2.1", "Firefox", {"sec-fetch-mode": "navigate"}),
    Remembered("pen_a", b"record"),
    Lost("pen_a", 4, 7),
]


@pytest.fixture(scope="module")
def portal() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


def test_what_was_sealed_for_the_portal_is_opened_with_its_key(portal):
    first = sealing.head(NAME, KEY, portal.public_key().public_bytes_raw())
    assert len(first) == 88
    key = sealing.key_in(first, NAME, portal)
    assert key == KEY
    cipher = ChaCha20Poly1305(key)
    assert sealing.open_record(cipher, 1, sealing.seal(cipher, 1, TOLD)) == TOLD


def test_a_head_opens_with_no_other_key_under_no_other_name_and_with_no_bit_changed(portal):
    first = sealing.head(NAME, KEY, portal.public_key().public_bytes_raw())
    for wrong in (
        lambda: sealing.key_in(first, NAME, X25519PrivateKey.generate()),
        lambda: sealing.key_in(first, NAME.replace("c1", "c2"), portal),
        lambda: sealing.key_in(
            sealing.head(NAME, b"short", portal.public_key().public_bytes_raw()), NAME, portal
        ),
        lambda: sealing.key_in(b"", NAME, portal),
        lambda: sealing.key_in(first[:20], NAME, portal),
    ):
        with pytest.raises(sealing.CannotOpen):
            wrong()
    for place in range(len(first)):
        flipped = bytearray(first)
        flipped[place] ^= 1
        with pytest.raises(sealing.CannotOpen):
            sealing.key_in(bytes(flipped), NAME, portal)


def test_a_record_opens_in_its_own_place_alone_and_only_when_it_says_what_we_know():
    cipher = ChaCha20Poly1305(KEY)
    sealed = sealing.seal(cipher, 2, TOLD)
    strange = cipher.encrypt((1).to_bytes(12, "big"), b"\x91\x92\xa7unknown\x01", None)
    for number, record in ((1, sealed), (3, sealed), (2, sealed[:-1]), (2, b""), (1, strange)):
        with pytest.raises(sealing.CannotOpen):
            sealing.open_record(cipher, number, record)


def test_the_golden_segment_opens_and_its_damaged_copies_do_not():
    golden = json.loads(VECTORS.read_text())
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(golden["private_key"]))
    assert private.public_key().public_bytes_raw().hex() == golden["public_key"]
    assert list(opened(bytes.fromhex(golden["segment"]), golden["name"], private)) == TOLD
    for case in golden["refused"]:
        with pytest.raises((sealing.CannotOpen, frames.DamagedError)):
            list(opened(bytes.fromhex(case["segment"]), case["name"], private))


def opened(segment: bytes, name: str, private: X25519PrivateKey) -> Iterator[object]:
    """What a whole segment says."""
    (first, *records), end = frames.scan(segment)
    assert end == len(segment)
    cipher = ChaCha20Poly1305(sealing.key_in(first, name, private))
    for number, record in enumerate(records, 1):
        yield from sealing.open_record(cipher, number, record)


# ── RFC 9180 by its own words, so that the head is not only what one library makes of it ──
KEM_SUITE, HPKE_SUITE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"


def labelled_extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    """RFC 9180 §4."""
    extract = hmac.HMAC(salt or bytes(32), hashes.SHA256())
    extract.update(b"HPKE-v1" + suite + label + secret)
    return extract.finalize()


def labelled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """RFC 9180 §4."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return HKDFExpand(hashes.SHA256(), length, labelled).derive(key)


def open_single_shot(private: X25519PrivateKey, enc: bytes, info: bytes, aad: bytes, sealed: bytes) -> bytes:
    """RFC 9180 §4.1 (Decap), §5.1 (base mode), §5.2 (first message)."""
    agreed = private.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + private.public_key().public_bytes_raw()
    shared = labelled_expand(
        KEM_SUITE, labelled_extract(KEM_SUITE, b"", b"eae_prk", agreed), b"shared_secret", context, 32
    )
    schedule = (
        b"\0"
        + labelled_extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
        + labelled_extract(HPKE_SUITE, b"", b"info_hash", info)
    )
    secret = labelled_extract(HPKE_SUITE, shared, b"secret", b"")
    key = labelled_expand(HPKE_SUITE, secret, b"key", schedule, 32)
    nonce = labelled_expand(HPKE_SUITE, secret, b"base_nonce", schedule, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, aad)


def test_the_test_s_own_reading_of_rfc_9180_opens_the_rfc_s_vector_a_2_1():
    private = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    )
    enc = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
    sealed = bytes.fromhex(
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )
    said = open_single_shot(private, enc, b"Ode on a Grecian Urn", b"Count-0", sealed)
    assert said == b"Beauty is truth, truth beauty"


def test_a_head_is_what_rfc_9180_says(portal):
    first = sealing.head(NAME, KEY, portal.public_key().public_bytes_raw())
    info = b"stationer-uplink\0" + NAME.encode()
    assert first[:8] == b"STNUPLK1"
    assert open_single_shot(portal, first[8:40], info, b"", first[40:]) == KEY
