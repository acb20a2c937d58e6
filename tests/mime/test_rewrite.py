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
