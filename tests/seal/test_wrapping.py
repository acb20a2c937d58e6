"""Wrapped keys open for their owner alone; rewrapping changes the key they are under; deleted is deleted."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import seal

OLD, NEW, KEY = bytes(32), bytes(range(32)), bytes(range(100, 132))
OWNER = seal.Owner("message", "pen_a", "sec_1")


def test_a_wrapped_key_opens_for_its_owner():
    ring = seal.ring(OLD)
    wrapped = seal.wrap(ring, KEY, OWNER)
    assert seal.unwrap(ring, wrapped, OWNER) == KEY
    assert KEY not in wrapped
    assert seal.wrapped_under(wrapped) == seal.key_id(OLD) == ring.primary


@pytest.mark.parametrize(
    "other",
    [
        seal.Owner("pen", "pen_a", "sec_1"),
        seal.Owner("message", "pen_b", "sec_1"),
        seal.Owner("message", "pen_a", "sec_2"),
        seal.Owner("message", "pen_", "asec_1"),
    ],
)
def test_nobody_elses_does(other):
    ring = seal.ring(OLD)
    with pytest.raises(seal.NotWrappedError):
        seal.unwrap(ring, seal.wrap(ring, KEY, OWNER), other)


def test_every_bit_of_a_wrapped_key_counts():
    ring = seal.ring(OLD)
    wrapped = seal.wrap(ring, KEY, OWNER)
    for bit in range(8 * len(wrapped)):
        changed = bytearray(wrapped)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((seal.NotWrappedError, seal.UnknownKeyError)):
            seal.unwrap(ring, bytes(changed), OWNER)


@given(st.binary(max_size=60))
def test_what_is_no_wrapped_key_is_refused(data):
    with pytest.raises((seal.NotWrappedError, seal.UnknownKeyError)):
        seal.unwrap(seal.ring(OLD), data, OWNER)


def test_a_key_that_is_not_in_the_ring_is_named():
    with pytest.raises(seal.UnknownKeyError, match=seal.key_id(OLD)) as found:
        seal.unwrap(seal.ring(NEW), seal.wrap(seal.ring(OLD), KEY, OWNER), OWNER)
    assert found.value.name == seal.key_id(OLD)


def test_rewrapped_it_is_the_same_key_under_the_new_one():
    wrapped, both = seal.wrap(seal.ring(OLD), KEY, OWNER), seal.ring(NEW, (OLD,))
    assert not seal.is_current(both, wrapped)
    again = seal.rewrap(both, wrapped, OWNER)
    assert seal.unwrap(seal.ring(NEW), again, OWNER) == KEY
    assert seal.is_current(both, again)
    assert seal.rewrap(both, again, OWNER) is again


def test_what_is_not_a_key_is_not_wrapped():
    with pytest.raises(ValueError, match="32 bytes"):
        seal.wrap(seal.ring(OLD), KEY[:16], OWNER)


def test_without_a_messages_wrapped_key_its_blob_is_noise():
    """Everything else there is: the blob, the installation's key, the PEN's, and every other message's."""
    pen_key, place = os.urandom(32), seal.Place("pen_a", "sec_1", "body")
    pen = seal.ring(pen_key)
    rows = {n: seal.wrap(pen, os.urandom(32), seal.Owner("message", "pen_a", n)) for n in ("sec_1", "sec_2")}
    key = seal.unwrap(pen, rows["sec_1"], OWNER)
    blob = b"".join(seal.seal(seal.begin(key, place, os.urandom(16)), [b"canary"]))
    assert seal.open_bytes(key, place, blob) == b"canary"
    del rows["sec_1"], key
    for left in (pen_key, seal.unwrap(pen, rows["sec_2"], seal.Owner("message", "pen_a", "sec_2"))):
        with pytest.raises(seal.WrongKeyError):
            seal.open_bytes(left, place, blob)
    with pytest.raises(seal.NotWrappedError):
        seal.unwrap(pen, rows["sec_2"], OWNER)
