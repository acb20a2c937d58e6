"""A stamped mail that a relay or a program took our header from is stamped again; and nothing stands in it twice."""

from __future__ import annotations

import base64

import pytest

from stationer import mime
from stationer.stamp import Block, Order, Stamped, Unstamped, Untouched, stamp, unstamp
from tests.stamp.laws import PICTURED, RICH, decoded_texts

ALICE = Order("s1", (Block("signature", "<p>Alice Winter</p>", "Alice Winter\nWinter & Partner"),))
BOB = Order("s2", (Block("signature", "<p>Bob</p>", "Bob Sommer"),))
BANNER = Order("s3", (*ALICE.blocks, Block("banner", "<p>Fair</p>", "")))
QUOTE = "\n-----Original Message-----\nFrom: C\nSent: M\nTo: A\nSubject: V\n\nAlice Winter\nWinter & Partner\n\nold\n"
TEXTS = [
    "Hello\n",
    "",
    "Hello",
    "Hello\n\n\n",
    "> q\n\nHello\n",
    "Hello\n" + QUOTE,
    "Alice Winter\nWinter & Partner\n",
]


def alone(text: str, encoding: str = "7bit", more: str = "") -> bytes:
    head = f"From: a@b.example\nContent-Type: text/plain; charset=utf-8{more}\n"
    held = base64.encodebytes(text.encode()) if encoding == "base64" else text.encode()
    return head.encode() + f"Content-Transfer-Encoding: {encoding}\n\n".encode() + held


def twins(text: str) -> bytes:
    return (
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        f"{text}\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n"
    ).encode()


def bare(mail: bytes, order: Order = ALICE) -> bytes:
    answer = stamp(mail, order)
    assert isinstance(answer, Stamped)
    return mime.without_headers(answer.bytes(), frozenset({"Stationer-Stamp"}))


def again(mail: bytes, order: Order = ALICE) -> bytes:
    answer = stamp(mail, order)
    assert isinstance(answer, Stamped)
    return answer.bytes()


def text_of(mail: bytes) -> str:
    (text,) = decoded_texts(mail, "text/plain")
    return text


@pytest.mark.parametrize("order", [ALICE, RICH, PICTURED], ids=lambda order: order.name)
@pytest.mark.parametrize("text", TEXTS)
def test_the_same_order_is_replaced_whole_where_a_marker_tells_of_it(text, order):
    mail = twins(text)
    assert text_of(again(bare(mail, order), order)) == text_of(bare(mail, order))
    taken = unstamp(again(bare(mail, order), order))
    assert isinstance(taken, Unstamped) and text_of(taken.bytes()) == text_of(mail)


@pytest.mark.parametrize("text", TEXTS)
def test_another_order_with_the_same_text_replaces_both(text):
    assert again(bare(twins(text)), BANNER) == again(twins(text), BANNER)


@pytest.mark.parametrize("text", TEXTS)
def test_of_another_order_the_html_is_replaced_and_the_text_stays_as_it_is(text):
    lost = bare(twins(text))
    result = again(lost, BOB)
    assert text_of(result) == text_of(lost)
    assert decoded_texts(result, "text/html") == decoded_texts(again(twins(text), BOB), "text/html")
    assert unstamp(result).bytes() == unstamp(lost).bytes()


def test_an_order_with_nothing_but_text_leaves_such_a_mail_alone():
    only = Order("t", (Block("signature", "", "Bob"),))
    assert stamp(bare(twins("Hello\n")), only) == Untouched("no-body")


@pytest.mark.parametrize("order", [ALICE, RICH], ids=lambda order: order.name)
@pytest.mark.parametrize("encoding", ["7bit", "base64"])
@pytest.mark.parametrize("more", ["", "; format=flowed"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_same_text_is_not_put_into_a_text_mail_twice(text, encoding, more, order):
    lost = bare(alone(text, encoding, more), order)
    result = again(lost, order)
    assert text_of(result) == text_of(lost)
    assert unstamp(result).bytes() == lost and again(result, order) == result


@pytest.mark.parametrize("order", [ALICE, RICH], ids=lambda order: order.name)
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("more", ["", "; format=flowed"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n"])
def test_nor_into_an_empty_part_whose_delimiter_follows_at_once(end, more, encoding, order):
    head = f"Content-Type: text/plain; charset=utf-8{more}\nContent-Transfer-Encoding: {encoding}\n"
    mail = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{head}\n--b--\n".encode()
    lost = bare(mail.replace(b"\n", end), order)
    assert text_of(again(lost, order)) == text_of(lost) and unstamp(again(lost, order)).bytes() == lost


@pytest.mark.parametrize("key", [b"k", b"other", None])
def test_a_text_that_was_left_is_left_again_whatever_the_key(key):
    lost = bare(twins("Hello\n"))
    once = stamp(lost, BOB, key=b"k")
    assert isinstance(once, Stamped)
    twice = stamp(once.bytes(), BANNER, key=key)
    assert isinstance(twice, Stamped) and text_of(twice.bytes()) == text_of(lost)
    assert decoded_texts(unstamp(twice.bytes(), key=key).bytes(), "text/html") == ["<p>Hello</p>"]


def test_the_text_of_another_order_cannot_be_told_from_the_author_s():
    assert (
        text_of(again(bare(alone("Hello\n")), BOB))
        == "Hello\n\nAlice Winter\nWinter & Partner\n\nBob Sommer\n"
    )


@pytest.mark.parametrize(
    "text", ["Alice Winter\nWinter & Partner\n\nHello\n", "Alice Winter\nWinter & Partner, Ltd\n"]
)
def test_the_same_words_elsewhere_are_the_author_s(text):
    assert text_of(again(alone(text))).count("Alice Winter") == 2


def test_words_that_stand_there_very_often_cost_no_time():
    text = "Alice Winter\nWinter & Partner\n\n" * 3_000 + "Hello\n"
    assert text_of(again(alone(text))).count("Alice Winter") == 3_001


def test_what_looks_like_an_edited_block_of_ours_holds_also_behind_a_record_that_is_spent() -> None:
    """The record of the text is spent, and what the HTML says stays to be judged: as in the mail before it."""
    before = twins("Hello").replace(b"<p>Hello</p>", b"<v id=stationer-a-top-aaaaaaaa-aaaaaaaaaaaaaaaa>Hello")
    text = Order("t", (Block("signature", "", "Alice Winter"),))
    once = stamp(twins("Hello"), text)
    assert isinstance(once, Stamped)
    forged = once.bytes().replace(b"<p>Hello</p>", b"<v id=stationer-a-top-aaaaaaaa-aaaaaaaaaaaaaaaa>Hello")
    taken = unstamp(forged)
    assert isinstance(taken, Unstamped) and taken.exact and taken.bytes() == before
    assert stamp(before, BOB) == stamp(forged, BOB) == Untouched("edited-block")
