"""Whoever has the storage can change nothing without its being refused."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import seal

KEY, PLACE, SEED = bytes(range(32)), seal.Place("pen", "message", "part"), bytes(range(16))
PLAIN = bytes(n % 251 for n in range(2 * 1024 + 5))
STEP = 1024 + 28


def sealed(plain: bytes, lock: seal.Lock | None = None) -> bytes:
    return b"".join(seal.seal(seal.begin(KEY, PLACE, SEED, lock, exponent=10), [plain]))


def flipped(blob: bytes, bit: int) -> bytes:
    changed = bytearray(blob)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def refusal(blob: bytes, **more) -> str:
    with pytest.raises(seal.SealError) as found:
        seal.open_bytes(KEY, PLACE, blob, **more)
    assert str(found.value).endswith(".")
    return type(found.value).__name__


def test_every_bit_of_a_small_blob_counts():
    blob = sealed(b"secret")
    found = Counter(refusal(flipped(blob, bit)) for bit in range(8 * len(blob)))
    # magic, and what no header says: exponent, lock, its cost, salt without a lock
    assert found["NotSealedError"] + found["WrongKeyError"] + found["UnknownVersionError"] == 8 * seal.SIZE
    assert found["UnknownVersionError"] == 16
    assert found["DamagedError"] == 8 * (12 + 6 + 16)


def test_every_bit_of_a_small_blob_with_a_lock_counts():
    blob = sealed(b"secret", seal.lock("x", SEED, seal.Cost(1, 1, 8)))
    # what a flipped bit makes of passes and memory may cost 64 passes or 1 GiB: those that cost little are tried
    dear = range(8 * 11, 8 * 20)
    found = Counter(
        refusal(flipped(blob, bit), passphrase="x") for bit in range(8 * len(blob)) if bit not in dear
    )
    # without its lock's bit it is no header; another salt, seed, commitment: another passphrase, as far as one can tell
    assert found["WrongPassphraseError"] > 8 * 64
    assert found["DamagedError"] == 8 * 34


@given(st.integers(0, 8 * len(sealed(PLAIN)) - 1))
def test_any_bit_of_a_larger_one_does(bit):
    refusal(flipped(sealed(PLAIN), bit))


@given(st.integers(0, len(sealed(PLAIN)) - 1))
def test_cut_anywhere_it_is_refused(size):
    assert refusal(sealed(PLAIN)[:size]) in {"NotSealedError", "CutShortError", "DamagedError"}


@given(st.permutations(range(3)), st.integers(1, 3))
def test_segments_in_any_other_order_or_number_are_refused(order, many):
    blob = sealed(bytes(3 * 1024))
    parts = [blob[seal.SIZE + n * STEP : seal.SIZE + (n + 1) * STEP] for n in range(3)]
    other = blob[: seal.SIZE] + b"".join(parts[n] for n in order[:many])
    if other != blob:
        assert refusal(other) in {"CutShortError", "DamagedError", "ProlongedError"}


def test_missing_the_last_segment_is_cut_short_and_one_more_is_prolonged():
    blob = sealed(bytes(2 * 1024))
    assert refusal(blob[:-STEP]) == "CutShortError"
    assert refusal(blob + blob[-STEP:]) == "ProlongedError"


def test_a_length_known_from_elsewhere_tells_at_once():
    blob = sealed(bytes(2 * 1024))
    for length, error in ((2049, seal.CutShortError), (2047, seal.ProlongedError)):
        with pytest.raises(error):
            seal.Opener(KEY, PLACE, len(blob), lambda start, stop: blob[start:stop], length=length)


def test_a_storage_that_gives_less_than_it_has_is_cut_short():
    blob = sealed(PLAIN)
    opener = seal.Opener(KEY, PLACE, len(blob), lambda start, stop: blob[start : min(stop, 1000)])
    with pytest.raises(seal.CutShortError):
        list(opener.range())


@pytest.mark.parametrize(
    "place",
    [
        seal.Place("other", "message", "part"),
        seal.Place("pen", "m", "part"),
        seal.Place("pen", "message", "p"),
    ],
)
def test_under_another_id_a_blob_is_refused_even_with_its_own_key(place):
    with pytest.raises(seal.DamagedError):
        seal.open_bytes(KEY, place, sealed(b"x"))


def test_ids_are_told_apart_wherever_one_ends_and_the_next_begins():
    one, other = seal.Place("a", "bc", "d"), seal.Place("ab", "c", "d")
    assert one.associated(0, True) != other.associated(0, True)


def test_a_blob_of_a_lock_is_not_resumed_without_it():
    blob = sealed(b"x", seal.lock("x", SEED, seal.Cost(1, 1, 8)))
    with pytest.raises(seal.PassphraseNeededError):
        seal.resume(KEY, PLACE, blob)
    with pytest.raises(seal.WrongPassphraseError):
        seal.resume(KEY, PLACE, blob, "y")
    with pytest.raises(seal.WrongKeyError):
        seal.resume(bytes(32), PLACE, sealed(b"x"))


def test_nothing_of_a_damaged_segment_is_given_out():
    blob = flipped(sealed(PLAIN), 8 * (seal.SIZE + STEP + 50))
    given_out = b""
    with pytest.raises(seal.DamagedError):
        for piece in seal.Opener(KEY, PLACE, len(blob), lambda start, stop: blob[start:stop]).range():
            given_out += piece
    assert given_out == PLAIN[:1024]
