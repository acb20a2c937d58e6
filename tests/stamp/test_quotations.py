"""A paragraph that the author indents, or words that they cite, are no quote of an earlier mail."""

from __future__ import annotations

import pytest

from stationer.stamp import boundary
from stationer.stamp.place import place_of
from stationer.stamp.reading import read_html

GMAIL = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>own words</div></blockquote>'
APPLE = '<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">own words</blockquote>'
FIREFOX = (
    '<blockquote style="margin: 0px 0px 0px 40px; border: medium none; padding: 0px;">own words</blockquote>'
)
BARE = "<blockquote><p>own words</p></blockquote>"
ON = "On 2 Nov 2026, at 17:15, Carol &lt;carol@sommer.example&gt; wrote:"
QUOTE = f'<blockquote type="cite">{ON}<br><br>Thursday?</blockquote>'


def html_mail(html: str, subject: str) -> bytes:
    return f"From: a@b.example\nSubject: {subject}\nContent-Type: text/html\n\n{html}".encode()


@pytest.mark.parametrize("subject", ["Terms", "Re: Terms"])
@pytest.mark.parametrize("indented", [GMAIL, APPLE, FIREFOX])
def test_an_indented_paragraph_is_the_author_s_own(indented, subject):
    html = f'<div dir="ltr"><div>My terms:</div>{indented}</div>'
    told = boundary(html_mail(html, subject))
    assert (told.kind, told.parts[0].char, told.parts[0].place) == ("new", None, len(html))


def test_in_a_mail_that_answers_none_a_bare_block_quotation_is_no_quote():
    html = f"<p>She says:</p>{BARE}"
    assert boundary(html_mail(html, "Terms")).kind == "new"
    assert boundary(html_mail(html, "Re: Terms")).kind == "reply"


@pytest.mark.parametrize("own", [GMAIL, APPLE, BARE])
@pytest.mark.parametrize("between", ["<div><br></div>", "<p>Alice</p>"])
def test_above_a_marked_quote_they_are_above_the_place(own, between):
    html = f"<div>my terms:</div>{own}{between}"
    reading = read_html(html + QUOTE)
    assert reading.found is not None and reading.found.offset == len(html)
    assert html.index("own words") < place_of(reading) <= len(html)


@pytest.mark.parametrize("own", [GMAIL, APPLE, BARE])
def test_below_a_marked_quote_they_are_part_of_the_answer(own):
    html = f'<div class="moz-cite-prefix">{ON}<br></div><blockquote type="cite">Thursday?</blockquote><p>Passt!</p>{own}'
    reading = read_html(html)
    assert [line.text for line in reading.after] == ["Passt!", "own words"]
    assert place_of(reading) == len(html)


@pytest.mark.parametrize(
    "bare",
    [
        f"<p>{ON}</p><blockquote>Thursday?</blockquote>",
        '<div class="gmail_quote"><blockquote>Thursday?</blockquote></div>',
        "<blockquote><p>Thursday?</p><blockquote>older</blockquote></blockquote>",
        '<blockquote><p>Thursday?</p><blockquote type="cite">older</blockquote></blockquote>',
    ],
)
def test_one_that_is_introduced_or_quotes_something_is_a_quote_beside_a_marked_one(bare):
    html = f"<p>{ON}</p><blockquote type=cite>Friday?</blockquote><p>Yes.</p>{bare}"
    reading = read_html(html)
    assert [line.text for line in reading.after] == ["Yes."]
    assert html[place_of(reading) :] == bare
