"""What is rare in the linter: what it passes over on purpose, and mends that only some sources take."""

from __future__ import annotations

import pytest
from tests.compose.planting import ALBUM, CLEAN, PICTURE, TABLE, TEXT, raw

from stationer.compose.lint import Finding, lint, mended
from stationer.compose.lint.inking import coloured
from stationer.compose.lint.inks import hexed
from stationer.compose.lint.page import Page
from stationer.compose.lint.tags import tags
from stationer.wire.source import Element, Source


def found(source: Source) -> tuple[Finding, ...]:
    return lint(source, kind="message", slot="banner", album=ALBUM).findings


def inside(html: str) -> Source:
    return Source("mjml", {"mjml": CLEAN.replace("Our <b>open evening</b>", html)})


@pytest.mark.parametrize(
    "html",
    [
        '<p style="padding:0 0">Our</p>',
        '<p style="line-height:normal">Our</p>',
        '<p style="line-height:20px;mso-line-height-rule:exactly">Our</p>',
        '<span style="white-space:nowrap">Our evening</span>',
        '<span style="font-family:Arial">Our</span>',
        '<span style="font-family:inherit">Our</span>',
        "RSVP to NATO HQ",
        f'{TABLE} style="background:none;color:inherit"><tr><td bgcolor="">Our</td></tr></table>',
        '<a href="https://www.acme.example/"><img src="picture:logo" alt="Acme, dentists" width="100"></a> Our',
        '<span style="color:oklab">Our</span>',
    ],
)
def test_what_is_right_is_passed_over(html: str) -> None:
    assert [one.rule for one in found(inside(html))] == []


@pytest.mark.parametrize(
    ("html", "rule", "mend"),
    [
        ('<p style="line-height:1.5">Our</p>', "line-height", None),
        (
            '<p style="line-height:22px">Our</p>',
            "line-height",
            "line-height:22px;mso-line-height-rule:exactly;",
        ),
        ('<p style="font-size:20px;line-height:150%">Our</p>', "line-height", "line-height:30px"),
        ('<b style="font:inherit">Our</b>', "font-shorthand", None),
        (
            '<b style="background:linear-gradient(#ffffff,#eeeeee);color:#000000">Our</b>',
            "css-dropped",
            'style="color:',
        ),
        ('<b style="color:hsl(210, 50%, 30%)">Our</b>', "colour-unknown", "color:#264c73"),
        ('<b style="color:oklch(40% 0.2 30)">Our</b>', "colour-unknown", None),
        ('<b style="font-size:5vw">Our</b>', "unit-unknown", None),
        (
            '<img src="https://a.example/x.png" alt="Our new rooms" style="max-width:320px">Our',
            "picture-no-width",
            ' width="320"',
        ),
        ('<img src="https://a.example/x.png" alt="Our new rooms">Our', "picture-no-width", None),
        (
            '<img src="picture:logo" alt="Acme, dentists" width="400" height="120">Our',
            "picture-stretched",
            'width="200" height="60"',
        ),
        ("<section />Our", "html-dropped", "<div />Our"),
        ("<mark>Our</mark>", "html-dropped", "<span>Our</span>"),
        ("<menu>Our</menu>", "html-dropped", "<div>Our</div>"),
        ('<font color="#b0b0b0">Our</font>', "contrast", '<font color="#'),
        ('<b style="color:#b0b0b0">Our</b>', "contrast", '<b style="color:#'),
        (
            '<a href="https://x.example/" style="background-color:#0000cc">Our</a>',
            "contrast",
            'style="color:#',
        ),
        (
            '<div style="background-color:#1f3a5f"><a href="https://x.example/">Our</a></div>',
            "contrast",
            "color:#",
        ),
    ],
)
def test_each_kind_of_mend(html: str, rule: str, mend: str | None) -> None:
    source = inside(html)
    one = next(one for one in found(source) if one.rule == rule)
    if mend is None:
        assert not one.edits and one.mend == "" and mended(source, one) is None
    else:
        after = mended(source, one)
        assert after is not None and mend in after.values["mjml"]


def test_a_ground_of_which_nothing_is_said_takes_an_ink_of_its_own() -> None:
    bare = TEXT.replace('color="#23303f" ', 'container-background-color="#333333" ')
    source = Source("mjml", {"mjml": CLEAN.replace(TEXT, bare)})
    one = next(one for one in found(source) if one.rule == "contrast")
    assert mended(source, one).values["mjml"].count(' color="#') == 2
    shown = Source("mjml", {"mjml": CLEAN.replace("<mj-section>", '<mj-section background-color="#222222">')})
    words = [one for one in found(shown) if one.rule == "contrast" and "garden" in one.said["words"]]
    assert words and not words[0].edits, "words in a picture's place take no colour in MJML"


def test_words_without_a_size_get_one_beside_what_their_style_says() -> None:
    source = Source("mjml", {"mjml": CLEAN.replace(TEXT, raw("<p>Our evening</p>"))})
    one = next(one for one in found(source) if one.rule == "words-unseen")
    assert '<p style="font-size:14px;">' in mended(source, one).values["mjml"]


def test_a_style_sheet_may_end_anywhere() -> None:
    for sheet in ("@import url(x)", "@media print{b{color:#000000}", "b{color:#1f3a5f;padding:1px}"):
        head = f"<mjml><mj-head><mj-style>{sheet}</mj-style></mj-head><mj-body>{CLEAN}</mj-body></mjml>"
        found(Source("mjml", {"mjml": head}))


def test_a_source_of_comments_alone_and_one_with_a_strange_element() -> None:
    assert [one.rule for one in found(Source("mjml", {"mjml": "<!-- later -->"}))] in ([], ["refused"])
    elements = (Element("heading", {"words": "Hello"}), Element("unheard-of"))
    assert found(Source("form", {}, elements=elements))[0].rule == "refused"
    social = (
        Element("heading", {"words": "Hello"}),
        Element("social", {"linkedin": "https://www.example.com/us"}),
    )
    assert found(Source("form", {}, elements=social)) == ()


def test_a_twin_leads_where_the_block_leads() -> None:
    button = Element("button", {"label": "Come", "link": "https://www.acme.example/"})
    contact = Element(
        "contact", {"website": "{{website}}", "phone": "", "mobile": "", "email": "", "address": ""}
    )
    assert found(Source("form", {}, "Come: https://www.acme.example/", (button,))) == ()
    assert (
        found(Source("form", {}, "Come and see us", (Element("heading", {"words": "Hello"}), contact))) == ()
    )
    assert found(Source("form", {}, "{{#name}}Come: https://www.acme.example/ {{/}}", (button,))) == ()


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#abc", "#aabbcc"), ("Navy", "#000080"), ("rgb(1, 2, 3)", "#010203"), ("rgba(0 0 0 / 50%)", "#808080"),
        ("hsl(0, 100%, 50%)", "#ff0000"), ("none", ""), ("url(x)", ""),
    ],
)  # fmt: skip
def test_colours_are_read_as_programs_read_them(value: str, colour: str) -> None:
    assert hexed(value) == colour


def test_a_picture_stands_in_a_section_of_its_own() -> None:
    source = Source("mjml", {"mjml": CLEAN.replace(PICTURE, PICTURE + ' css-class="wide"')})
    assert found(source) == ()


def test_an_ink_finds_its_place_outside_of_mjml_too() -> None:
    page = Page("mjml", "<p>Our</p>", [])
    assert coloured(page, tags(page.text)[0], "#000000").text == ' style="color:#000000;"'
