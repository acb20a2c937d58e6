"""A mail of several documents: the author's takes the block, whoever put another one beside it."""

from __future__ import annotations

import pytest

from stationer.stamp import boundary
from stationer.stamp.page import Page
from tests.stamp.laws import PLAIN, RICH, check_laws
from tests.stamp.test_nesting import TOP, mail_of, put_in, shown

WARNING = (
    "<table><tr><td><b>CAUTION:</b> This e-mail came from outside of the organization.</td></tr></table>"
)
GERMAN = "<p>Diese Nachricht kommt von außerhalb der Organisation.</p>"
LETTER = "<p>Letter one.</p><p>Letter two.</p>"


def document(html: str, head: str = "") -> str:
    return f"<html>{head}<body>{html}</body></html>"


FRONTED = {
    "a document": document(WARNING) + document(LETTER, "<head><title>x</title></head>"),
    "a piece, as Gmail writes": document(WARNING) + f'<div dir="ltr">{LETTER}</div>',
    "a document without its end": f"<html><body>{WARNING}" + document(LETTER),
    "a document without end tags": document(GERMAN) + f"<html><body>{LETTER}",
    "with lines between": document(WARNING) + "\n\n<!DOCTYPE html>\n" + document(LETTER) + "\n",
    "two warnings": document(WARNING) + document(GERMAN) + document(LETTER),
    "a warning that is no document": WARNING + document(LETTER),
}


@pytest.mark.parametrize("html", FRONTED.values(), ids=FRONTED)
def test_a_gateways_warning_in_front_of_the_mail_takes_no_block(html):
    words = shown(put_in(html))
    assert words[-1] == "Stationer" and words[:-1] == shown(html)
    words = shown(put_in(html, TOP))
    assert words[words.index("Stationer") + 1] in ("Letter", "CAUTION:")
    check_laws(mail_of(html), RICH, PLAIN)


@pytest.mark.parametrize("html", list(FRONTED.values())[:6], ids=list(FRONTED)[:6])
def test_on_top_a_block_stands_below_the_warning(html):
    words = shown(put_in(html, TOP))
    assert words[words.index("Stationer") + 1 :][:2] == ["Letter", "one."]


def test_behind_a_warning_an_answer_is_still_above_the_document_that_it_answers():
    html = document(WARNING) + document("<p>Yes.</p>") + document("<p>Old words.</p>")
    words = shown(put_in(html, subject="Re: V"))
    assert words[-4:] == ["Yes.", "Stationer", "Old", "words."]


def test_a_letter_that_warns_is_a_letter():
    html = document("<p>Do not click on links from outside of the organization.</p>" + LETTER * 4)
    assert shown(put_in(html + document("<p>A second page.</p>")))[-4:] == [
        "Stationer",
        "A",
        "second",
        "page.",
    ]
    assert shown(put_in(html))[-1] == "Stationer"


def test_a_footer_behind_the_end_of_a_document_is_not_the_author_s():
    assert shown(put_in(document(LETTER) + "<p>Scanned.</p>"))[-2:] == ["Stationer", "Scanned."]


def test_the_blocks_of_the_first_of_two_documents_stand_in_it():
    html = document("<p>Yes.</p>") + document("<p>Old words.</p>")
    assert shown(put_in(html, TOP, "Re: V")) == ["Stationer", "Yes.", "Old", "words."]
    assert boundary(mail_of(html, "Re: V")).parts[0].place == html.index("</body>")


@pytest.mark.parametrize(
    ("html", "top"),
    [
        ("<!DOCTYPE html>\n<p>a</p>", "<!DOCTYPE html>"),
        ("<!-- a --><p>a</p>", ""),
        ("<!DOCTYPE html><html><p>a</p>", "<!DOCTYPE html><html>"),
        ("<html><head><title>t</title></head><p>a</p>", "<html><head><title>t</title></head>"),
        ("<!-- a --><html><head></head><BODY class='b'><p>a</p><body>", "<!-- a --><html><head></head><BODY class='b'>"),
        ("<p>a</p>", ""),
    ],
)  # fmt: skip
def test_the_top_of_a_body_is_behind_its_tag_or_what_stands_for_it(html, top):
    assert html[: Page(html).body_start] == top


def test_of_many_warnings_four_are_passed_over():
    html = document(WARNING) * 6 + document(LETTER)
    words = shown(put_in(html))
    assert [word for word in words if word != "Stationer"] == shown(html) and "Stationer" in words
    check_laws(mail_of(html), RICH, PLAIN)
