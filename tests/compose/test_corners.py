"""What is rare: every corner of pressing says what it means."""

from __future__ import annotations

import pytest
from tests.compose.samples import PICTURES, shown

from stationer.compose import SHAPES, press
from stationer.compose.cleaning import from_mjml
from stationer.compose.colours import _towards, contrast
from stationer.compose.drawing import fields, places, target
from stationer.compose.markup import check
from stationer.compose.pictures import Shot, measure
from stationer.compose.pieces import Node, read
from stationer.compose.places import Stand
from stationer.wire.source import Source

TEXT = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"


def test_mjml_that_only_mrml_refuses_is_a_problem_with_its_sentence():
    source = '<mj-section "x"></mj-section>'
    with pytest.raises(ValueError, match="parse"):
        from_mjml(source)
    assert check(source) == []
    found = press(Source("mjml", {"mjml": source}, "t"), kind="message", slot="banner", pictures=PICTURES)
    assert found.content is None
    assert [problem.where for problem in found.problems] == ["mjml"] and "not MJML" in found.problems[0].what


def test_what_an_author_makes_conditional_in_mjml_stays_only_where_it_is_filled():
    source = TEXT.format('Call me <span data-needs="phone mobile">by phone</span>')
    assert "by phone" in shown("mjml", {"mjml": source}, {"mobile": "1"}, "x")[0]
    assert "by phone" not in shown("mjml", {"mjml": source}, {"name": "Bob"}, "x")[0]


def test_sections_belong_into_a_text_twin_alone():
    assert [problem.what for problem in places("mjml", "one\n{{#phone}}x{{/}}")] == [
        "{{#phone}} belongs into a text twin alone.",
        "{{/}} belongs into a text twin alone.",
    ]
    assert places("text", "{{#phone}}x{{/}}", sections=True) == []


def test_a_section_in_words_or_in_a_link_is_passed_over():
    assert fields("a{{#phone}}b{{/}}", Stand(""), str) == "ab"
    assert target("https://x.example/{{#phone}}b{{/}}") == ("https://x.example/", "b")


def test_an_end_tag_of_an_empty_element_closes_nothing_and_inner_elements_are_named():
    assert check(TEXT.format("a<br></br>b")) == []
    found = check(TEXT.format("<b><i>x</b>"))
    assert [problem.what for problem in found] == ["<i> is never closed."]


def test_a_colour_that_no_mixing_makes_legible_becomes_the_end_itself():
    grey = (119, 119, 119)
    assert contrast((119, 119, 119), grey) < 4.5
    assert _towards((119, 119, 119), (120, 120, 120), grey) == (120, 120, 120)
    assert contrast(_towards((250, 250, 250), (0, 0, 0), (255, 255, 255)), (255, 255, 255)) >= 4.5


def test_the_size_of_a_jpeg_is_found_behind_fill_bytes_and_markers_without_length():
    frame = b"\xff\xc0\x00\x11\x08\x00\x02\x00\x03" + b"\0" * 8
    assert measure(b"\xff\xd8\xff\xff\xff\x01\xff\xe0\x00\x04ab" + frame) == Shot(".jpg", 3, 2)


def test_the_reader_takes_what_nh3_writes_and_passes_over_an_end_that_ends_nothing():
    paragraph, *rest = read("<p>a</b>&amp;&#233;</p>x")
    assert isinstance(paragraph, Node) and paragraph.children == ["a", "&amp;", "&#233;"] and rest == ["x"]


def test_a_shape_knows_its_fields_by_name():
    shape = SHAPES["note"]
    assert shape.field("words") is not None and shape.field("nothing") is None


def test_a_picture_or_a_colour_has_no_words_in_the_text():
    values = {"picture": "wide", "alt": "In words", "link": "https://x.example/"}
    html, text = shown("banner-picture", values, {})
    assert "<img" in html and "wide" not in text and "In words" in text
