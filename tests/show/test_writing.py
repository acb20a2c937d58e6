"""Plain text as HTML (contract/show.md §3), and about how high it is (§5)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.show import clean, height, plain, text_html
from stationer.show.measuring import LEAST, LINE, MOST
from stationer.show.writing import DEEPEST


def bare(html: str) -> str:
    return html.replace(' target="_blank" rel="noopener noreferrer nofollow"', "").replace(' dir="auto"', "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("a\r\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"),
        ("a\x00\x1b[2J\u202eb", "<p>a[2Jb</p>"),
        ("  a   b", "<p>\u00a0\u00a0a\u00a0\u00a0\u00a0b</p>"),
        (
            "> a\n>> b\n>c\nd",
            "<blockquote><p>a</p><blockquote><p>b</p></blockquote><p>c</p></blockquote><p>d</p>",
        ),
        ("see https://a.example/x.", '<p>see <a href="https://a.example/x">https://a.example/x</a>.</p>'),
        ("(https://a.example/(x))", '<p>(<a href="https://a.example/(x)">https://a.example/(x)</a>)</p>'),
        ('https://a.example/"onx=1', '<p><a href="https://a.example/">https://a.example/</a>&quot;onx=1</p>'),
        ("Me.x+y@a.example!", '<p><a href="mailto:Me.x+y@a.example">Me.x+y@a.example</a>!</p>'),
        ("javascript:a data:b www.c", "<p>javascript:a data:b www.c</p>"),
    ],
)
def test_text_is_set_as_it_was_typed(text: str, html: str) -> None:
    assert bare(text_html(text)) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a \nb\nc", "<p>a b<br>c</p>"),
        (
            "> a \n> b\n>> c \nd",
            "<blockquote><p>a b</p><blockquote><p>c</p></blockquote></blockquote><p>d</p>",
        ),
        (" > not quoted\n From", "<p>&gt; not quoted<br>From</p>"),
        ("a \n-- \nCarol", "<p>a<br>--<br>Carol</p>"),
        ("a ", "<p>a</p>"),
    ],
)
def test_flowed_text_flows(text: str, html: str) -> None:
    assert bare(text_html(text, flowed=True)) == html


def test_with_delsp_the_space_at_the_end_is_none() -> None:
    assert bare(text_html("Donau \ndampf", flowed=True, delsp=True)) == "<p>Donaudampf</p>"


def test_quotes_go_only_so_deep() -> None:
    assert text_html(">" * 500 + " a").count("<blockquote>") == DEEPEST
    assert text_html(">" * 500 + " a", flowed=True).count("<blockquote>") == DEEPEST


@given(
    st.text(alphabet=st.sampled_from(list("> \nahtps:/.@<&\"'()-")) | st.characters(), max_size=400),
    st.booleans(),
    st.booleans(),
)
def test_what_is_made_of_text_is_whole_and_survives_the_cleaner(text: str, flowed: bool, delsp: bool) -> None:
    html = text_html(text, flowed=flowed, delsp=delsp)
    assert html.count("<blockquote>") == html.count("</blockquote>")
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "br", "a", "blockquote"}
    cleaned = re.sub(r" <mark>[^<]*</mark>", "", clean(html).html)
    assert cleaned.count("<p ") == html.count("<p ") and cleaned.count("href=") == html.count("href=")


WORDS = "<p>" + "word " * 400 + "</p>"


def test_a_narrow_frame_is_higher_than_a_wide_one() -> None:
    assert height(WORDS, 320) > height(WORDS, 640) > height("<p>a</p>", 640) >= LEAST


@pytest.mark.parametrize(
    ("html", "low", "high"),
    [
        ("", LEAST, LEAST),
        ("<p>a</p>" * 10, 380, 560),
        ("a<br>" * 10, 260, 400),
        ("a<br><br>b", LEAST, 200),
        ("<pre>a\nb\nc</pre>", LEAST, 220),
        ("<img src='data:x' height=300 width=400>", 340, 420),
        ("<img src='data:x' height=300 width=1280>", 180, 260),
        ("<img src='data:x' width=0 height=300>", 340, 420),
        ("<img src='data:x'>", 240, 320),
        ("<img alt=a>", LEAST, 120),
        ("<img src='data:x' height=100%>", 240, 320),
        ("<div style='height:500px'>a</div>", 500, 620),
        ("<div style='padding:50px; font-size:32px'>a</div>", 120, 240),
        ("<table><tr><td>a</td><td>" + "b<br>" * 20 + "</td></tr></table>", 520, 720),
        ("<table><tr><td><img src='data:x' height=400></td><td>b</td></tr></table><p>c</p>", 450, 640),
        ("<div style='display:none'>" + WORDS + "<img height=900 src=x></div><p>b</p>", LEAST, 130),
        ("<td>a</td></tr></b>", LEAST, 120),
        ("<tr><td>a", LEAST, 120),
        ("<p><b>a</p>" + "<p>b</p>", LEAST, 200),
        ("<p>a</p>" * 5000, MOST, MOST),
    ],
)
def test_about_how_high_it_is(html: str, low: int, high: int) -> None:
    found = height(html, 640)
    assert low <= found <= high and (found % LINE == 0 or found in (LEAST, MOST))


@given(
    st.text(alphabet=st.sampled_from(list('<>/trdpimgb ="0123456789:;')), max_size=300), st.integers(0, 5000)
)
def test_every_html_has_a_height(html: str, width: int) -> None:
    assert LEAST <= height(html, width) <= MOST


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Dear Bob,</p><p>a  b<br>c</p>", "Dear Bob,\n\na b\nc"),
        ("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\nc"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ('<a href="https://a.example/x">here</a>, <a>b</a>', "here <https://a.example/x>, b"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<img src="data:x" alt="A plan"><img>', "A plan"),
    ],
)
def test_html_as_it_is_quoted(html: str, text: str) -> None:
    assert plain(html) == text


BROKEN = "The X-rays are in. Upper left, the second molar: it can be kept. The plan,\nwith what it costs, is attached."


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (BROKEN, 1),
        ("> " + BROKEN.replace("\n", "\n> "), 1),
        (BROKEN + "\nKind regards\nBob", 3),
        (BROKEN.replace("with", "- with"), 2),
        (BROKEN.replace("with", "1. with"), 2),
        (BROKEN.replace("with", "  with"), 2),
        (BROKEN.replace("Upper left", "Upper   left"), 2),
        (BROKEN + "\n" + "a line that goes on and on " * 6, 3),
        ("4 Custom House Quay\nFalmouth TR11 3JT", 2),
        (BROKEN.replace("with", "> with"), 2),
        (BROKEN.replace("\n", "\n\n"), 2),
    ],
)
def test_lines_that_a_program_broke_are_one_again_and_others_stay(text: str, lines: int) -> None:
    assert len(re.split(r"<br>|</p>", text_html(text))) - 1 == lines
