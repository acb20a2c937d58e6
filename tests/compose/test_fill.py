"""Filling: what a person is called never becomes markup; what nobody filled in leaves no trace."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compose.samples import BOB, CASES, HOSTILE, pressed, shown

from stationer.compose import complete, fill


class Skeleton(HTMLParser):
    """Tags and the names of their attributes; addresses by scheme."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = [
            (n, (v or "").split(":")[0] if n in ("href", "src") else "" if n in ("alt", "title") else v)
            for n, v in attrs
        ]
        self.found.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(f"!{data}")


def skeleton(html: str) -> list[object]:
    parser = Skeleton()
    parser.feed(html)
    parser.close()
    return parser.found


ADDRESSES = ("website", "photo")


@pytest.mark.parametrize(("shape", "values"), CASES)
@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(BOB)), st.sampled_from(HOSTILE) | st.text(min_size=1), min_size=1)
)
def test_no_attribute_can_change_the_markup(
    shape: str, values: dict[str, str], hostile: dict[str, str]
) -> None:
    """The same tags as for harmless words in the same places, whatever the words."""
    block = fill(pressed(shape, values), BOB | hostile, name="n")
    kept = {key for key in BOB if key not in hostile or _shows(key, hostile[key])}
    harmless = fill(pressed(shape, values), {key: BOB[key] for key in kept}, name="n")
    assert skeleton(complete(block)[0]) == skeleton(complete(harmless)[0])
    assert all(target == "" or target.startswith(("https://", "http://")) for target in block.targets)


def _shows(key: str, value: str) -> bool:
    from stationer.compose.filling import plain, web_address

    return bool(web_address(plain(value)) if key in ADDRESSES else plain(value))


@pytest.mark.parametrize("value", HOSTILE)
def test_the_twin_stays_a_few_plain_lines(value: str) -> None:
    _, text = shown("signature", {}, {**BOB, "name": value})
    assert "\r" not in text and "\0" not in text and "\x1b" not in text
    assert not any(line.startswith("Bcc:") for line in text.splitlines())
    text.encode()


def test_lines_without_anything_to_say_vanish() -> None:
    html, text = shown("signature", {}, {"name": "Ann"})
    assert text == "-- \nAnn"
    assert html.count("<br>") == 1 and "tel:" not in html and "href" not in html and "·" not in html
    html, text = shown("signature", {}, {"name": "Ann", "mobile": "1", "website": "ann.example"})
    assert text == "-- \nAnn\n1, https://ann.example"
    assert html.count("·") == 1 and ">ann.example</a>" in html
    html, text = shown("signature", {}, {"name": "Ann", "title": "Baker", "phone": "1"})
    assert text == "-- \nAnn\nBaker\n1" and "," not in html.split("<b>")[1] and "·" not in html


def test_a_block_of_which_everything_has_vanished_shows_nothing() -> None:
    assert shown("signature", {}, {}) == ("", "")


def test_a_fallback_keeps_its_line() -> None:
    html, text = shown("note", {"words": "Ask {{name|the front desk}} about it."}, {})
    assert text == "Ask the front desk about it." and "front desk" in html


def test_a_line_with_a_name_in_it_needs_the_name() -> None:
    values = {"headline": "Open evening", "line": "Ask {{name}} about it."}
    assert shown("banner", values, BOB)[1] == "Open evening\nAsk Dr Bob Hendry about it."
    html, text = shown("banner", values, {})
    assert text == "Open evening" and "Ask" not in html


def test_raw_mjml_lets_rows_and_lines_vanish_too() -> None:
    texts = "<mj-text>A<br>T {{phone}}<br>Z</mj-text><mj-text>M {{mobile}}</mj-text>"
    mjml = f"<mj-section><mj-column>{texts}</mj-column></mj-section>"
    html, text = shown("mjml", {"mjml": mjml}, {"mobile": "7"})
    assert "T " not in html and "M 7" in html and text == "A\nZ\n\nM 7"


def test_an_address_that_is_none_takes_its_line_along() -> None:
    for wrong in ("javascript:alert(1)", "ftp://x.example", "call me", "https://", "https://a b"):
        html, text = shown("signature", {}, {"name": "Ann", "website": wrong})
        assert "href" not in html and text == "-- \nAnn", wrong


def test_values_are_encoded_for_the_part_of_an_address_they_stand_in() -> None:
    content = pressed(
        "note", {"words": "x", "label": "y", "link": "https://x.example/{{name}}?q={{title}}#f"}
    )
    block = fill(content, {"name": "a/b?&", "title": "ü #"}, name="n")
    assert block.targets == ["https://x.example/a%2Fb%3F%26?q=%C3%BC%20%23#f"]


def test_links_are_numbered_and_take_their_tokens() -> None:
    content = pressed(
        "survey", {"question": "Q", **{f"link_{n}": f"https://x.example/{n}&" for n in (1, 2, 3)}}
    )
    block = fill(content, {}, name="n")
    assert block.targets == [f"https://x.example/{n}&" for n in (1, 2, 3)]
    html, text = complete(block, ["one", "two"])
    assert 'href="https://go.example/c/one"' in html and "Fair: https://go.example/c/two" in text
    assert 'href="https://x.example/3&amp;"' in html and text.endswith("https://x.example/3&")


def test_an_authors_own_twin_is_used() -> None:
    twin = "Come!\n{{#name}}Ask {{name}}.{{/}}\n\n\nBook at https://x.example/b, or not"
    content = pressed("banner", {"headline": "Come", "button": "Go", "link": "https://x.example/b"}, twin)
    block = fill(content, {}, name="n")
    assert complete(block, ["t"])[1] == "Come!\n\nBook at https://go.example/c/t, or not"
    assert block.targets == ["https://x.example/b"]


def test_long_lines_of_a_twin_are_wrapped() -> None:
    _, text = shown("disclaimer", {"words": "word " * 60 + "https://x.example/" + "a" * 100}, {})
    lines = text.split("\n")
    assert all(len(line) <= 72 or " " not in line for line in lines) and len(lines) > 4
