"""A long blob in pieces: read as one, and gone on with where an upload broke off."""

from __future__ import annotations

import os

import pytest

from stationer import seal
from stationer.blobs.names import Absent
from stationer.blobs.pieces import Pieces

STEP = 1024


def test_pieces_are_read_as_one(blobs):
    pieces, data = Pieces(blobs, "vault/one"), os.urandom(3000)
    for number, (start, stop) in enumerate(((0, 1000), (1000, 1000), (1000, 2500), (2500, 3000))):
        assert pieces.write(number, [data[start:stop]]) == stop - start
    sizes = pieces.sizes()
    assert sizes == [1000, 0, 1500, 500]
    for start, stop in (
        (0, 3000),
        (999, 1001),
        (1000, 2500),
        (2499, 2600),
        (2999, 3000),
        (5, 5),
        (2900, 4000),
        (3000, 9),
    ):
        assert pieces.read(sizes, start, stop) == data[start:stop]


def test_they_end_before_the_first_that_is_missing_and_one_that_is_gone_is_told(blobs):
    pieces = Pieces(blobs, "vault/one")
    assert pieces.sizes() == []
    for number in (0, 1, 3):
        pieces.write(number, [b"x"])
    assert pieces.sizes() == [1, 1]
    blobs.delete("vault/one/000001")
    with pytest.raises(Absent):
        pieces.read([1, 1], 0, 2)


def test_all_of_them_are_forgotten_and_no_neighbours(blobs):
    for name in ("vault/one", "vault/one-more"):
        Pieces(blobs, name).write(0, [b"x"])
        Pieces(blobs, name).write(1, [b"x"])
    Pieces(blobs, "vault/one").delete()
    Pieces(blobs, "vault/one").delete()
    assert list(blobs.names("vault")) == ["vault/one-more/000000", "vault/one-more/000001"]


def test_a_sealed_upload_goes_on_where_it_broke_off(blobs):
    """Three segments a piece, as the vault's pieces of 16 MB have four; the second one breaks off."""
    key, place, plain = os.urandom(32), seal.Place("pen", "message", "1"), os.urandom(8 * STEP + 10)
    pieces, size = Pieces(blobs, "vault/one"), 3 * STEP

    def sealed(sealer: seal.Sealer, number: int, broken: bool = False):
        part = plain[number * size : (number + 1) * size]
        last = (number + 1) * size >= len(plain)
        if number == 0:
            yield sealer.header
        for index, at in enumerate(range(0, len(part), STEP), number * 3):
            if broken and index == number * 3 + 2:
                raise ConnectionResetError("the sender is gone")
            yield sealer.segment(index, part[at : at + STEP], last and at + STEP >= len(part))

    first = seal.begin(key, place, os.urandom(16), exponent=10)
    pieces.write(0, sealed(first, 0))
    with pytest.raises(ConnectionResetError):
        pieces.write(1, sealed(first, 1, broken=True))
    sizes = pieces.sizes()
    standing = seal.standing(sum(sizes), 10)
    assert (standing.segments, standing.plain, standing.sealed) == (3, size, sum(sizes))
    again = seal.resume(key, place, pieces.read(sizes, 0, seal.SIZE))
    for number in range(standing.segments // 3, 3):
        pieces.write(number, sealed(again, number))
    sizes = pieces.sizes()
    opener = seal.Opener(
        key, place, sum(sizes), lambda start, stop: pieces.read(sizes, start, stop), length=len(plain)
    )
    assert b"".join(opener.range()) == plain
    assert b"".join(opener.range(size - 5, size + 5)) == plain[size - 5 : size + 5]
