"""What one body part gives away, at the edges of the rules."""

from __future__ import annotations

import pytest

from stationer import mime
from stationer.stamp import boundary
from stationer.stamp.attribution import LONGEST, attribution
from stationer.stamp.body import continued
from stationer.stamp.boundary import place_of
from stationer.stamp.lines import lines_of_text
from stationer.stamp.reading import read_again, read_html, read_text
from stationer.stamp.told import Told

WHO = "Carol <carol@sommer.example>"


def part(kind: str, text: str, more: str = "") -> str:
    return f"--b\nContent-Type: {kind}\n{more}\n{text}\n"


def split_mail(*parts: str) -> bytes:
    head = "From: a@b.example\nSubject: Re: V\nContent-Type: multipart/mixed; boundary=b\n\n"
    return f"{head}{''.join(parts)}--b--\n".encode()


PICTURE = part("image/png", "", "Content-Disposition: inline\n")


@pytest.mark.parametrize(
    "parts, path",
    [
        ((part("text/plain", "One."), PICTURE, part("text/plain", "Two.")), "3"),
        ((part("text/plain", "One."), PICTURE, part("text/plain", "> Old.")), "1"),
        ((part("text/plain", "One."), PICTURE, part("text/plain", "> Old.\n\nTwo.")), "3"),
        ((part("text/plain", "One."), part("text/plain", "A list's footer.")), "1"),
        ((part("text/plain", "One."), PICTURE, PICTURE), "1"),
        ((part("text/plain", "One."), PICTURE, part("text/html", "<p>Two.</p>")), "1"),
        ((part("text/plain", "> Old."), PICTURE, part("text/plain", "Two.")), "1"),
        ((part("text/plain", " "), PICTURE, part("text/plain", " ")), "1"),
        ((part("text/plain", "One."), PICTURE, part("text/plain; charset=nobody-knows", "Zwö.")), "1"),
        ((part("text/html", "<p>One.</p>"), PICTURE, part("text/html", "<p>Two.</p>")), "3"),
        ((part("text/html", "<p>One.</p>"), PICTURE, part("text/html", "<p><br></p>")), "1"),
    ],
)
def test_a_split_body_ends_where_its_authors_words_do(parts, path):
    assert [seen.path for seen in boundary(split_mail(*parts)).parts] == [path]


BLANK = part("text/plain", " \n\n")
HTML = part("text/html", "<p>Yes.</p>")


@pytest.mark.parametrize(
    "parts, paths",
    [
        ((BLANK, HTML), ["2"]),
        ((BLANK, PICTURE, HTML), ["3"]),
        ((part("text/plain", "IA==", "Content-Transfer-Encoding: base64\n"), HTML), ["2"]),
        ((part("text/plain", "Yes."), HTML), ["1"]),
        ((BLANK, part("text/html", "<p>A file.</p>", "Content-Disposition: attachment\n")), ["1"]),
        ((BLANK, part("text/html", "<p>A file.</p>", "Content-Disposition: inline; filename=a.html\n")), ["1"]),
        ((BLANK, part("text/plain", "A list's footer.")), ["1"]),
        ((BLANK, PICTURE), ["1"]),
    ],
)  # fmt: skip
def test_a_first_text_without_words_yields_to_the_html_of_the_mixture(parts, paths):
    assert [seen.path for seen in boundary(split_mail(*parts)).parts] == paths


def test_a_body_alone_or_among_alternatives_is_not_continued():
    assert continued(mime.read(b"Subject: x\n\nYes.\n").root) == ()
    mail = split_mail(part("text/plain", "One."), part("text/html", "<p>One.</p>"))
    among = mime.read(mail.replace(b"/mixed", b"/alternative")).root.children[0]
    assert continued(among) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"On 2.11.2026 17:15, {'very ' * LONGEST} {WHO} wrote:\n",
        f"On 2.11.2026 17:15,\n{'very ' * LONGEST}\n{WHO} wrote:\n",
        "She wrote, he wrote,\nthey all wrote:\n",
        "Carol wrote something long ago,\nand this is what she wrote:\n> Thursday?\n",
        ":\n> Thursday?\n",
        f"From: {WHO} on 2.11.2026\nwrote:\n",
        f"Write to {WHO} on 2.11.2026 at 17:15.\n> Thursday?\n",
    ],
)
def test_what_no_attribution_looks_like(text):
    assert attribution(lines_of_text(text), 0) == 0


@pytest.mark.parametrize(
    "html, quoted",
    [
        ('<p>Yes.</p><div class="gmail_quote">&gt; Thursday?</div>', True),
        ('<p>Yes.</p><div class="gmail_quote"><blockquote>Thursday?</blockquote></div>', True),
        ('<p>Yes.</p><div class="gmail_quote">Carol zqx:<blockquote>Thursday?</blockquote></div>', True),
        ('<div class="gmail_quote">Yes.<blockquote>Thursday?</blockquote></div><p>Alice</p>', False),
        ('<p>Yes.</p><div class="gmail_quote">a<br>b<br>c<br>d<blockquote>e</blockquote></div><p>A</p>', False),
        ('<p>Yes.</p><div class="moz-cite-prefix">Zqx Carol</div><blockquote>Thursday?</blockquote>', True),
        ('<div class="moz-cite-prefix">Yes.</div><p>Alice</p><blockquote>e</blockquote><p>B</p>', False),
        ("<p>Yes.</p><div style='border-top:solid'>Zqx: 1<br>Zqy: 2<br>Zqz: 3</div>", False),
        ("<p>Yes.</p><div style='border-top:solid'>Q: a@b<br>R: 2.11.2026 17:15<br>S: x<br>T: y<br>U: z<br>V: w</div>", True),
    ],
)  # fmt: skip
def test_a_mark_is_trusted_for_what_stands_in_it_or_behind_it(html, quoted):
    assert (read_html(html).found is not None) == quoted


def test_a_twin_that_tells_too_little_or_something_else_tells_nothing():
    reading = read_text("Yes.\n\nWould Thursday be good?\n")
    assert read_again(reading, Told("Thu")).found is None
    assert read_again(reading, Told("Would Friday be good?")).found is None
    assert read_again(reading, Told("Would Thursday be good? She asked.")).found is not None


GREETED = "<p>Dear all,<br>fine with me.<br>Alice</p><blockquote type=cite>Dear all,<br>is Thursday fine?</blockquote>"


def twins(text: str, html: str) -> bytes:
    return split_mail(part("text/plain", text), part("text/html", html)).replace(b"/mixed", b"/alternative")


@pytest.mark.parametrize("mark", ["", "> "])
def test_a_greeting_that_both_write_begins_the_quote_where_the_quoted_mail_goes_on(mark):
    own = "Dear all,\nfine with me.\nAlice\n"
    text = boundary(twins(f"{own}\n{mark}Dear all,\n{mark}is Thursday fine?", GREETED)).parts[0]
    assert (text.char, text.place) == (len(own) + 1, len(own))


def test_where_what_follows_tells_nothing_it_begins_below_the_author_s_last_line():
    own = "Dear all,\nfine with me.\nAlice\n"
    text = boundary(twins(f"{own}\nDear all,\n[picture]", GREETED.replace("is Thursday fine?", ""))).parts[0]
    assert (text.char, text.place) == (len(own) + 1, len(own))


def test_a_text_that_quotes_nothing_is_not_cut_at_the_author_s_own_greeting():
    text = boundary(twins("Dear all,\nfine with me.\nAlice", GREETED)).parts[0]
    assert (text.char, text.place) == (None, 29)


def test_a_quote_alone_has_its_place_above_it_and_an_empty_text_at_its_start():
    assert place_of(read_text("\n\n> Thursday?\n")) == 0
    assert place_of(read_text(" \n")) == 0


@pytest.mark.parametrize(
    "text, above",
    [
        ("> Thursday?\n\nYes.\n\n-- \nAlice\n", "-- \nAlice\n"),
        ("> Thursday?\n\nYes.\n\n-- \nAlice\n____________\na list\n", "-- \nAlice\n"),
        ("> Thursday?\n\nYes.\n\n> Friday?\n", "Yes.\n"),
        ("> Thursday?\n\nYes.", "Yes."),
    ],
)
def test_an_answer_below_a_quote_ends_with_its_signature(text, above):
    assert text[: place_of(read_text(text))].endswith(above)
