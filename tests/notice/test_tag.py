"""A mail that asks to be sealed, and its subject without the tag (contract/notice.md §1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.mime import header_values, joined, splice
from stationer.notice import asks_for_seal, untagged
from stationer.notice.plain import words_of
from stationer.notice.tag import encoded_words
from tests.notice.made import mail

TAG = "[secure]"


def without(subject: bytes, tag: str = TAG) -> bytes:
    """The Subject field's value without the tag, as it stands."""
    whole = b"Subject:" + subject
    return joined(splice(whole, untagged(whole, tag)))[8:]


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        (["Subject: [secure] Results"], True), (["Subject: Re: [SECURE] Results"], True),
        (["Subject: =?utf-8?Q?=5Bsecure=5D_Gr=C3=BC=C3=9Fe?="], True), (["Stationer-Seal: yes"], True),
        (["Stationer-Seal:  YES "], True), (["Stationer-Seal: no"], False), (["Subject: secure"], False), (["To: [secure]"], False),
    ],
)  # fmt: skip
def test_a_mail_asks_by_its_field_or_by_its_subject(fields, asks):
    assert asks_for_seal(mail(*fields), TAG) is asks


def test_without_a_tag_only_the_field_asks():
    assert not asks_for_seal(mail("Subject: [secure] a"), " ")
    assert asks_for_seal(mail("Subject: a", "Stationer-Seal: yes"), "")
    assert untagged(mail("Subject: a"), "") == []


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (b" [secure] a\r\n", b" a\r\n"), (b" a [Secure]\r\n", b" a\r\n"), (b" a [secure] b", b" a b"),
        (b"[secure]a", b"a"), (b" [secure]\n b\n", b" b\n"), (b" a\r\n\t[secure]\r\n", b" a\r\n"), (b" [secure]\r\n", b" \r\n"),
        (b" =?utf-8?Q?Gr=C3=BC=C3=9Fe?= [secure] [secure]", b" =?utf-8?Q?Gr=C3=BC=C3=9Fe?= [secure]"),
        (b" =?utf-8?Q?a_[secure]?=\r\n", b" =?utf-8?B?YQ==?=\r\n"), (b" =?utf-8?Q?[secure]?=\r\n", b" \r\n"),
        (b" nothing\r\n", b" nothing\r\n"), (b" =?utf-8?Q?nothing?=", b" =?utf-8?Q?nothing?="),
    ],
)  # fmt: skip
def test_the_first_tag_goes_with_the_white_space_behind_it(written, left):
    assert without(written) == left


def test_a_tag_inside_an_encoded_word_is_no_plain_one():
    assert without(b" =?utf-8?Q?x[secure]y?= z", "x[secure]y") == b" z"


@given(st.text(max_size=200))
def test_any_text_survives_as_encoded_words(text):
    held = text.encode("utf-8", "replace").decode()
    written = encoded_words(held, b"\r\n")
    assert words_of(written.decode("ascii")) == held
    assert all(len(line) <= 76 for line in written.split(b"\r\n"))


@given(st.binary(max_size=200))
def test_any_subject_is_read_and_at_most_cut(octets):
    whole = b"Subject: " + octets
    left = joined(splice(whole, untagged(whole, TAG)))
    assert len(header_values(left, "subject")) == len(header_values(whole, "subject"))
