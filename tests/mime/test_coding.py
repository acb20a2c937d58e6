"""Transfer encodings: read as every reader does, located without encoding anew, written within 76 octets."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stationer.mime import coding

#: What makes quoted-printable awkward: escapes, escapes that are none, soft breaks, stray line ends, long lines.
AWKWARD = st.lists(
    st.sampled_from(
        [
            b"=3D",
            b"=C3=A9",
            b"=",
            b"=\r\n",
            b"=\n",
            b"\r\n",
            b"\n",
            b"\r",
            b"a",
            b" ",
            b"\t",
            b"=4",
            b"x" * 80,
        ]
    )
).map(b"".join)


def test_what_a_reader_skips_behind_a_torn_soft_break_is_no_place() -> None:
    assert coding.encoded_offset(b"=4=\ra=C3=A9", "quoted-printable", b"=4", 2) is None


def test_a_place_behind_an_escape_that_is_none_is_found() -> None:
    assert coding.encoded_offset(b"QUJDRA==\n<div>", "quoted-printable", b"QUJDRA=\n<div>", 8) == 9


def test_a_place_behind_an_escape_that_is_none_and_a_soft_break_is_behind_the_break() -> None:
    assert coding.encoded_offset(b"=C=\n<div>", "quoted-printable", b"=C<div>", 2) == 4
    assert coding.encoded_offset(b"=C=\r\n<div>", "quoted-printable", b"=C<div>", 2) == 5


@given(AWKWARD, st.data())
def test_a_place_found_in_quoted_printable_parts_it_into_two_that_decode_as_one(
    encoded: bytes, data: st.DataObject
) -> None:
    plain = coding.decoded(encoded, "quoted-printable")
    assert plain is not None
    offset = data.draw(st.integers(0, len(plain)))
    at = coding.encoded_offset(encoded, "quoted-printable", plain, offset)
    if at is not None:
        assert coding.decoded(encoded[:at], "quoted-printable") == plain[:offset]
        assert coding.decoded(encoded[at:], "quoted-printable") == plain[offset:]


@given(AWKWARD)
@example(b"=B=EB=A4\n\nAlice")  # the beginning of an escape reads as two signs, the escape as one
@example(b"a=4=\r left out\nb")
def test_every_place_of_quoted_printable_that_tears_nothing_is_found(encoded: bytes) -> None:
    plain = coding.decoded(encoded, "quoted-printable")
    assert plain is not None
    for at in range(len(encoded) + 1):
        if coding.is_whole(encoded, at):
            head = coding.decoded(encoded[:at], "quoted-printable")
            assert head is not None
            assert coding.encoded_offset(encoded, "quoted-printable", plain, len(head)) is not None


@given(st.binary(max_size=300), st.data())
def test_every_place_of_quoted_printable_as_it_should_be_is_found(plain: bytes, data: st.DataObject) -> None:
    plain = plain.replace(b"\r", b"")
    encoded = quopri.encodestring(plain)
    decoded = coding.decoded(encoded, "quoted-printable")
    assert decoded == plain
    offset = data.draw(st.integers(0, len(plain)))
    assert coding.encoded_offset(encoded, "quoted-printable", plain, offset) is not None


@given(st.binary(max_size=400), st.integers(1, 100), st.sampled_from([b"\n", b"\r\n", b" \r\n"]), st.data())
def test_every_third_place_of_base64_is_found_however_its_lines_are_cut(
    plain: bytes, width: int, line_end: bytes, data: st.DataObject
) -> None:
    letters = base64.b64encode(plain)
    encoded = b"".join(letters[at : at + width] + line_end for at in range(0, len(letters), width))
    offset = data.draw(st.integers(0, len(plain) // 3)) * 3
    at = coding.encoded_offset(encoded, "base64", plain, offset)
    assert at is not None and coding.decoded(encoded[:at], "base64") == plain[:offset]
    assert coding.decoded(encoded[at:], "base64") == plain[offset:]


@pytest.mark.parametrize(
    ("encoded", "encoding", "plain"),
    [
        (b"YWI", "base64", b"ab"),  # the padding is missing
        (b"YWJj!\nYQ", "base64", b"abca"),
        (b"Y=YWJj", "base64", None),  # padding in the middle, and five letters: nothing that three octets fit
        (b"YWJjY", "base64", b"abc"),  # one letter too many
        (b"as it is", "8bit", b"as it is"),
        (b"anything", "x-uuencode", None),
    ],
)
def test_bodies_are_decoded_as_readers_do_or_not_at_all(
    encoded: bytes, encoding: str, plain: bytes | None
) -> None:
    assert coding.decoded(encoded, encoding) == plain


def test_a_place_in_what_is_not_encoded_is_itself() -> None:
    assert coding.encoded_offset(b"abc", "7bit", b"abc", 2) == 2


def test_a_place_behind_the_end_is_none() -> None:
    assert coding.encoded_offset(b"YWJj", "base64", b"abcdefghi", 6) is None
    assert coding.encoded_offset(b"abc", "quoted-printable", b"abc" + b"d" * 9, 11) is None


@given(st.binary(max_size=400), st.sampled_from([b"\n", b"\r\n"]))
@example(b"x" * 74 + b" \r\ny", b"\r\n")
@example(b"\r" * 90, b"\r\n")
@example(b"a" * 73 + b"\xe9" * 3 + b"\rb\r\n", b"\r\n")
def test_quoted_printable_is_written_in_lines_of_76_and_reads_as_what_was_given(
    plain: bytes, line_end: bytes
) -> None:
    coded = coding.quoted(plain, line_end)
    assert all(len(line) <= 76 for line in coded.split(line_end))
    assert coding.decoded(coded, "quoted-printable") == plain


@given(st.binary(max_size=400))
def test_base64_is_written_in_lines_of_76(plain: bytes) -> None:
    coded = coding.base64_lines(plain, b"\r\n")
    assert all(len(line) <= 76 for line in coded.split(b"\r\n"))
    assert coding.decoded(coded, "base64") == plain
