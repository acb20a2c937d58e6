"""Where a block is shown, by a parser that builds what browsers build: behind the author's words whatever they left
open, and seen."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.stamp import Block, Order, Untouched, stamp, unstamp
from stationer.stamp.page import Page
from tests.stamp.laws import PLAIN, RICH, check_laws

ORDER = Order("shown", (Block("signature", "<p>Stationer</p>", "Stationer"),))
TOP = Order("shown", (Block("top", "<p>Stationer</p>", "Stationer"),))
#: What stands in these a reader does not see, or not before they unfold it.
UNSEEN = {
    "select", "datalist", "object", "video", "audio", "canvas", "iframe", "noembed", "noframes", "xmp", "plaintext", "head",
    "style", "script", "title", "textarea", "template",
}  # fmt: skip


def mail_of(html: str, subject: str = "V") -> bytes:
    return (
        f"From: a@b.example\nSubject: {subject}\nContent-Type: text/html; charset=utf-8\n\n{html}\n".encode()
    )


def put_in(html: str, order: Order = ORDER, subject: str = "V") -> str | None:
    """The HTML with the block; None where the mail is left."""
    mail = mail_of(html, subject)
    answer = stamp(mail, order)
    if isinstance(answer, Untouched):
        assert answer.reason == "unparseable"
        return None
    taken = unstamp(answer.bytes())
    assert taken.exact and taken.bytes() == mail
    return answer.bytes().partition(b"\n\n")[2].decode()


def shown(html: str) -> list[str]:
    """The words in the order in which they are shown; those that nobody sees in brackets."""
    found: list[str] = []

    def walk(element, unseen: bool) -> None:
        name = element.tag if isinstance(element.tag, str) else ""
        unseen = unseen or name in UNSEEN or (name in ("details", "dialog") and "open" not in element.attrib)
        found.extend(f"[{word}]" if unseen else word for word in (element.text or "").split() if name)
        for child in element:
            walk(child, unseen)
            found.extend(f"[{word}]" if unseen else word for word in (child.tail or "").split())

    walk(html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False), False)
    return found


LEFT_OPEN = {
    "a table": "<p>One</p><table><tr><td>two</td></tr>",
    "a table in a body": "<html><body><p>One</p><table><tr><td>two</td></tr></body></html>",
    "a table without cells": "<p>One</p><table>two",
    "a table whose last cell is empty": "<table><tr><td>One</td><td>&nbsp;</td></tr>",
    "a table with all its ends but its own": "<table><tbody><tr><th>One</th></tr></tbody>",
    "a table with a caption": "<table><caption>One</caption>",
    "a cell": "<table><tr><td>One",
    "a table in a table": "<table><tr><td><table><tr><td>One</td></tr></td></tr></table>",
    "two tables": "<table><tr><td>One</td></tr><table><tr><td>two</td></tr>",
    "a table with words straight in it": "<table><tr><td>One</td></tr><p>two</p>",
    "a table in a comment": "<!--[if mso]></table><![endif]--><table><tr><td>One</td></tr>",
    "a table whose end is in a comment": "<table><tr><td>One</td></tr><!--</table>-->",
    "a table whose end is in a menu": "<table><tr><td>One</td><td><select></table>",
    "a menu": "<p>One</p><select><option>",
    "a menu with words": "<p>One</p><select><option>two",
    "a menu in a cell": "<table><tr><td>One<select><option></td></tr></table>",
    "a menu that a field ends": "<p>One</p><select><input><p>two</p>",
    "a menu that another ends": "<p>One</p><select><option><select><p>two</p>",
    "a folded section": "<p>One</p><details><summary>two</summary>three",
    "a section that is unfolded": "<p>One</p><details open><summary>two</summary>three",
    "a dialogue": "<p>One</p><dialog>two",
    "a film": "<p>One</p><video><source src=a>",
    "a film with words": "<p>One</p><video>two",
    "an object in which a table ends": "<p>One</p><object><table><tr><td></object></table></object><p>two</p>",
    "an example": "<p>One</p><xmp><p>two</p>",
    "an example that ends": "<p>One</p><xmp><table></xmp><p>two</p>",
    "plain text": "<p>One</p><plaintext>two</plaintext>",
    "bold words": "<p><b>One</p><div>two</b> three",
    "a list": "<ul><li>One<li>two",
    "ends of nothing": "</table></td></div></select></details><p>One</p></details>",
    "cells of nothing": "<td>One</td><tr><td>two",
    "a form in a table": "<table><form><tr><td>One</td></tr></form>",
}


@pytest.mark.parametrize("html", LEFT_OPEN.values(), ids=LEFT_OPEN)
def test_whatever_an_author_left_open_the_block_is_seen_and_nothing_of_theirs_is_below_it(html):
    stamped = put_in(html)
    if stamped is None:
        assert any(name in html for name in ("<select", "<video", "<xmp", "<plaintext"))
        return
    words = shown(stamped)
    assert "Stationer" in words
    behind = words[words.index("Stationer") + 1 :]
    assert not behind or "<details" in html or "<dialog" in html
    assert [word for word in words if word != "Stationer"] == shown(html)


@pytest.mark.parametrize("kind", ["a menu with words", "a film with words", "an example", "plain text"])
def test_a_mail_whose_words_end_where_nothing_is_shown_is_left(kind):
    assert put_in(LEFT_OPEN[kind]) is None


@pytest.mark.parametrize(
    "html",
    [
        "<p>One</p><details><summary>Older</summary><blockquote type=cite>Two</blockquote></details>",
        "<table><tr><td>One</td></tr><tr class=protonmail_quote><td>Two</td></tr></table>",
        "<p>One</p><details class=opened><summary>Older</summary><div class=protonmail_quote>Two</div></details>",
    ],
)
def test_above_a_quote_the_block_is_neither_folded_away_nor_between_rows(html):
    words = shown(put_in(html, subject="Re: V"))
    assert words.index("One") < words.index("Stationer") < words.index(next(w for w in words if "Two" in w))


PIECES = st.sampled_from(
    [
        "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<tbody>", "</tbody>", "<caption>", "</caption>",
        "<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<span>", "</span>", "<details>", "</details>", "<ul><li>", "</ul>",
        "<!--c-->", "<br>", "&nbsp;", "<select><option>", "</select>", "<img src=a>", "<h1>", "</h1>", "<center>", "<a href=b>",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14), st.data())
def test_however_elements_are_left_open_words_keep_their_order_and_the_block_is_the_last_that_is_seen(
    pieces, data
):
    numbers = iter(range(100))
    said = "".join(piece + (f" w{next(numbers)} " if data.draw(st.booleans()) else "") for piece in pieces)
    html = f"<html><body>{said}</body></html>"
    stamped = put_in(html)
    if stamped is None:
        assert "<select" in html
        return
    words = shown(stamped)
    assert "Stationer" in words
    assert [word for word in words if word != "Stationer"] == shown(html)
    behind = [word for word in words[words.index("Stationer") + 1 :] if word[0] != "["]
    assert not behind or "<details" in html or "<select" in html


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=10), st.data())
def test_nor_does_a_block_above_a_quote_leave_words_of_the_author_s_below_it(pieces, data):
    numbers = iter(range(100))
    said = "".join(piece + (f" w{next(numbers)} " if data.draw(st.booleans()) else "") for piece in pieces)
    html = f"<html><body>{said}<div class=protonmail_quote>Old</div></body></html>"
    stamped = put_in(html, subject="Re: V")
    if stamped is None:
        assert "<select" in html
        return
    words = shown(stamped)
    assert "Stationer" in words
    assert [word for word in words if word != "Stationer"] == shown(html)
    behind = [word for word in words[words.index("Stationer") + 1 :] if word[0] != "["]
    assert all(word == "Old" for word in behind) or "<details" in html or "<select" in html


LINES = Order("lines", (Block("signature", "<p>One\ntwo</p>\n<p>three</p>", "One"),))


@pytest.mark.parametrize(
    ("html", "keeps"),
    [
        ("<pre>words\n\nof mine", True),
        ("<pre>words</pre>", True),
        ('<div style="WHITE-SPACE: pre-wrap">words', True),
        ("<style>.a { white-space : pre-line }</style><div class=a>words</div>", True),
        ("<listing>words", True),
        ('<body style="word-wrap: break-word; line-break: after-white-space">words', False),
        ('<td style="white-space: nowrap">words</td>', False),
        ("<style>.a { color: red }</style><p>words</p>", False),
        ("<p>words: white-space:pre</p>", False),
    ],
)
def test_the_line_ends_of_a_block_are_shown_nowhere(html, keeps):
    stamped = put_in(html, LINES)
    assert stamped is not None
    element = stamped[stamped.index("<div\nid=") :].partition(">")[0]
    assert ("white-space:normal" in element) is keeps
    check_laws(mail_of(html), LINES, PLAIN)


def test_a_page_is_asked_once_for_what_is_open_at_a_place():
    page = Page("<table><tr><td>One</td></tr>")
    assert page.settled(len(page.html)) == page.html.index("</td>")
    assert page.is_open_ground(page.html.index("</td>"))


def test_elements_nested_deeper_than_anybody_nests_them_are_not_searched():
    html = "<table><tr><td>One</td></tr>" + "<div>" * 200 + "</section>" + "</div>" * 150
    assert shown(put_in(html))[-1] == "Stationer"
    check_laws(mail_of("<object>" * 150 + "<b>" * 150 + "words" + "</object>"), RICH, PLAIN)


def test_an_unfolded_section_that_is_never_closed_shows_the_block_in_it():
    for mark in ("open", 'OPEN=""', "open='open' class=a"):
        words = shown(put_in(f"<p>One</p><details {mark}><summary>two</summary>three<table><tr><td>four"))
        assert words == ["One", "two", "three", "four", "Stationer"]


def test_of_tables_left_open_in_one_another_a_few_are_gone_through():
    html = "<p>One</p>" + "<table><tr><td>in" * 40
    check_laws(mail_of(html), RICH, PLAIN)
    put_in(html)
