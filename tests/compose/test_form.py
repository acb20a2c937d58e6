"""The shape `form`: elements in order, colours that can be read, lines that vanish, a twin as one types it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compose.samples import BOB, HOSTILE, PICTURES

from stationer.compose import KINDS, SHAPES, complete, fill, generated, length, press, sketch
from stationer.compose.colours import _read, contrast, palette
from stationer.wire.source import Element, Source

#: One of each kind, with values where it must have some.
EACH: dict[str, dict[str, str]] = {
    "logo": {"picture": "logo"},
    "heading": {"words": "Evening with {{name}}"},
    "text": {
        "words": "**Ask** two [dentists](https://x.example/?q={{name}}).\n\n- Tea\n- No \\*obligation\\*"
    },
    "button": {"label": "Book a place", "link": "https://x.example/book"},
    "picture": {"picture": "wide", "alt": "Our house"},
    "columns": {"heading_1": "One", "picture_2": "logo", "alt_2": "Sign", "words_3": "*Three*"},
    "answers": {f"link_{n}": f"https://x.example/{n}" for n in (1, 2, 3)},
    "divider": {},
    "rating": {"question": "How was it, {{name}}?", "low": "Bad", "high": "Good"},
    "spacer": {},
    "social": {"mastodon": "https://social.example/@h", "xing": "{{xing}}"},
    "contact": {},
    "person": {"monogram": "HD"},
    "disclaimer": {"words": "Harbour Ltd, [imprint](https://x.example/i)."},
}
GROUNDS = [option.value for option in SHAPES["form"].field("ground").options]
EDGES = [option.value for option in SHAPES["form"].field("edge").options]


def form(*elements: tuple[str, dict[str, str]], text: str = "", **values: str) -> Source:
    return Source("form", values, text, tuple(Element(kind, said) for kind, said in elements))


def mail(source: Source, attributes: dict[str, str]) -> tuple[str, str]:
    found = press(source, kind="message", slot="banner", pictures=PICTURES)
    assert found.content is not None, found.problems
    return complete(fill(found.content, attributes, name="n"))


def problems(source: Source) -> list[tuple[str, int | None]]:
    found = press(source, kind="message", slot="banner", pictures=PICTURES).problems
    assert all(p.what.endswith(".") and p.next.endswith((".", "?", "tel:.")) for p in found), found
    return [(problem.where, problem.line) for problem in found]


def test_there_is_an_example_of_every_kind() -> None:
    assert set(EACH) == set(KINDS)
    for kind in KINDS.values():
        assert kind.label and kind.hint and kind.fields
        for field in kind.fields:
            assert not field.options or field.otherwise in {option.value for option in field.options}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_a_form_holds_in_mail_programs(ground: str, edge: str) -> None:
    html, text = mail(form(*EACH.items(), ground=ground, edge=edge), BOB)
    assert len(html) <= 30_000 and "{{" not in html + text and "zq0x" not in html + text
    assert not re.search(r"\b(class|id|on\w+|data-\w+)=|<(div|p)[^>]*float", html)
    assert not re.search(r"position|float|flex|grid|url\(|@media|calc\(|var\(", html)
    assert all('role="presentation"' in tag for tag in re.findall(r"<table\b[^>]*>", html))
    assert all(int(width) <= 600 for width in re.findall(r'\bwidth="(\d+)"', html))
    for tag in re.findall(r"<[^>]*background-color:[^>]*>", html):
        assert 'bgcolor="' in tag
    for tag in re.findall(r"<img\b[^>]*>", html):
        assert "alt=" in tag and "width=" in tag and "border=" in tag
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") > 0


@pytest.mark.parametrize(
    "colour", ["#1f3a5f", "#0e6e73", "#f2c200", "#ffffff", "#000000", "#e4572e", "#7fd0d3"]
)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_can_be_read_on_its_ground_in_light_and_turned_dark(colour: str, ground: str) -> None:
    tones = palette(colour, ground)
    pairs = [(tones[ink], tones["paper"] or "#ffffff") for ink in ("ink", "quiet", "link_colour")]
    pairs += [(tones["button_on"], tones["button"]), (tones["box_ink"], tones["box"])]
    for ink, paper in pairs:
        assert contrast(_read(ink), _read(paper)) >= 4.5, (ink, paper)
        # turned round with its hue kept, a bright colour keeps less; what is bold still needs 3 : 1
        assert contrast(_dark(ink), _dark(paper)) >= (3 if paper == tones["button"] else 4.5), (ink, paper)


def _dark(colour: str) -> tuple[int, int, int]:
    """A colour as our dark view shows it: `invert(0.9) hue-rotate(180deg)` (Filter Effects Level 1)."""
    red, green, blue = (0.9 * 255 + c * (0.1 - 0.9) for c in _read(colour))
    rows = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))
    mixed = (round(min(255, max(0, a * red + b * green + c * blue))) for a, b, c in rows)
    return next(mixed), next(mixed), next(mixed)


def test_elements_stand_in_their_order_and_the_twin_follows_them() -> None:
    html, text = mail(form(("text", {"words": "First."}), ("heading", {"words": "Then"})), BOB)
    assert html.index("First.") < html.index("Then")
    assert text == "First.\n\nThen"


def test_what_has_nothing_to_say_vanishes_with_its_air() -> None:
    source = form(
        ("heading", {"words": "Always"}),
        ("text", {"words": "Room {{room}}", "tone": "quiet"}),
        ("contact", {}),
        ("social", {"xing": "{{xing}}"}),
        ("logo", {"company": "{{firm}}", "link": ""}),
        ("columns", {"words_1": "{{a}}", "words_2": "{{b}}"}),
    )
    html, text = mail(source, {})
    assert text == "Always"
    assert (
        html.count("padding:") - html.count("padding:0 0") <= 3
    )  # the frame, the heading, the columns' ghost
    html, text = mail(source, {"room": "7", "xing": "https://xing.example/a"})
    assert text == "Always\nRoom 7\nXING: https://xing.example/a"


def test_rich_text_is_what_it_says_and_nothing_else() -> None:
    html, text = mail(
        form(("text", {"words": "**a** *b* ***c*** 2*3*4 ** \\*d\\* [e*f*](https://x.example/*g*) <b>"})), {}
    )
    assert "<b>a</b> <i>b</i> " in html and "2*3*4 ** *d* " in html and "&lt;b&gt;" in html
    assert ">e<i>f</i></a>" in html or ">e*f*</a>" in html
    assert "https://x.example/*g*" in html and "https://x.example/*g*" in text
    assert text.startswith("a b ") and "*d*" in text


def test_a_link_in_a_text_leads_somewhere() -> None:
    words = "fine\n[a](x.example) [b]() [c](javascript:alert)\n[d](https://x.example)"
    assert problems(form(("text", {"words": words}))) == [("elements/0/words", 2)] * 3


def test_every_mistake_is_told_at_its_element() -> None:
    source = form(
        ("heading", {"words": "x", "sise": "large"}),
        ("headin", {}),
        ("button", {"label": "Go", "link": "x.example", "look": "round"}),
        ("columns", {"picture_1": "logo"}),
        ("picture", {"picture": "wid", "alt": ""}),
        ground="paled",
    )
    assert sorted(place for place, _ in problems(source)) == [
        "elements/0/sise", "elements/1", "elements/2/link", "elements/2/look", "elements/3/alt_1",
        "elements/4/alt", "elements/4/picture", "ground",
    ]  # fmt: skip
    assert problems(form()) == [("elements", None)]
    assert problems(form(*[("spacer", {})] * 41)) == [("elements", None)]
    assert problems(Source("note", {"words": "x"}, elements=(Element("divider"),))) == [("elements", None)]


def test_the_twin_of_every_form_can_be_taken_over_by_hand() -> None:
    source = form(*EACH.items(), dashes="yes")
    typed = generated(source, PICTURES)
    for attributes in (BOB, {}, {"name": "Ann", "mobile": "1"}):
        own = form(*EACH.items(), dashes="yes", text=typed)
        assert mail(own, attributes)[1] == mail(source, attributes)[1]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_persons_value_leaves_its_place(value: str) -> None:
    html, _ = mail(form(*EACH.items()), dict.fromkeys([*BOB, "xing"], value))
    assert not re.search(r"<script|<img src=x|(href|src)=.(javascript|data):", html, re.I)
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', html))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("*[]()\\- \n<>{}#/|\"'&;azhtps:.")))
def test_nothing_that_can_be_typed_raises_or_opens_a_tag(words: str) -> None:
    source = form(
        ("text", {"words": words}), ("heading", {"words": words}), ("button", {"label": words, "link": words})
    )
    found = press(source, kind="message", slot="banner")
    assert generated(source) is not None
    if found.content:
        html, _ = complete(fill(found.content, {}, name="n"))
        assert len(re.findall(r"<[biu]>", html)) == len(re.findall(r"</[biu]>", html))


def test_an_element_that_is_none_is_told_with_what_comes_nearest_and_the_rest_is_shown() -> None:
    source = form(("headin", {"words": "x"}), ("zzz", {}), ("heading", {"words": "Shown"}))
    found = press(source, kind="message", slot="banner").problems
    assert [(one.where, one.next[:12]) for one in found] == [
        ("elements/0", "Did you mean"),
        ("elements/1", "There are: a"),
    ]
    content = sketch(source, kind="message", slot="banner", pictures=PICTURES)
    assert "Shown" in "".join(piece for piece in content.html if isinstance(piece, str))
    assert 0 < length(content) < 5_000


@pytest.mark.parametrize("end", ["first", "last"])
def test_a_picture_over_the_whole_width_of_a_ground_has_no_air_at_its_edge(end: str) -> None:
    picture, heading = ("picture", {"picture": "wide", "alt": "Our house"}), ("heading", {"words": "x"})
    elements = (picture, heading) if end == "first" else (heading, picture)
    wide, _ = mail(form(*elements, ground="pale"), {})
    small = tuple((kind, said | ({"size": "small"} if kind == "picture" else {})) for kind, said in elements)
    assert wide != mail(form(*small, ground="pale"), {})[0]


def test_the_line_of_two_dashes_goes_when_nothing_of_a_form_is_left() -> None:
    own = form(("text", {"words": "{{nickname}}"}), dashes="yes")
    assert mail(own, {})[1] == "" and mail(own, {"nickname": "Bo"})[1] == "-- \nBo"
    fixed = form(("text", {"words": "Words"}), ("divider", {}), dashes="yes")
    assert mail(fixed, {})[1].startswith("-- \nWords")


def test_a_shape_that_is_none_has_no_twin() -> None:
    assert generated(Source("no such shape")) == ""


def test_the_twin_of_mjml_is_made_from_its_words_and_links() -> None:
    source = Source(
        "mjml", {"mjml": '<mj-text>Come <a href="https://x.example/">here</a>, {{name}}</mj-text>'}
    )
    twin = generated(source)
    assert "Come" in twin and "https://x.example/" in twin and "{{name}}" in twin


def test_a_colour_that_is_none_is_told_and_the_house_colour_shown_meanwhile() -> None:
    source = form(("heading", {"words": "x"}), colour="reddish")
    assert ("colour", None) in problems(source)
    assert length(sketch(source, kind="message", slot="banner")) > 0
