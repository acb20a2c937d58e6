"""What no source may be: too long, or nested too deeply. Neither `press` nor the linter reads on then."""

from __future__ import annotations

import pytest

from stationer.compose import generated, press, sketch
from stationer.compose.bounds import MOST_DEEP, MOST_WRITTEN, beyond
from stationer.compose.lint import lint
from stationer.wire.source import Element, Source

TEXT = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"


def mjml(inside: str) -> Source:
    return Source("mjml", {"mjml": TEXT.replace("{}", inside)})


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (Source("note", {"words": "a" * MOST_WRITTEN}, "b"), None),
        (Source("form", elements=(Element("text", {"words": "a" * (MOST_WRITTEN + 1)}),)), None),
        (mjml("\n" + "<b>" * 2_000 + "x" + "</b>" * 2_000), 2),
        (mjml("<b></i>" * 300), 1),
        (mjml('<b title="/>">' * 300), 1),
        (mjml("<b/>" * 300), 1),
        (mjml(f"\n\n&#{'1' * 5_000};"), 3),
        (mjml(f'<a title="&#X{"f" * 40};">x</a>'), 1),
    ],
)
def test_what_cannot_be_read_whole_is_told_alone(source: Source, line: int | None) -> None:
    pressed = press(source, kind="message", slot="banner")
    assert pressed.content is None and [one.line for one in pressed.problems] == [line]
    assert [(one.severity, one.line) for one in lint(source, kind="message", slot="banner").findings] == [
        ("error", line)
    ]
    assert sketch(source, kind="message", slot="banner").html == () and generated(source) == ""


@pytest.mark.parametrize(
    "inside",
    [
        "<b>" * (MOST_DEEP - 3) + "x" + "</b>" * (MOST_DEEP - 3),
        "<p>a<br>b<img></p>" * 300,
        "<p><b/></p>" * 300,
        "</mj-spacer>" * 300,
        "<!-- " + "<b>" * 300 + " --> x",
    ],
)
def test_what_is_long_or_deep_enough_is_read(inside: str) -> None:
    assert beyond(mjml(inside)) == []
    lint(mjml(inside), kind="message", slot="banner")


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    assert len(press(mjml("<mj-txt/></i>" * 500), kind="message", slot="banner").problems) == 100
