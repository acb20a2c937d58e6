"""Header fields are taken out and put in by splicing; no other byte moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import mime
from stationer.mime.fields import header_of, value_of

MAIL = (
    b"From: a@b.example\r\nBcc: x@y.example,\r\n\tz@y.example\r\nSubject: Hello\r\n there\r\nbcc : q@y.example\r\n"
    b"Message-ID: <1@b.example>\r\n\r\nBcc: not a field\r\n"
)


def test_bcc_is_stripped_with_all_its_continuation_lines():
    stripped = mime.without_headers(MAIL, frozenset({"Bcc"}))
    assert stripped == (
        b"From: a@b.example\r\nSubject: Hello\r\n there\r\nMessage-ID: <1@b.example>\r\n\r\nBcc: not a field\r\n"
    )


def test_a_mail_without_the_field_is_the_same_object():
    assert mime.without_headers(MAIL, frozenset({"X-None"})) is MAIL


def test_values_are_unfolded():
    assert mime.header_values(MAIL, "Subject") == [b"Hello there"]
    assert mime.header_values(MAIL, "BCC") == [b"x@y.example,\tz@y.example", b"q@y.example"]


def test_the_message_id_keeps_its_brackets():
    assert mime.message_id(MAIL) == "<1@b.example>"
    assert mime.message_id(b"Message-ID: none\n\n") is None


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_new_header_takes_the_mails_line_ends(end):
    mail = b"From: a@b.example" + end + end + b"words"
    assert mime.with_header(mail, "X-New", "one\n two") == b"X-New: one" + end + b" two" + end + mail


def test_a_new_header_goes_below_an_envelope_line():
    mail = b"From alice Mon Nov  2\nFrom: a@b.example\n\nwords"
    assert mime.with_header(mail, "X", "y").startswith(b"From alice Mon Nov  2\nX: y\nFrom:")


@pytest.mark.parametrize(
    "first", [b"From : a@b.example\n", b"From \t: a@b.example\n", b"FROM :a@b.example\n"]
)
def test_a_field_with_white_space_before_its_colon_is_no_envelope_line(first):
    mail = first + b"To: c@d.example\n\nwords"
    assert mime.header_values(mail, "From") == [b"a@b.example"]
    assert mime.read(mail).root.value(b"from") == b"a@b.example"
    assert mime.with_header(mail, "X", "y") == b"X: y\n" + mail


@pytest.mark.parametrize("value", ["a\r\nBcc: evil@x.example", "a\nBcc: b", "a\0b", "a\n"])
def test_a_value_that_would_start_another_field_is_refused(value):
    with pytest.raises(ValueError, match="not one header field"):
        mime.with_header(MAIL, "X", value)


@given(st.binary(max_size=300))
def test_what_is_put_on_top_is_taken_out_again(data):
    mail = b"From: a@b.example\n" + data
    assert (
        mime.without_headers(mime.with_header(mail, "X-Stationer", "v"), frozenset({"x-stationer"})) == mail
    )


HEADER_PIECES = st.sampled_from(
    [
        b"From: a@b.example", b"Subject : x", b"Content-Type: text/html", b"X-1:", b"\r\n", b"\n", b"\r", b"\r\r\n", b" folded",
        b"\t", b">From: x", b"From a@b Mon", b"--b: c", b"no colon", b"two words: x", b":", b"\x00", b"\xe9", b"subject: y",
    ]
)  # fmt: skip


@given(st.lists(HEADER_PIECES, max_size=14).map(b"".join))
def test_a_header_read_at_once_is_the_header_read_field_by_field(mail: bytes) -> None:
    root, header = mime.read(mail).root, header_of(mail, 0)
    values: dict[bytes, bytes] = {}
    for field in header.fields:
        values.setdefault(field.name, value_of(mail, field))
    assert root.body == header.body
    assert {name: root.value(name) for name in root.values} == values
    assert root.fields == header.fields
    assert root.repeats == (len(values) < len(header.fields))
    assert root.closed == (header.closed and header.body > 0)


def test_a_header_of_too_many_fields_is_read_as_far_as_the_limit() -> None:
    mail = mime.read(b"X-1: a\n" * 2_500 + b"\nwords\n")
    assert "header-limit" in mail.problems and len(mail.root.fields) == 2_001


@pytest.mark.parametrize(("line", "closed"), [(b"words", True), (b"two words: x", False), (b"a\nb: c", True)])
def test_a_line_of_white_space_closes_a_header_unless_what_follows_might_be_one_of_its_lines(
    line: bytes, closed: bool
) -> None:
    assert header_of(b"Subject: x\n \n" + line, 0).closed is closed


def test_a_run_of_carriage_returns_in_a_folded_value_is_read_in_a_few_goes():
    """Read again from each of them it would take minutes: the run's own limit of time ends that."""
    run = b"\r" * 400_000
    mail = b"X: a" + run + b"b" + run + b"\n c\n\n"
    assert mime.header_values(mail, "x") == [b"a" + run + b"b c"]
