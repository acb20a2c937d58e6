"""Snapshot, roll and state in their container: the least damage is noticed (contract/snapshot.md)."""

from __future__ import annotations

import random

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer import pick
from stationer.pick.snapshot import VERSION
from stationer.wire.definition import Definition, Template
from stationer.wire.memory import State
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Rule

KEY = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
FALLBACK = Template("t", "T", Rule(), {}, fallback=True)
ROLL = Roll("pen_x", (), (Person("mem_1", "a@b.example", {"name": "Ann"}),))


def packed(private_key: bytes | None = KEY) -> bytes:
    return pick.pack("roll", ROLL, pen="pen_x", serial=7, made_at=1_700_000_000_000, private_key=private_key)


def test_what_was_packed_is_unpacked() -> None:
    found = pick.unpack(packed(), kind="roll", public_key=PUBLIC, pen="pen_x")
    assert (found.payload, found.serial, found.made_at, found.signed) == (ROLL, 7, 1_700_000_000_000, True)
    told = State("pen_x", {"cam": b"8 bytes."})
    state = pick.pack("state", told, pen="pen_x", serial=1, made_at=2, private_key=KEY)
    assert pick.unpack(state, kind="state", public_key=PUBLIC).payload == told


def test_the_layout_is_the_contracts() -> None:
    data = packed(None)
    assert data[:8] == b"STNROLL1" and data[-64:] == bytes(64)
    assert int.from_bytes(data[8:16], "big") == 7
    assert int.from_bytes(data[40:48], "big") == len(data) - 48 - 32 - 64


@pytest.mark.parametrize("public_key", [None, PUBLIC])
def test_a_flipped_bit_anywhere_is_noticed(public_key: bytes | None) -> None:
    whole = packed()
    guarded = len(whole) if public_key else len(whole) - 64  # without a key nobody looks at the signature
    for at in range(guarded):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(pick.Damaged):
            pick.unpack(bytes(damaged), kind="roll", public_key=public_key)


def test_a_file_cut_off_anywhere_is_noticed() -> None:
    whole = packed()
    for length in range(len(whole)):
        with pytest.raises(pick.Damaged):
            pick.unpack(whole[:length], kind="roll", public_key=None)
    with pytest.raises(pick.Damaged):
        pick.unpack(whole + b"\0", kind="roll", public_key=None)


def test_an_unsigned_or_foreign_file_is_refused_where_a_key_is_given() -> None:
    with pytest.raises(pick.Damaged, match="not signed"):
        pick.unpack(packed(None), kind="roll", public_key=PUBLIC)
    with pytest.raises(pick.Damaged, match="signature"):
        pick.unpack(packed(bytes(32)), kind="roll", public_key=PUBLIC)
    with pytest.raises(pick.Damaged, match="another PEN"):
        pick.unpack(packed(), kind="roll", public_key=PUBLIC, pen="pen_y")
    with pytest.raises(pick.Damaged, match="begin"):
        pick.unpack(packed(), kind="snapshot", public_key=PUBLIC)


def test_a_genuine_file_of_another_version_is_refused() -> None:
    strange = pick.pack("state", {"pen": 1}, pen="pen_x", serial=1, made_at=2, private_key=None)
    relabelled = b"STNROLL1" + strange[8:]
    body, _ = relabelled[:-96], relabelled[-96:]
    from hashlib import sha256

    with pytest.raises(pick.Damaged, match="payload"):
        pick.unpack(body + sha256(body).digest() + bytes(64), kind="roll", public_key=None)


def test_noise_is_refused() -> None:
    chance = random.Random(5)
    for _ in range(2000):
        noise = b"STNSNAP1" + chance.randbytes(chance.randrange(400))
        with pytest.raises(pick.Damaged):
            pick.unpack(noise, kind="snapshot", public_key=None)


def test_a_snapshot_newer_than_this_program_is_refused() -> None:
    compiled = pick.compile(Definition("p", "P", ("a.example",), b"k" * 32, (FALLBACK,), ()))
    later = msgspec.structs.replace(compiled, version=VERSION + 1)
    data = pick.pack("snapshot", later, pen="p", serial=1, made_at=1, private_key=None)
    with pytest.raises(pick.Damaged, match="newer than this program"):
        pick.unpack(data, kind="snapshot", public_key=None)


def test_the_same_definition_gives_the_same_bytes() -> None:
    definition = Definition(
        "p", "P", ("a.example",), b"k" * 32, (FALLBACK,), (), lists={"b": ("x@y.z",), "a": ("q@y.z",)}
    )
    other = Definition(
        "p", "P", ("a.example",), b"k" * 32, (FALLBACK,), (), lists={"a": ("q@y.z",), "b": ("x@y.z",)}
    )
    one, two = (
        pick.pack("snapshot", pick.compile(d), pen="p", serial=1, made_at=1, private_key=None)
        for d in (definition, other)
    )
    assert one == two
