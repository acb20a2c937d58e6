"""Addresses come out of any header that a mail program writes; none comes out that could become a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import mime
from stationer.mime.addresses import MOST_ADDRESSES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.example", ["a@b.example"]),
        ('Alice <a@b.example>, "Bob, B. <x@y>" <b@c.example>', ["a@b.example", "b@c.example"]),
        ("undisclosed-recipients:;", []),
        ("team: x@y.example, Q <q@r.example>;, z@z.example", ["x@y.example", "q@r.example", "z@z.example"]),
        ("<@relay.example,@b:u@c.example>", ["u@c.example"]),
        ("a@b.example (Al (nested) ice)", ["a@b.example"]),
        ('"john doe"@x.example', ['"john doe"@x.example']),
        ("joe . blow @ x . example", ["joe.blow@x.example"]),
        ("x@[127.0.0.1]", ["x@[127.0.0.1]"]),
        ("Пётр <пётр@пример.example>", ["пётр@пример.example"]),
        ("Foo <foo@bar.example", ["foo@bar.example"]),
        (",, a@b.example ,;", ["a@b.example"]),
        ("a@b.example <real@c.example>", ["real@c.example"]),
    ],
)
def test_address_lists_are_read_tolerantly(text, found):
    assert mime.addresses(text) == found


def test_the_envelope_names_everyone():
    mail = (
        "From: A <a@b.example>\nTo: B <b@c.example>,\n c@d.example\nCc: E <e@f.example>\nBcc: g@h.example\n\n"
    )
    assert mime.envelope(mail.encode()) == (
        "a@b.example", ("b@c.example", "c@d.example"), ("e@f.example",), ("g@h.example",), ()
    )  # fmt: skip


def test_of_several_authors_the_sender_counts():
    mail = b"From: a@b.example, c@d.example\nSender: s@b.example\nTo: t@u.example\n\n"
    assert mime.envelope(mail).sender == "s@b.example"


def test_a_mail_without_from_has_no_sender():
    assert mime.envelope(b"To: a@b.example\n\n").sender is None


@pytest.mark.parametrize(
    "raw", [b"To: <a\0b@c.example>", b"To: a\x01@b.example", b"To: <a@b.example\x7f>", b"To: a\rb@c.example"]
)
def test_an_address_with_a_control_character_is_named_and_left_out(raw):
    seen = mime.envelope(b"From: x@y.example\n" + raw + b"\n\n")
    assert seen.to == () and len(seen.problems) == 1


@pytest.mark.parametrize(
    "raw", ["alice", "a b@c.example", "@c.example", "a@", "a@b..c", "x" * 400 + "@c.example"]
)
def test_what_is_no_address_is_named_and_left_out(raw):
    seen = mime.envelope(f"From: x@y.example\nTo: {raw}\n\n".encode())
    assert seen.to == () and len(seen.problems) == 1


@given(st.binary(max_size=200))
def test_no_address_ever_holds_a_control_character_or_a_line_end(data):
    seen = mime.envelope(b"From: a@b.example\nTo: " + data + b"\n\n")
    for address in (*seen.to, *seen.cc, *seen.bcc, *([seen.sender] if seen.sender else [])):
        assert address.isprintable() or not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in address)
        assert "@" in address


def test_a_list_without_end_is_read_to_its_limit() -> None:
    assert len(mime.addresses("a@b.example," * (MOST_ADDRESSES + 5))) == MOST_ADDRESSES


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("a . b @ c . example", "a.b@c.example"),
        ("a\t .\n b@c  .  @ . example", "a.b@c.@.example"),
        ("team: a@b.example: c@d.example", "a@b.example:c@d.example"),
        ("a@b.example, team: c@d.example;", "c@d.example"),
    ],
)
def test_white_space_round_dots_and_at_signs_goes_and_a_group_is_named_before_an_address(raw, found):
    assert mime.addresses(raw)[-1].replace(" ", "") == found
