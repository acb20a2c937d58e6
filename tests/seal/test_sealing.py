"""Sealing and opening: any length, any chunks, any order, any range, and on again after an interruption."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import seal

KEY, PLACE, SEED = bytes(range(32)), seal.Place("pen", "message", "part"), bytes(range(16))
STEP = 1024


def sealed(plain: bytes) -> bytes:
    return b"".join(seal.seal(seal.begin(KEY, PLACE, SEED, exponent=10), [plain]))


class Store:
    """A blob that notes which bytes of it were read."""

    def __init__(self, blob: bytes) -> None:
        self.blob, self.reads = blob, []

    def read(self, start: int, stop: int) -> bytes:
        self.reads.append((start, stop))
        return self.blob[start:stop]

    def opener(self, **more) -> seal.Opener:
        return seal.Opener(KEY, PLACE, len(self.blob), self.read, **more)


@given(st.lists(st.binary(max_size=2500), max_size=5))
def test_what_was_sealed_in_any_chunks_is_opened(chunks):
    blob = b"".join(seal.seal(seal.begin(KEY, PLACE, SEED, exponent=10), chunks))
    plain = b"".join(chunks)
    assert seal.open_bytes(KEY, PLACE, blob) == plain
    assert len(blob) == seal.sealed_size(len(plain), 10)


@given(st.integers(0, 4 * STEP + 1), st.data())
def test_a_range_opens_the_segments_that_hold_it_and_no_others(length, data):
    plain = bytes(n * 7 % 256 for n in range(length))
    store = Store(sealed(plain))
    opener = store.opener(length=length)
    start = data.draw(st.integers(0, length))
    stop = data.draw(st.integers(start, length + 9))
    store.reads.clear()
    assert b"".join(opener.range(start, stop)) == plain[start:stop]
    read = {(begin - seal.SIZE) // (STEP + 28) for begin, _ in store.reads}
    assert len(read) == len(store.reads)
    wanted = (
        set(range(start // STEP, (min(stop, length) + STEP - 1) // STEP))
        if start < min(stop, length)
        else set()
    )
    if start == length:  # the end is proven by the last segment
        wanted = {max(0, length - 1) // STEP}
    assert read == wanted


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (5, 4), (11, None)])
def test_what_is_no_range_is_no_range(start, stop):
    with pytest.raises(ValueError, match="no range"):
        list(Store(sealed(b"0123456789")).opener().range(start, stop))


@pytest.mark.parametrize(
    "arrived", [0, 50, 84, 100, 84 + 1052, 84 + 1052 + 700, 84 + 2 * 1052, 84 + 3 * 1052 + 5]
)
def test_an_interrupted_sealing_goes_on_at_a_segments_border(arrived):
    plain = bytes(n % 253 for n in range(3 * STEP + 100))
    begun = sealed(plain)[:arrived]
    found = seal.standing(len(begun), 10)
    kept = begun[: found.sealed]
    new = seal.begin(KEY, PLACE, bytes(16), exponent=10)
    sealer = seal.resume(KEY, PLACE, kept[: seal.SIZE]) if kept else new
    assert found.plain == found.segments * STEP
    rest = b"".join(seal.seal(sealer, [plain[found.plain :]], found.segments))
    head = sealer.header if kept and not found.segments else b""
    whole = kept + rest.removeprefix(head)
    assert seal.open_bytes(KEY, PLACE, whole) == plain


def test_segments_are_sealed_in_any_order_by_anyone_who_has_the_header():
    plain = bytes(2 * STEP) + b"end"
    first = seal.begin(KEY, PLACE, SEED, exponent=10)
    other = seal.resume(KEY, PLACE, first.header)
    last = other.segment(2, b"end", True)
    blob = first.header + first.segment(0, bytes(STEP), False) + other.segment(1, bytes(STEP), False) + last
    assert seal.open_bytes(KEY, PLACE, blob) == plain


@pytest.mark.parametrize(
    ("index", "size", "last"), [(0, STEP - 1, False), (0, 0, False), (1, 0, True), (0, STEP + 1, True)]
)
def test_a_segment_of_another_size_is_not_sealed(index, size, last):
    with pytest.raises(ValueError, match="cannot be of"):
        seal.begin(KEY, PLACE, SEED, exponent=10).segment(index, bytes(size), last)


def test_the_same_sealed_twice_is_never_the_same():
    assert sealed(b"hello")[seal.SIZE :] != sealed(b"hello")[seal.SIZE :]


def test_segments_of_another_blob_of_the_same_part_are_refused():
    other = b"".join(seal.seal(seal.begin(KEY, PLACE, bytes(16), exponent=10), [bytes(2 * STEP)]))
    mixed = sealed(bytes(2 * STEP))[: seal.SIZE + STEP + 28] + other[seal.SIZE + STEP + 28 :]
    with pytest.raises(seal.DamagedError):
        seal.open_bytes(KEY, PLACE, mixed)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: seal.begin(KEY[:31], PLACE, SEED),
        lambda: seal.begin(KEY, PLACE, SEED[:15]),
        lambda: seal.begin(KEY, PLACE, SEED, exponent=9),
        lambda: seal.Place("pen", "", "part"),
        lambda: seal.Place("pen", "m" * 65_536, "part").associated(0, False),
        lambda: seal.lock("", bytes(16)),
        lambda: seal.lock("x", bytes(15)),
        lambda: seal.Cost(0, 1, 8),
        lambda: seal.Cost(2, 1, 8),
    ],
)
def test_what_cannot_be_sealed_is_said_before(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()


def test_a_lock_is_made_once_for_all_parts_of_a_message():
    lock = seal.lock("open sesame", SEED, seal.Cost(1, 1, 8))
    for part in ("1", "2"):
        place = seal.Place("pen", "message", part)
        blob = b"".join(seal.seal(seal.begin(KEY, place, SEED, lock), [b"secret"]))
        assert seal.open_bytes(KEY, place, blob, lock) == b"secret"
        assert seal.open_bytes(KEY, place, blob, "open sesame") == b"secret"
        with pytest.raises(seal.PassphraseNeededError):
            seal.open_bytes(KEY, place, blob, seal.lock("open sesame", bytes(16), lock.cost))


def test_a_passphrase_costs_what_rfc_9106_recommends_by_default():
    assert (seal.COST.lanes, seal.COST.passes, seal.COST.memory) == (4, 3, 64 * 1024)
    assert seal.read_header(seal.begin(KEY, PLACE, SEED, seal.lock("x", SEED)).header).cost == seal.COST


def test_of_a_blob_of_5_gb_some_segments_are_sealed_and_opened_and_no_others_touched(tmp_path):
    """A sparse file: what was not sealed is a hole, and would be refused."""
    length = 5_000_000_000
    sealer = seal.begin(KEY, PLACE, SEED)
    last = (length - 1) // sealer.size
    rest = length - last * sealer.size
    whole = [(0, bytes(sealer.size)), (1100, b"\x11" * sealer.size), (last, b"\xff" * rest)]
    with (tmp_path / "blob").open("w+b") as file:
        file.write(sealer.header)
        for index, plain in whole:
            file.seek(seal.SIZE + index * (sealer.size + 28))
            file.write(sealer.segment(index, plain, index == last))
        assert file.tell() == seal.sealed_size(length)

        def read(start: int, stop: int) -> bytes:
            file.seek(start)
            return file.read(stop - start)

        opener = seal.Opener(KEY, PLACE, seal.sealed_size(length), read, length=length)
        at = 1100 * sealer.size
        assert b"".join(opener.range(at + 10, at + 20)) == b"\x11" * 10
        assert b"".join(opener.range(length - 7)) == b"\xff" * 7
        with pytest.raises(seal.DamagedError):
            list(opener.range(at - 1, at + 1))
    assert seal.standing(seal.sealed_size(at)).plain == at
