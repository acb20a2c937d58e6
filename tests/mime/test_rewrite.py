"""A decoded range changes by one cut of the encoded body, and the rest is the same octets."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.mime import Cut, joined, splice
from stationer.mime.coding import decoded
from stationer.mime.rewrite import base64_room, rewritten

PLAIN = st.lists(
    st.sampled_from([b"words ", b"=", b"\r\n", b"\xe9", b"long " * 30, b".", b" \r\n"]), max_size=20
).map(b"".join)


def encode(plain: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.b2a_qp(plain, istext=True)
    return base64.encodebytes(plain).replace(b"\n", b"\r\n") if encoding == "base64" else plain


@given(PLAIN, PLAIN, st.sampled_from(["8bit", "quoted-printable", "base64"]), st.data())
def test_the_decoded_body_changes_as_told(plain, new, encoding, data):
    encoded = encode(plain, encoding)
    assert decoded(encoded, encoding) == plain
    start = data.draw(st.integers(0, len(plain)))
    end = data.draw(st.integers(start, len(plain)))
    if encoding == "quoted-printable":
        new = new.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    cut = rewritten(encoded, encoding, plain, Cut(start, end, new), b"\r\n")
    if cut is None:  # the place lies between the two octets of a line end
        assert encoding == "quoted-printable" and (
            plain[start - 1 : start + 1] == b"\r\n" or plain[end - 1 : end + 1] == b"\r\n"
        )
        return
    assert decoded(joined(splice(encoded, [cut])), encoding) == plain[:start] + new + plain[end:]


@given(
    st.sampled_from(
        [b"x" * 76, b"x" * 73 + b"=3D", b"x" * 75 + b" ", b"x" * 75, b"x" * 72 + b"=20=20", b"=3D" * 25]
    ),
    st.sampled_from([b"", b"\r\nmore=20words", b"\r\n", b"=\r\nmore"]),
    st.sampled_from([b"new", b"\r\nnew", b"n" * 200, b"\r\nnew\r\n", b"\n", b"new\r\n"]),
)
def test_no_line_of_quoted_printable_grows_beyond_76(line, rest, new):
    encoded = line + rest
    plain, at = binascii.a2b_qp(encoded), len(binascii.a2b_qp(line))
    cut = rewritten(encoded, "quoted-printable", plain, Cut(at, at, new), b"\r\n")
    assert cut is not None
    whole = joined(splice(encoded, [cut]))
    assert binascii.a2b_qp(whole) == plain[:at] + new + plain[at:]
    longest = max(map(len, encoded.split(b"\r\n")))
    assert max(map(len, whole.split(b"\r\n"))) <= max(76, longest) and b" \r\n" not in whole


@pytest.mark.parametrize("line", [b"x" * 75 + b"\r", b"x" * 73 + b"=zz"])
def test_a_full_line_whose_end_nobody_would_write_stays_whole(line):
    plain = binascii.a2b_qp(line)
    cut = rewritten(line, "quoted-printable", plain, Cut(len(plain), len(plain), b"new"), b"\n")
    assert cut == Cut(len(line), len(line), b"=\nnew")


@given(PLAIN, PLAIN, st.data())
def test_base64_that_follows_stays_when_there_is_room(plain, new, data):
    encoded = encode(plain, "base64")
    at = data.draw(st.integers(0, len(plain)))
    new += b" " * base64_room(plain, at, len(new))
    cut = rewritten(encoded, "base64", plain, Cut(at, at, new), b"\r\n")
    assert cut is not None
    assert at > len(plain) - 3 or cut.end < len(encoded)


def test_cuts_that_overlap_are_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="overlap"):
        splice(b"abcdef", [Cut(0, 3, b"x"), Cut(2, 4, b"y")])


@pytest.mark.parametrize(
    ("encoded", "encoding", "plain", "cut"),
    [
        (
            b"=a=\r\n",
            "quoted-printable",
            b"=a",
            Cut(1, 2, b"new"),
        ),  # an escape that is none, and a soft break
        (b"YWJjYWJj", "base64", b"abcabc" + b"x" * 6, Cut(9, 9, b"new")),  # a place behind the end
    ],
)
def test_a_place_that_cannot_be_proven_is_none(encoded: bytes, encoding: str, plain: bytes, cut: Cut) -> None:
    assert rewritten(encoded, encoding, plain, cut, b"\r\n") is None


@pytest.mark.parametrize("line", [b"x" * 73 + b"=C3=A9", b"y" * 75 + b"=\r\nz" + b"x" * 73 + b"=C3"])
def test_a_full_line_that_ends_in_an_escape_is_broken_before_it(line: bytes) -> None:
    plain = decoded(line, "quoted-printable")
    assert plain is not None
    cut = rewritten(line, "quoted-printable", plain, Cut(len(plain), len(plain), b"new"), b"\r\n")
    assert cut is not None
    after = joined(splice(line, [cut]))
    assert decoded(after, "quoted-printable") == plain + b"new"
    assert b"=C3" in after and len(after.splitlines()[-1]) <= 76


@pytest.mark.parametrize("new", [b"n" * 76, b"n" * 73 + b"\xe9", b"n" * 72 + b"\xe9n"])
def test_what_is_put_in_ends_with_room_for_the_break_behind_it(new: bytes) -> None:
    cut = rewritten(b"ab", "quoted-printable", b"ab", Cut(1, 1, new), b"\r\n")
    assert cut is not None
    after = joined(splice(b"ab", [cut]))
    assert decoded(after, "quoted-printable") == b"a" + new + b"b"
    assert max(map(len, after.splitlines())) <= 76
