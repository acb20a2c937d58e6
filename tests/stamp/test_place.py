"""Where a block goes in an answer among quoted lines: behind the author's last words, never between an attribution and
its quote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.stamp import Block, Order, Stamped, stamp
from stationer.stamp.place import place_of
from stationer.stamp.reading import read_html, read_text
from tests.stamp.laws import PLAIN, RICH, check_laws, decoded_texts

ON = "On Mon, Nov 2, 2026 at 5:15 PM Carol &lt;carol@sommer.example&gt; wrote:"
ON_TEXT = "On Mon, Nov 2, 2026 at 5:15 PM Carol <carol@sommer.example> wrote:"
QUOTED = '<blockquote type="cite"><p>Thursday?</p></blockquote>'
ANSWER = "<p>Thursday suits.</p>"
HEADERS = "<b>From:</b> Carol<br><b>Sent:</b> Monday<br><b>To:</b> Alice<br><b>Subject:</b> Visit<br><br>"

#: What may follow the author's last answer; the place is above all of it.
FOLLOWING = {
    "a quote": QUOTED,
    "its attribution in an element of its own": f"<p>{ON}</p>{QUOTED}",
    "its attribution as bare words": f"{ON}<br>{QUOTED}",
    "an attribution over two lines": f"<div>On Mon, Nov 2, 2026 at 5:15 PM Carol<br>&lt;carol@sommer.example&gt; wrote:</div>{QUOTED}",
    "Gmail's container": f'<div class="gmail_quote"><div class="gmail_attr">{ON}<br></div>{QUOTED}</div>',
    "Gmail's container in a language that is not known": f'<div class="gmail_quote"><div class="gmail_attr">Xyz Qwr 2.<br>Abc:</div>{QUOTED}</div>',
    "Thunderbird's prefix": f'<div class="moz-cite-prefix">Qwr 2. Xyz:<br></div>{QUOTED}',
    "a picture that is quoted": '<blockquote type="cite"><img src="cid:a"><p>Thursday?</p></blockquote>',
    "lines with a mark, then a block quotation": f"<p>&gt; Friday?</p>{QUOTED}",
    "a table that holds the quote": f"<table><tr><td>{QUOTED}</td></tr></table>",
    "an attribution in a table": f"<table><tr><td><p>{ON}</p></td></tr></table>{QUOTED}",
}


@pytest.mark.parametrize("following", FOLLOWING.values(), ids=FOLLOWING)
@pytest.mark.parametrize(
    "answer", [ANSWER, "<div>Thursday suits.</div>", "<div><br></div>Thursday suits.<br>"]
)
def test_a_block_goes_above_what_introduces_the_next_quote(answer, following):
    above = f"<html><body><p>{ON}</p>{QUOTED}{answer}"
    reading = read_html(f"{above}{following}</body></html>")
    assert reading.after
    place = place_of(reading)
    assert above.rindex("suits.") < place <= len(above)


def test_behind_the_last_answer_no_words_of_the_author_s_are_sought_in_what_is_quoted_without_marks():
    html = (
        f"<p>{ON}</p>{QUOTED}{ANSWER}<div id=divRplyFwdMsg>{HEADERS}</div><p>Old words of Carol.</p>{QUOTED}"
    )
    reading = read_html(html)
    assert [line.text for line in reading.after] == ["Thursday suits."]
    assert html[place_of(reading) :].startswith("<div id=divRplyFwdMsg>")


def test_nor_in_a_text():
    text = f"{ON_TEXT}\n> Thursday?\n\nThursday suits.\n\n-----Original Message-----\nFrom: Carol\nSent: M\nTo: A\nSubject: V\n\nOld words.\n> older\n"
    reading = read_text(text)
    assert [line.text for line in reading.after] == ["Thursday suits."]
    assert text[place_of(reading) :].startswith("\n-----Original")


def test_the_signature_of_an_answer_ends_above_an_attribution():
    text = f"{ON_TEXT}\n> Thursday?\n\nThursday suits.\n\n-- \nAlice\n\n{ON_TEXT}\n> Friday?\n"
    reading = read_text(text)
    assert text[place_of(reading) :].strip().startswith(ON_TEXT)


def test_a_quote_inside_the_author_s_signature_is_part_of_it():
    signature = '<div class="gmail_signature">Alice<blockquote>Carpe diem</blockquote></div>'
    html = f"<p>{ON}</p>{QUOTED}{ANSWER}{signature}<p>{ON}</p>{QUOTED}"
    assert html[place_of(read_html(html)) :] == f"<p>{ON}</p>{QUOTED}"


PIECES = st.sampled_from(
    [ANSWER, QUOTED, *FOLLOWING.values(), "<p>And a second answer.</p>", "Words<br>", "<div><br></div>"]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, min_size=2, max_size=6))
def test_however_answers_and_quotes_follow_one_another_each_quote_keeps_its_attribution(pieces):
    html = "<html><body>" + "\n".join(pieces) + "</body></html>\n"
    mail = f"From: a@b.example\nSubject: Re: V\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()
    check_laws(mail, PLAIN, RICH)
    answer = stamp(mail, PLAIN)
    assert isinstance(answer, Stamped)
    (stamped,) = decoded_texts(answer.bytes(), "text/html")
    assert all(stamped.count(piece) == html.count(piece) for piece in FOLLOWING.values())


def test_a_block_that_cites_somebody_makes_no_quote_of_what_stands_above_it():
    html = '<p>Hello</p><div class="ms-outlook-mobile-reference-message"></div>'
    mail = f"From: a@b.example\nSubject: V\nContent-Type: text/html; charset=utf-8\n\n{html}\n".encode()
    check_laws(
        mail, Order("cited", (Block("banner", "<blockquote>So good!</blockquote>", "So good!"),)), PLAIN
    )


#: What is begun at the end of a mail and shows nothing: a quote that was cut off.
CUT_OFF = {
    "a block quotation": "<blockquote>",
    "one whose tag is torn": '<blockquote ">',
    "a marked one": "<blockquote type=cite>&nbsp;",
    "Gmail's": '<div class="gmail_quote">\n<br>',
    "one of which a picture is left": "<blockquote type=cite><img src=cid:a>",
    "one that ends behind the body": "<blockquote></body></blockquote>",
    "several": "<div class=yahoo_quoted><blockquote><blockquote>",
}


@pytest.mark.parametrize("begun", CUT_OFF.values(), ids=CUT_OFF)
@pytest.mark.parametrize("above", ["<p>Hello</p>", f"<p>{ON}</p>{QUOTED}{ANSWER}"], ids=["new", "answered"])
def test_a_block_does_not_go_into_a_quote_that_is_begun_and_shows_nothing(above, begun):
    mail = f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{above}{begun}\n".encode()
    check_laws(mail, PLAIN, RICH)
    (stamped,) = decoded_texts(stamp(mail, PLAIN).bytes(), "text/html")
    assert stamped.startswith(above + "<div\nid=") and stamped.endswith(f"{begun}\n")


def test_a_quotation_that_ends_where_the_mail_does_is_not_open_there():
    html = "<p>Hello</p><blockquote></blockquote>"
    assert place_of(read_html(html)) == len(html)
