"""The element round a block: its own direction in mails of another, and its distance to what the author wrote."""

from __future__ import annotations

import pytest

from stationer.stamp import Block, Order, Stamped, Unstamped, stamp, unstamp
from tests.stamp.test_stamp import body_of, html, stamped

HEBREW, ARABIC, NAMELESS = (
    "<p>אליס וינטר</p>",
    "<p>7 · أليس</p>",
    '<img src="https://a.example/1.png" alt="Alice">',
)
REPLY = '<div>Yes.</div><div class="gmail_quote"><div class="gmail_attr">On Monday, Bob wrote:</div><blockquote>Old</blockquote></div>'


def element(block: str, mail: bytes, slot: str = "signature") -> str:
    """The start tag of our element in a stamped mail."""
    body = body_of(stamped(mail, Order("s1", (Block(slot, block, ""),)))).replace("\n", " ")
    return "<div id" + body.split("<div id", 1)[1].split(">")[0]


@pytest.mark.parametrize(
    ("block", "direction"),
    [("<p>Alice Winter</p>", "ltr"), ("<p>+44 20 7946 · Alice</p>", "ltr"), (HEBREW, "rtl"), (ARABIC, "rtl")],
)
def test_a_block_states_its_own_direction_whatever_the_mails_is(block: str, direction: str) -> None:
    for mail in (html('<body dir="rtl"><p>שלום</p></body>'), html("<p>Hello</p>")):
        assert f' dir="{direction}"' in element(block, mail)


@pytest.mark.parametrize("block", [NAMELESS, "<p>020 7946 0000</p>"])
def test_a_block_without_a_letter_states_none(block: str) -> None:
    assert " dir=" not in element(block, html("<p>Hello</p>"))


def test_a_tag_is_no_letter_and_a_reference_is() -> None:
    assert ' dir="rtl"' in element("<p title='Alice'>&#1488;&#1500;&#1497;&#1505;</p>", html("<p>Hello</p>"))


def test_the_first_block_keeps_its_distance_above_and_the_last_one_below() -> None:
    blocks = tuple(Block(slot, f"<p>{slot}</p>", "") for slot in ("top", "signature", "banner", "footer"))
    body = body_of(stamped(html(REPLY), Order("s1", blocks))).replace("\n", " ")
    styles = [piece.split(">")[0].partition('style="')[2].rstrip('"') for piece in body.split("<div id=")[1:]]
    assert styles == ["margin-bottom:16px", "margin-top:16px", "", "margin-bottom:16px"]


def test_a_block_alone_at_its_place_keeps_both() -> None:
    assert 'style="margin-top:16px;margin-bottom:16px"' in element("<p>Alice</p>", html(REPLY))


def test_it_is_taken_out_with_its_direction_and_its_distances() -> None:
    mail = html(REPLY)
    answer = stamp(mail, Order("s1", (Block("top", HEBREW, ""), Block("footer", "<p>Footer</p>", ""))))
    assert isinstance(answer, Stamped)
    back = unstamp(answer.bytes())
    assert isinstance(back, Unstamped)
    assert back.bytes() == mail
