"""Brand colours stay readable; pictures tell their size."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.compose import Shot, measure
from stationer.compose.colours import _read, contrast, is_colour, shades
from stationer.compose.pictures import fit


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_can_be_read(number: int) -> None:
    colour = f"#{number:06x}"
    found = {name: _read(shade) for name, shade in shades(colour).items()}
    assert contrast(found["on"], found[""]) >= 4.5
    assert contrast(found["link"], (255, 255, 255)) >= 4.5
    assert contrast(found["ink"], found["tint"]) >= 4.5


def test_only_six_digits_are_a_colour() -> None:
    assert is_colour("#0E6e73") and not any(
        map(is_colour, ("teal", "#fff", "0e6e73", "#0e6e7", "#0e6e73;x", ""))
    )


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 600, 200)
GIF = b"GIF89a" + struct.pack("<HH", 3, 4)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 20, 30) + b"\0" * 9


def test_pictures_tell_their_size() -> None:
    assert measure(PNG) == Shot(".png", 600, 200)
    assert measure(GIF) == Shot(".gif", 3, 4)
    assert measure(JPEG) == Shot(".jpg", 30, 20)


@given(
    st.sampled_from([PNG, GIF, JPEG, b"\xff\xd8", b"<svg", b""]), st.binary(max_size=30), st.integers(0, 40)
)
def test_a_broken_picture_is_none_and_never_raises(head: bytes, tail: bytes, cut: int) -> None:
    found = measure(head[:cut] + tail)
    assert found is None or found.extension in (".png", ".jpg", ".gif")


@pytest.mark.parametrize(
    ("size", "box", "fitted"),
    [
        ((1200, 400), (600, 300), (600, 200)),
        ((100, 50), (600, 300), (100, 50)),
        ((5000, 1), (96, 96), (96, 1)),
    ],
)
def test_pictures_are_fitted_and_never_enlarged(
    size: tuple[int, int], box: tuple[int, int], fitted: tuple[int, int]
) -> None:
    assert fit(*size, *box) == fitted


def test_a_picture_knows_its_media_type() -> None:
    from stationer.compose.pictures import Shot

    assert [Shot(kind, 1, 1).type for kind in (".png", ".jpg", ".gif")] == [
        "image/png",
        "image/jpeg",
        "image/gif",
    ]
