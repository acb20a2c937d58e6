"""A block stands for itself, whatever it is made of."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.stamp import Block, Order, Stamped, Unstamped, stamp, unstamp
from stationer.stamp.whole import clean, whole
from tests.stamp.laws import PLAIN, check_laws
from tests.stamp.made import mails, orders

MAIL = b"From: a@b.example\nContent-Type: text/html\n\n<html><body><p>mine</p></body></html>\n"
PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<table>", "<tr><td>", "</td>", "</table>", "<!--",
     "-->", "<!-->", "--!>", "<a href=\"x\">", "</a>", "<a href='", '"', "'", "<", "</", ">", "<br>", "<br/>", "<style>",
     "</style>", "<script>", "</script>", "<textarea>", "<plaintext>", "<html>", "<body>", "</body>", "</html>", "words",
     "é", "\0", "\x85", "\ud800", "\u202e", "&amp", "&", "<svg><path/></svg>", "<![if !mso]>", "<![endif]>", "<?x", "\n",
     "stationer-a-top-aaaaaaaa-aaaaaaaaaaaaaaaa", "<li>", "</li>", "<title>", "<base href=x>", "<!doctype html>"]
)  # fmt: skip
HTML = st.lists(PIECES, max_size=14).map("".join)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Alice</p>",
        "<p>one<p>two",
        "<ul><li>one<li>two</ul>",
        "<table><tr><td>one<td>two</table>",
        "<!--[if mso]><table><tr><td><![endif]--><div>x</div><!--[if mso]></td></tr></table><![endif]-->",
        "<![if !mso]><b>x</b><![endif]>",
        '<v:rect style="width:1pt" /><o:p>&nbsp;</o:p>',
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
        '<a title="a > b" href=x>y</a><br/><img src="a.png" alt="<b>">',
        "5 > 3 &amp; <b>é</b>",
        "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
        "<!--[if gte mso 9]><!---><p>x</p><!--<![endif]-->",
    ],
)
def test_html_that_is_in_order_stays_as_it_is(html):
    assert whole(html) == html


@pytest.mark.parametrize(
    ("html", "meant"),
    [
        ("<div><b>x", "<div><b>x</b></div>"),
        ("</div></body>x</p>", "x"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("<table><tr><td>x", "<table><tr><td>x</table>"),
        ("<div><table><tr><td>x</div>y</table></div>", "<div><table><tr><td>xy</table></div>"),
        ("<!doctype html><html><head><meta charset=x></head><body><p>x</p></body></html>", "<p>x</p>"),
        ("x<!-- y", "x<!-- y-->"),
        ("x<!--> y", "x y"),
        ("x<!---> y", "x y"),
        ("x<!-- a --!> y", "x<!-- a --> y"),
        ("x<!-- a <!--> y", "x<!-- a <!--> y"),
        ("x</ b> y", "x&lt;/ b> y"),
        ("<style>a{}</styles>", "<style>a{}</styles></style>"),
        ("a < b </ c", "a &lt; b &lt;/ c"),
        ('x<a href="y', "x"),
        ("<a title=it's>x</a>", "x"),
        ("<plaintext>x", "x"),
        ("<style>b{}", "<style>b{}</style>"),
        ("<?x", ""),
        ("x\0\x85\ufdd0\ud800", "x\ufffd"),
    ],
)
def test_html_that_is_not_in_order_is_put_in_order(html, meant):
    assert whole(html) == meant


@given(HTML)
def test_putting_in_order_is_done_once(html):
    assert whole(whole(html)) == whole(html)


class Depth(HTMLParser):
    """Another parser's opinion: how deep it is at the end, and whether it was ever above where it began."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.least = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag == "div"

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "div"
        self.least = min(self.depth, self.least)


@given(HTML.filter(lambda html: not any(hidden in html for hidden in ("<![", "<textarea", "<title"))))
def test_another_parser_finds_as_many_ends_as_beginnings(html):
    parser = Depth()
    parser.feed(whole(html))
    parser.close()
    assert parser.depth == 0 and parser.least == 0


@settings(max_examples=150, deadline=None)
@given(HTML, st.text(max_size=20))
def test_a_block_of_any_html_is_stamped_replaced_and_taken_out_whole(html, text):
    order = Order("odd", (Block("signature", html, text), Block("top", text, html)))
    answer = stamp(MAIL, order)
    if not isinstance(answer, Stamped):
        assert not any(block.html.strip() for block in order.blocks)
        return
    stamped = answer.bytes()
    again, other = stamp(stamped, order), stamp(stamped, PLAIN)
    assert isinstance(again, Stamped) and again.bytes() == stamped
    assert isinstance(other, Stamped) and other.bytes() == stamp(MAIL, PLAIN).bytes()  # type: ignore[union-attr]
    bare = stamped[stamped.index(b"From:") :]
    taken = unstamp(bare)
    assert isinstance(taken, Unstamped) and taken.bytes() == MAIL


@settings(max_examples=100, deadline=None)
@given(mails(), orders())
def test_any_order_keeps_every_law_on_any_mail(mail, order):
    check_laws(mail, order)


def test_a_block_of_a_megabyte_is_stamped_and_taken_out():
    order = Order(
        "big", (Block("footer", "<p>" + "wide é " * 150_000 + "</p>" + "<b>" * 5_000, "é wide " * 150_000),)
    )
    check_laws(MAIL, order)
    check_laws(b"From: a@b.example\n\nwords\n", order)


def test_a_great_many_open_elements_take_no_longer_for_it():
    assert whole("<p><table>" + "<b>" * 100_000 + "</p>" * 100_000).count("</b>") == 100_000


def test_text_is_cleaned():
    assert clean("a\tb\r\nc\x00\x0c\udc80\uffff\u202e") == "a\tb\r\nc\ufffd\u202e"


@pytest.mark.parametrize("html", ["<p>--b</p>\n--b--\n", "<p>x</p>\n--b\n"])
def test_a_block_that_holds_the_mails_own_delimiter_is_not_put_in(html):
    mail = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>\n--b--\n"
    assert not isinstance(stamp(mail, Order("x", (Block("top", html, ""),))), Stamped)
    assert isinstance(stamp(mail, PLAIN), Stamped)
