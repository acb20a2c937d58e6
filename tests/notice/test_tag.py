"""A mail that asks to be sealed, and its subject without the tag (contract/notice.md §1)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.mime import header_values, joined, splice
from stationer.notice import asks_for_seal, untagged
from stationer.notice.plain import one_line, text_of_value, words_of
from stationer.notice.tag import encoded_words
from tests.notice.made import mail

TAG = "[secure]"


def without(subject: bytes, tag: str = TAG) -> bytes:
    """The Subject field's value without the tag, as it stands."""
    whole = b"Subject:" + subject
    return joined(splice(whole, untagged(whole, tag)))[8:]


def subject_of(mail: bytes) -> str:
    """What its subject says."""
    return words_of(text_of_value(header_values(mail, "subject")[0]))


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
        (b"[secure]a", b"a"), (b" [secure]\n b\n", b" b\n"), (b" a\r\n\t[secure]\r\n", b" a\r\n"), (b" [secure]\r\n", b"\r\n"),
        (b" =?utf-8?Q?Gr=C3=BC=C3=9Fe?= [secure] [secure]", b" =?utf-8?Q?Gr=C3=BC=C3=9Fe?= [secure]"),
        (b" =?utf-8?Q?a_[secure]?=\r\n", b" =?utf-8?B?YQ==?=\r\n"), (b" =?utf-8?Q?[secure]?=\r\n", b"\r\n"),
        (b"\r\n [secure]\r\n", b"\r\n"), (b"\r\n\t[secure] \r\n \r\n", b"\r\n"), (b" a [secure]\n \n", b" a\n"), (b"[secure]", b""),
        (b"\r\n =?utf-8?Q?[secure]?=\r\n", b"\r\n"), (b"\r\n [secure]\r\n a\r\n", b"\r\n a\r\n"),
        (b" [=?utf-8?Q?secure?=] x\r\n", b" =?utf-8?B?eA==?=\r\n"), (b" [=?utf-8?Q?secure?=]\r\n \r\n", b"\r\n"),
        (b" [=?utf-8?Q?secure?=] x [secure]\n", b" =?utf-8?B?eCBbc2VjdXJlXQ==?=\n"),
        (b" =?utf-8?Q?a?= [secure] =?utf-8?Q?b?=\r\n", b" =?utf-8?B?YSBi?=\r\n"),
        (b" =?utf-8?Q?a?= b =?utf-8?Q?[secure]c?=", b" =?utf-8?Q?a?= b =?utf-8?B?Yw==?="),
        (b" nothing\r\n", b" nothing\r\n"), (b" =?utf-8?Q?nothing?=", b" =?utf-8?Q?nothing?="),
    ],
)  # fmt: skip
def test_the_first_tag_goes_with_the_white_space_behind_it(written, left):
    assert without(written) == left


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (" [VERTRÄGE] é a\r\n".encode(), " é a\r\n".encode()), (" é [vertrÄge]\r\n".encode(), " é\r\n".encode()),
        (" é [VERTRÄGE] a".encode("latin-1"), " é a".encode("latin-1")), (b" =?utf-8?Q?[VERTR=C3=84GE]_a?=", b" =?utf-8?B?YQ==?="),
    ],
)  # fmt: skip
def test_a_tag_that_is_not_ascii_is_found_and_goes_in_any_case(written, left):
    assert asks_for_seal(b"Subject:" + written, "[Verträge]")
    assert without(written, "[Verträge]") == left


def test_a_tag_that_is_folded_goes_too():
    assert without(b" a [top\r\n secret] b\r\n", "[Top Secret]") == b" =?utf-8?B?YSBi?=\r\n"


@given(
    st.lists(
        st.sampled_from(
            [
                b" ",
                b"\r\n ",
                b"[secure]",
                b"[",
                b"=?utf-8?Q?secure?=",
                b"]",
                b"a",
                "É".encode(),
                b"=?utf-8?B?W1NFQw==?=",
                b"\xff",
            ]
        ),
        max_size=12,
    )
)
def test_no_mail_that_asks_keeps_its_tag_and_none_gets_a_line_of_white_space(pieces):
    whole = b"Subject:" + b"".join(pieces).rstrip() + b"\r\n"
    left = joined(splice(whole, untagged(whole, TAG)))
    said = subject_of(whole)
    assert asks_for_seal(whole, TAG) is (TAG in said) is (left != whole)
    if TAG in said:
        head, _, tail = said.partition(TAG)
        said = head + tail.lstrip() if tail.strip() else head.rstrip()
    assert one_line(subject_of(left)) == one_line(said)
    white = re.compile(rb"\n[ \t]+(?=\r?\n)")
    assert len(white.findall(left)) <= len(white.findall(whole))


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
