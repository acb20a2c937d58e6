"""Charsets as mails name them, and where in the bytes a character begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.mime import charset

KNOWN = [
    "ascii",
    "utf-8",
    "iso-8859-1",
    "cp1252",
    "cp932",
    "gb18030",
    "big5",
    "iso-2022-jp",
    "utf-7",
    "utf-16",
]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("utf-8", "utf-8"),
        ("x-sjis", "cp932"),
        ("x-gbk", "gbk"),
        ("ansi_x3.4-1968", "ascii"),
        ("iso-8859-8-i", "iso8859-8"),
        ("base64", None),
        ("raw-unicode-escape", None),
        ("idna", None),
        ("nobody-knows", None),
        ("a\0b", None),
        ("", None),
    ],
)
def test_a_charset_is_known_by_the_names_mails_use_and_only_when_it_is_one_of_text(
    name: str, codec: str | None
) -> None:
    assert charset.codec(name) == codec


def test_ascii_means_ascii_in_most_and_not_in_these() -> None:
    assert all(charset.is_ascii_based(name) for name in KNOWN[:8])
    assert not any(charset.is_ascii_based(name) for name in ("utf-7", "utf-16", "hz", "cp037", "no-such"))


def test_a_body_in_an_unknown_charset_is_ascii_when_it_holds_nothing_else() -> None:
    assert charset.codec_for("nobody-knows", b"plain") == "ascii"
    assert charset.codec_for("nobody-knows", b"\xe9") is None
    assert charset.codec_for("nobody-knows", b"\x1b$B") is None
    assert charset.codec_for("utf-8", b"\xe9") == "utf-8"


@given(st.sampled_from(KNOWN), st.text(max_size=60), st.binary(max_size=6), st.data())
def test_a_characters_place_parts_the_bytes_so_that_both_sides_read_as_before_or_there_is_none(
    name: str, text: str, noise: bytes, data: st.DataObject
) -> None:
    name = charset.codec(name) or ""
    plain = text.encode(name, "ignore") + noise
    read = charset.text_of(plain, name)
    offset = data.draw(st.integers(0, len(read)))
    at = charset.byte_offset(plain, name, read, offset)
    if at is not None:
        assert charset.text_of(plain[:at], name) == read[:offset]
        assert charset.text_of(plain[at:], name) == read[offset:]


@pytest.mark.parametrize(
    ("name", "plain", "offset", "at"),
    [
        ("utf-8", "aé€b".encode(), 1, 1),
        ("utf-8", "aé€b".encode(), 3, 6),
        ("utf-8", b"a\xffb", 2, 2),
        ("utf-8", b"\xc3(\xe2\x82b", 3, 4),
        ("utf-8", b"\xc3(b", 2, 2),
        ("cp932", "あいう".encode("cp932"), 2, 4),
        ("cp932", b"\x81\x81\x81\xff\x82\xa0b", 3, 4),
        ("iso-2022-jp", "あい".encode("iso-2022-jp"), 1, None),  # inside an escape nothing can be parted
        ("iso-2022-jp", b"a\x1b\x00", 2, None),
        ("ascii", b"ab", 1, 1),
    ],
)
def test_the_place_of_a_character(name: str, plain: bytes, offset: int, at: int | None) -> None:
    codec = charset.codec(name) or ""
    assert charset.byte_offset(plain, codec, charset.text_of(plain, codec), offset) == at


def test_ascii_keeps_its_meaning_where_no_octet_before_it_takes_it_along() -> None:
    assert all(
        map(charset.keeps_ascii, ("utf-8", "ascii", "iso8859-1", "cp1252", "koi8-r", "euc_jp", "euc_kr"))
    )
    taking = (
        "iso2022_jp",
        "iso2022_kr",
        "cp932",
        "shift_jis",
        "big5",
        "gb18030",
        "johab",
        "cp949",
        "utf-7",
        "hz",
    )
    assert not any(map(charset.keeps_ascii, taking))


@given(st.sampled_from(KNOWN), st.binary(max_size=12), st.text("aZ09 <>\n~}{\\", max_size=4))
def test_what_keeps_its_meaning_is_read_so_behind_any_octets(name: str, above: bytes, put: str) -> None:
    name = charset.codec(name) or ""
    if charset.keeps_ascii(name):
        read = charset.text_of(above + put.encode(), name)
        assert read == charset.text_of(above, name) + put
