"""Reading is total: the spans tile any input, limits hold, and nothing behind a text part slows it down."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer import mime
from tests.stamp.laws import CORPORA, MAILS
from tests.stamp.made import mails

PATHS = sorted(MAILS.glob("*.eml")) + (sorted(CORPORA.glob("*/*.eml")) if CORPORA.is_dir() else [])
PIECES = (
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\n", b"--b\n", b"--b--\n",
    b"--b", b"\n", b"\r\n", b"\r", b"x", b" folded\n", b"From x\n", b">From y\n", b"a: b\n", b"--", b"\0",
    b"Content-Transfer-Encoding: base64\n", b"QUJD\n", b"Content-Type: multipart/digest; boundary=b\n",
)  # fmt: skip


def check_tiles(data: bytes) -> mime.Mail:
    seen = mime.read(data)
    assert b"".join(data[span.start : span.end] for span in seen.spans) == data
    for part in seen.parts:
        assert 0 <= part.start <= part.body <= part.end <= len(data)
    return seen


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_spans_of_a_real_mail_are_the_mail(path):
    check_tiles(path.read_bytes())


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.binary(), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), mails()))
def test_the_spans_of_anything_are_the_input(data):
    check_tiles(data)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_a_view_reads_like_bytes(data):
    assert mime.read(memoryview(data)).spans == mime.read(data).spans


def nested(depth: int) -> bytes:
    data = b"From: a@b.example\n"
    for level in range(depth):
        data += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
    return data + b"Content-Type: text/plain\n\nwords\n"


def test_parts_are_numbered_as_imap_numbers_them():
    seen = mime.read(nested(2) + b"--b1\n\nmore\n--b1--\n--b0\nContent-Type: text/html\n\n<p>\n--b0--\n")
    assert [part.path for part in seen.parts] == ["", "1", "1.1", "1.2", "2"]
    assert mime.read(b"From: a@b.example\n\nwords").root.path == "1"


def test_a_part_ends_before_the_line_end_of_its_delimiter():
    part = mime.read(nested(1) + b"\n--b0--\n").part("1")
    assert part is not None and part.encoded == b"words\n"


def test_a_mail_nested_too_deep_is_read_to_the_limit():
    assert "depth-limit" in check_tiles(nested(100)).problems
    assert not check_tiles(nested(50)).problems


def test_a_mail_of_too_many_parts_is_read_to_the_limit():
    seen = check_tiles(nested(1) + b"--b0\n\nx\n" * 3000)
    assert "part-limit" in seen.problems and len(seen.parts) <= 2001


def test_a_message_inside_is_never_entered():
    inner = b"From: c@d.example\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\nhidden\n--in--\n"
    seen = mime.read(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        + inner
        + b"--b--"
    )
    assert [part.type for part in seen.parts] == ["multipart/mixed", "message/rfc822"]


def test_an_inner_boundary_that_begins_like_the_outer_one_is_told_apart():
    data = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--\n"
    assert [part.path for part in mime.read(data).parts] == ["", "1", "1.1", "2"]


def test_two_open_multiparts_with_one_boundary_are_ambiguous():
    data = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n"
    assert "ambiguous" in mime.read(data).problems


def test_lines_of_hyphens_do_not_hide_a_delimiter():
    seen = mime.read(nested(1) + b"--x\n" * 1000 + b"--b0\n\nlast\n--b0--\n")
    assert [part.path for part in seen.parts] == ["", "1", "2"]


def test_hyphens_in_base64_do_not_hide_a_delimiter():
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: base64\n\n"
    seen = mime.read(head + b"QUJD-\n" * 1000 + b"--b\n\nlast\n--b--\n")
    assert len(seen.parts) == 3


def test_a_last_line_that_is_longer_than_any_delimiter_is_none() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b"
    seen = mime.read(head + b" " * 2_000)
    assert [part.path for part in seen.parts] == ["", "1"]


def test_a_header_that_was_read_before_gives_fields_where_they_are_now() -> None:
    part = b"Content-Type: text/plain\nX-Of-Its-Own: 1\n\nwords\n"
    data = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + part + b"--b\n" + part + b"--b--\n"
    for at in mime.read(data).parts[1:]:
        assert [data[field.start : field.end] for field in at.fields] == [
            b"Content-Type: text/plain\n",
            b"X-Of-Its-Own: 1\n",
        ]


def test_a_part_and_all_below_it_come_in_the_order_of_the_mail() -> None:
    seen = mime.read(nested(3))
    assert seen.root.walk() == list(seen.parts)
