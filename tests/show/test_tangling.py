"""HTML of which no tree is made: told in one reading, and set as text (contract/show.md §2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.show import clean
from stationer.show.plain import bare
from stationer.show.tangling import DEEPEST, MOST_ATTRIBUTES, MOST_ELEMENTS, is_tangled

LETTER = "<b>Dear Carol,</b><p>the plan &amp; its costs.</p><style>p{color:red}</style>"
#: 300 KB each: nested, formatting left open, and both hidden from whoever counts tags otherwise than a browser.
TANGLED = {
    "div": "<div>" * 60_000,
    "closed": "<div>" * 27_000 + "a" + "</div>" * 27_000,
    "table": "<table><tr><td>" * 20_000,
    "formats": "".join(f"<b title={n}><p>" for n in range(16_000)),
    "ends": "".join(f"<b title={n}>" for n in range(400)) + "<p>a</p></div>" * 20_000,
    "quoted": "<div title='</div>'>" * 15_000,
    "comment": "<!--</div>--><div>" * 16_000,
    "style": "<style></div></style><div>" * 12_000,
    "svg": "<svg><![CDATA[><a title=']]></svg>" + "<div>" * 60_000,
    "select": "<select><xmp></select>" + "<i><p>" * 50_000,
    "script": "<script><!--<script></script>" + "<div>" * 60_000,
    "elements": "<p>" * (MOST_ELEMENTS + 1),
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">a",
    "attributes beside svg": "<svg></svg><p " + " ".join(f"a{n}" for n in range(40_000)) + ">a",
}


@pytest.mark.parametrize("name", TANGLED)
def test_what_takes_the_square_of_its_length_is_set_as_text(name: str) -> None:
    shown = clean(TANGLED[name] + LETTER)
    assert shown.tangled and shown.remote == 0 and not shown.inside
    assert len(shown.html) < 2 * len(TANGLED[name]) and "<div" not in shown.html


def test_its_words_can_be_read() -> None:
    shown = clean("<title>a</title><div>" * 30_000 + "</DIV>" + LETTER)
    assert shown.html == '<p dir="auto">Dear Carol,</p><p dir="auto">the plan &amp; its costs.</p>'


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * DEEPEST + "a",
        "<p>a<br>" * 40_000,
        "<table>" + ("<tr>" + "<td><font face=Arial><b>a</b></font></td>" * 10 + "</tr>") * 500 + "</table>",
        "<a href='https://a.example'>a" * 5_000,
        "</b>" * 50_000,
        "<div><b>a</b></div>" * 10_000,
        "<!--[if mso]><table><![endif]-->" * 400 + "<p>a",
        "<svg></svg><p>a</p>" * 100,
        "<img src='data:image/png;base64," + "A/" * 100_000 + "'>",
        "<script>if (a<b) {}</script><p>a",
        "<style>a{}",
        "<!-- never ended <div>",
        "<p title='never ended" + "<div>" * 60_000,
    ],
)
def test_what_people_write_is_not(html: str) -> None:
    assert not is_tangled(html) and not clean(html).tangled


def test_many_attributes_are_counted_and_not_what_stands_in_quotes() -> None:
    inside = "<p title='" + "a=1 " * 3 * MOST_ATTRIBUTES + "'>a"
    assert not is_tangled(inside) and is_tangled(inside.replace("'", "") + " " * 5_000)


@given(st.text(alphabet=st.sampled_from(list("<>/!-\"'= abpstyle&;")), max_size=300))
def test_every_html_is_told_and_has_words(html: str) -> None:
    assert is_tangled(html) in (True, False)
    assert "\n\n\n" not in bare(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b  c<br>d</p>", "a\n\nb c\nd"),
        ("<tr><td>a</td><td>b</td></tr>", "a b"),
        ("<script>x</script>a<STYLE>y</style><template>z", "a"),
        ("a<!-- b <i> -->c<!doctype html><?x>&lt;d&gt;", "ac<d>"),
        ("İİ<style>x</style>y", "İİy"),
    ],
)
def test_the_words_of_html_of_which_no_tree_is_made(html: str, text: str) -> None:
    assert bare(html) == text
