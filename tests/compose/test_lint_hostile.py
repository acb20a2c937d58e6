"""What an author can write to hurt: numbers that are none, values that never end, elements that nest for ever. The
linter answers, and what it takes grows with what is written."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tests.compose.planting import ALBUM, CLEAN

from stationer.compose.lint import Finding, Linted, lint
from stationer.compose.lint.design import Design
from stationer.compose.lint.inks import colour_of
from stationer.compose.lint.leading import check_links
from stationer.compose.lint.page import Page
from stationer.compose.lint.structure import check_structure
from stationer.compose.lint.tags import declared, tags
from stationer.wire.source import Source


def inside(html: str) -> Source:
    return Source("mjml", {"mjml": CLEAN.replace("Our <b>open evening</b>", html)})


def told(source: Source) -> Linted:
    return lint(source, kind="message", slot="banner", album=ALBUM)


@pytest.mark.parametrize(
    "style",
    [
        "color:rgb(1.2.3,0,0)",
        "color:rgb(.,0,0)",
        "color:hsl(1..2,3%,4%)",
        f"color:rgb({'9' * 400},0,0)",
        "font-size:1.2.3px",
        "font-size:..px",
        f"font-size:{'9' * 5000}px",
        f"font-size:{'9' * 400}rem",
        f"font-size:{'9' * 5000}px;line-height:1.5",
        f"line-height:{'9' * 400};font-size:14px",
    ],
)
def test_a_number_that_is_none_is_passed_over(style: str) -> None:
    rules = {one.rule for one in told(inside(f'<p style="{style}">Our evening</p>')).findings}
    assert rules <= {"line-height", "colour-unknown"}


def test_a_name_of_ours_that_an_author_wrote_is_no_number() -> None:
    assert told(inside(f'<p data-at="at-{"9" * 5000}">Our evening</p>')).findings == ()


def test_numbers_are_read_as_css_writes_them() -> None:
    assert colour_of("rgb(.4, 255.0 , 0)") == (0, 255, 0)
    assert colour_of("rgb(1.2.3,0,0)") is None


def test_a_width_of_any_length_is_too_wide() -> None:
    wide = f'<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="{"9" * 5000}">'
    found = told(inside(f"{wide}<tr><td>Our</td></tr></table>")).findings
    assert [one.rule for one in found] == ["too-wide"]


def growth(make: Callable[[int], object], count: int) -> float:
    """How many times as much work eight times as much is: 8 where it is linear, 64 where it is quadratic."""

    def spent(times: int) -> float:
        tries = []
        for _ in range(3):
            begun = time.process_time()
            make(times)
            tries.append(time.process_time() - begun)
        return min(tries)

    return spent(8 * count) / spent(count)


@pytest.mark.parametrize(
    "style",
    ["color:" + "(x)" * 400 + "{", "color:" + "(" * 400, "color:a" + " " * 400 + "b{", "color" + " " * 400],
)
def test_a_declaration_is_read_once_over(style: str) -> None:
    def read(times: int) -> object:
        source = f'<p style="{style * times}">Our</p>'
        return list(declared(source, tags(source)))

    assert growth(read, 8) < 30


def test_declarations_are_told_apart_as_browsers_do() -> None:
    source = '<p style="color : red;;a b:c;top:(1;2) ; left:&quot;x&quot;;x:}right:0">Our</p>'
    found = [(one.prop, one.value, source[one.begin : one.done]) for one in declared(source, tags(source))]
    assert found == [
        ("color", "red", "color : red;"),
        ("top", "(1;2)", "top:(1;2) ;"),
        ("left", '"x"', " left:&quot;x&quot;;"),
        ("x", "", "x:"),
    ]
    cut = '<p style="top:1px{">Our</p>'
    assert list(declared(cut, tags(cut))) == []


@pytest.mark.parametrize(
    "sheet", [":hover" * 20, "a:b;" * 30, ".a{" + "float:left;zoom:1;" * 10, "@media " * 20, ".a{} " * 20]
)
def test_a_style_sheet_is_read_once_over(sheet: str) -> None:
    def read(times: int) -> object:
        page = Page("mjml", f"<mj-style>{sheet * times}</mj-style>", [])
        return check_structure(page, tags(page.text))

    assert growth(read, 10) < 30


def test_a_state_is_told_with_its_own_rule_alone() -> None:
    found: list[Finding] = []
    page = Page(
        "mjml", "<mj-style>@import 'x'; a:hover {top:1px} b{top:1px} p::before{top:2px}</mj-style>", found
    )
    check_structure(page, tags(page.text))
    told = [(one.rule, one.edits[0].was) for one in found]
    assert told == [
        ("style-media", "@import 'x';"),
        ("style-state", "a:hover {top:1px}"),
        ("style-state", "p::before{top:2px}"),
    ]


def test_what_stands_in_an_at_rule_goes_with_it() -> None:
    found: list[Finding] = []
    page = Page("mjml", "<mj-style>@media print { @font-face {src:x} }</mj-style>", found)
    check_structure(page, tags(page.text))
    assert [one.edits[0].was for one in found] == ["@media print { @font-face {src:x} }"]


@pytest.mark.parametrize(
    "words",
    [
        '<img src="http://acme.example/a.png">',
        "<p style='padding:1px'>Wow!!</p>\n",
        "A",
        "{{ ",
        "a" + " " * 40,
        "<mj-head></mj-head>a",
        "<mj-x></mj-x>",
    ],
)
def test_a_source_is_read_once_over(words: str) -> None:
    assert growth(lambda times: told(inside(words * times)), 3_000 // len(words)) < 40


@pytest.mark.parametrize(
    "value", ["1", "rgba(", "a ", "var(a, ", "!", "12px ", "{{", "calc(", ", serif", "margin", "1.", "url( "]
)
def test_a_value_is_read_once_over(value: str) -> None:
    def read(times: int) -> object:
        names = (
            "color",
            "font",
            "font-family",
            "font-size",
            "line-height",
            "background",
            "padding",
            "white-space",
        )
        style = ";".join(f"{name}:{value * times}a" for name in names)
        return told(inside(f'<p style="{style}">Our</p>'))

    assert growth(read, 900 // len(value)) < 40


def test_no_more_findings_are_told_than_anybody_reads() -> None:
    assert len(told(inside("<p>Wow!!</p>" * 900)).findings) == 500


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ('<a href="https://evil.example/">acme&#46;com</a>', "link-domain"),
        ("<p style='font:bold 14px/20px \"Open Sans\",Arial'>Our</p>", "font-shorthand"),
        ("<section><section>Our</section>", "html-dropped"),
    ],
)
def test_where_a_mend_would_break_the_source_there_is_none(html: str, rule: str) -> None:
    page = Page("mjml", html, [])
    design = Design(page)
    design.check()
    check_links(design.links())
    assert next(one.edits for one in page.found if one.rule == rule) == ()


def test_an_element_within_its_like_is_renamed_rightly() -> None:
    page = Page("mjml", "<section><section>Our</section></section>", [])
    check_structure(page, tags(page.text))
    assert [[(one.start, one.was) for one in found.edits] for found in page.found] == [
        [(1, "section"), (33, "section")],
        [(10, "section"), (23, "section")],
    ]
