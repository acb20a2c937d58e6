"""Pressing: what mail programs hold, nothing remote, and every mistake with its line."""

from __future__ import annotations

import re
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compose.samples import BOB, CASES, MJML, PICTURES, pressed, shown

from stationer.compose import SHAPES, press
from stationer.wire.source import Source


def problems(shape: str, values: dict[str, str], text: str = "") -> list[tuple[str, int | None]]:
    found = press(Source(shape, values, text), kind="message", slot="banner", pictures=PICTURES)
    assert bool(found.problems) == (found.content is None)
    assert all(p.what.endswith(".") and p.next.endswith((".", "?")) for p in found.problems), found.problems
    return [(problem.where, problem.line) for problem in found.problems]


@pytest.mark.parametrize(("shape", "values"), CASES)
def test_what_is_pressed_holds_in_mail_programs(shape: str, values: dict[str, str]) -> None:
    html, text = shown(shape, values, BOB)
    assert html and text and not text.endswith("\n")
    assert all('role="presentation"' in tag for tag in re.findall(r"<table\b[^>]*>", html))
    assert not re.search(r"<(script|style|link|meta|html|head|body|form|iframe)\b", html, re.I)
    assert not re.search(r"\b(class|id|on\w+|data-\w+)=", html)
    assert "zq0x" not in html and "{{" not in html and "&#x27;" not in html
    assert all(int(width) <= 600 for width in re.findall(r'width="(\d+)"', html))
    for tag in re.findall(r"<[^>]*background-color:[^>]*>", html):
        assert 'bgcolor="' in tag
    if shape != "mjml":
        assert all(
            "alt=" in tag and "width=" in tag and "border=" in tag
            for tag in re.findall(r"<img\b[^>]*>", html)
        )
        for style in re.findall(r'style="([^"]*)"', html):
            assert (
                "line-height" not in style
                or "mso-line-height-rule:exactly" in style
                or "width:16px" in style
                or "8px" in style
                or "font-size:22px" in style
                or "line-height:1px" in style
            )
    assert len(html) <= 30_000


def test_every_shape_has_what_a_form_needs() -> None:
    for shape in SHAPES.values():
        assert shape.label and shape.hint and shape.fields
        assert len({field.name for field in shape.fields}) == len(shape.fields)


def test_remote_fonts_and_style_sheets_are_gone() -> None:
    mjml = f"""<mjml><mj-head><mj-font name="X" href="https://fonts.example/x.css" />
    <mj-style>@import url(https://styles.example/a.css);
      .a {{ color: #ff0000; background: url(https://spy.example/p.png) }}</mj-style>
    </mj-head><mj-body>{MJML.replace("Hello", '<span class="a">Hello</span>')}</mj-body></mjml>"""
    html, _ = shown("mjml", {"mjml": mjml}, BOB)
    assert "color:#ff0000" in html.replace(" ", "")
    for gone in ("fonts.", "styles.example", "spy.example", "Ubuntu", "@import", "@media", "<link"):
        assert gone not in html


def test_columns_stand_side_by_side_without_a_style_sheet() -> None:
    html, _ = shown("mjml", {"mjml": MJML}, BOB)
    assert re.search(r"width:\s*40%", html) and re.search(r"width:\s*60%", html)
    assert html.count("<!--[if mso") == html.count("<![endif]-->") > 0


def test_pressing_never_touches_the_network() -> None:
    """Everything that could be fetched points at a server of ours; nobody calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = f"http://127.0.0.1:{server.getsockname()[1]}"
        mjml = f"""<mjml><mj-head><mj-font name="X" href="{here}/f.css" />
        <mj-style>@import url({here}/i.css);</mj-style>
        </mj-head><mj-body><mj-raw><link rel="stylesheet" href="{here}/l.css">
        <style>@import "{here}/s.css"; p {{ background: url({here}/p.png) }}</style>
        <img src="{here}/i.png"></mj-raw>
        <mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section></mj-body></mjml>"""
        assert press(Source("mjml", {"mjml": mjml}), kind="message", slot="banner").content
        assert problems("mjml", {"mjml": f'<mj-include path="{here}/a.mjml" />'})
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    values = {
        "headline": "",
        "lin": "x",
        "link": "x.example",
        "colour": "teal",
        "line": "one\ntwo {{\n{{3x}}",
    }
    assert sorted(problems("banner", values), key=str) == [
        ("colour", None),
        ("headline", None),
        ("lin", None),
        ("line", 2),
        ("line", 3),
        ("link", None),
    ]
    mjml = '<mj-section>\n<mj-colum>\n<mj-image src="picture:gone" />\n</mj-column>\n<mj-social></mj-social>'
    found = problems("mjml", {"mjml": mjml})
    assert {line for _, line in found} == {1, 2, 3, 4, 5}
    sloppy = "<mj-section>\n<mj-column><mj-text>\n<a href=https://x.example>b</a>\na < b\n<p>c\n</mj-text></mj-column></mj-section>"
    assert [line for _, line in problems("mjml", {"mjml": sloppy})] == [3, 4, 5]
    assert problems("banner", {"headline": "x"}, "a\n{{#name}} b\n{{/}}") == [("text", 2), ("text", 3)]
    assert problems("banner-picture", {"picture": "wid", "alt": "x"}) == [("picture", None)]
    assert problems("bannr", {}) == [("shape", None)]
    assert problems(
        "mjml",
        {
            "mjml": '<mj-section><mj-column><mj-text><p style="color:{{name}}">x</p></mj-text></mj-column></mj-section>'
        },
    )


def test_a_block_too_long_or_too_wide_is_refused() -> None:
    assert problems("note", {"words": "x" * 30_001})
    assert problems(
        "mjml",
        {
            "mjml": '<mj-raw><table width="900"><tr><td>x</td></tr></table></mj-raw>',
        },
    )


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>{}#/|\"'&; \nmj-textbodysectioncolumnahrefimgzq0x=")))
def test_nothing_that_can_be_typed_raises(words: str) -> None:
    press(Source("mjml", {"mjml": words}), kind="message", slot="banner")
    press(
        Source("banner", {"headline": words, "line": words, "link": words}, words),
        kind="message",
        slot="banner",
    )


def test_foreign_html_loses_its_teeth() -> None:
    raw = """<mj-section><mj-column><mj-text><a href="https://x.example/" onclick="x()">a</a>
    <img src="https://x.example/i.png" onerror="1" srcset="https://y.example/z">
    <p style="position:fixed;behavior:url(x);color:red;width:expression(1)">p</p>
    <!--[if mso]><script>evil()</script><![endif]-->
    <!--[if mso]><td onclick="x"><![endif]--><!-- secret --></mj-text></mj-column></mj-section>"""
    html, _ = shown("mjml", {"mjml": raw}, {})
    for gone in (
        "onclick",
        "onerror",
        "srcset",
        "evil",
        "form",
        "input",
        "fixed",
        "behavior",
        "expression",
        "secret",
    ):
        assert gone not in html, gone
    assert "color:red" in html


@pytest.mark.parametrize("tag", ["script", "iframe", "svg", "form", "textarea", "video"])
def test_mjml_says_what_would_be_taken_out_of_it_and_on_which_line(tag: str) -> None:
    raw = f"<mj-section><mj-column><mj-text>Words</mj-text>\n<mj-raw><{tag}>x</{tag}></mj-raw></mj-column></mj-section>"
    found = press(Source("mjml", {"mjml": raw}), kind="message", slot="banner").problems
    assert [(one.what, one.line) for one in found] == [(f"<{tag}> is taken out of mails.", 2)]


@pytest.mark.parametrize("inside", ["<mj-raw> </mj-raw>", "<mj-text><!-- words --></mj-text>"])
def test_mjml_of_which_nothing_would_be_seen_is_not_called_fine(inside: str) -> None:
    raw = f"<mj-section><mj-column>{inside}</mj-column></mj-section>"
    found = press(Source("mjml", {"mjml": raw}), kind="message", slot="banner").problems
    assert [one.what for one in found] == ["Nothing of it would be seen in a mail."]


@pytest.mark.parametrize(
    "inside",
    ["<mj-divider />", '<mj-image src="https://x.example/i.png" alt="" />', "<mj-text>{{name}}</mj-text>"],
)
def test_a_line_a_picture_or_a_detail_is_something_to_see(inside: str) -> None:
    raw = f"<mj-section><mj-column>{inside}</mj-column></mj-section>"
    assert not press(Source("mjml", {"mjml": raw}), kind="message", slot="banner").problems


def test_stand_ins_do_not_mix_with_the_authors_words() -> None:
    html, text = shown("note", {"words": "zq0x0z and zq0x1z by {{name}}"}, {"name": "Ann"})
    assert text == "zq0x0z and zq0x1z by Ann" and "zq0x0z and zq0x1z by Ann" in html


def test_the_same_source_gives_the_same_content() -> None:
    assert all(pressed(shape, values) == pressed(shape, values) for shape, values in CASES)
