"""Links that lead where nobody may be sent are told by field (contract/links.md §1); the decoy (§6)."""

from __future__ import annotations

import pytest

from stationer.compose import complete, fill, press
from stationer.links import decoy_of, tracked
from stationer.wire.source import Element, Source

BASE = "https://go.acme.example/c/"
BAD = ("https://user@evil.example/", "https://acme.example\\evil", "https://:80/", "https://a b.example/")


def told(source: Source) -> list[tuple[str, int | None]]:
    """Where problems are, and on which line."""
    pressed = press(source, kind="message", slot="banner", link_base=BASE)
    assert (pressed.content is None) == bool(pressed.problems)
    return [(problem.where, problem.line) for problem in pressed.problems]


@pytest.mark.parametrize("address", BAD)
def test_a_field_says_so(address: str) -> None:
    banner = {"headline": "H", "button": "B"}
    assert told(Source("banner", {**banner, "link": address})) == [("link", None)]
    button = Element("button", {"label": "B", "link": address})
    assert told(Source("form", elements=(button,))) == [("elements/0/link", None)]


@pytest.mark.parametrize(
    "address", ["https://user@evil.example/", "https://acme.example\\evil", "mailto:a\\b"]
)
def test_a_link_in_words_says_so_with_its_line(address: str) -> None:
    words = Element("text", {"words": f"One\n[two]({address})"})
    assert told(Source("form", elements=(words,))) == [("elements/0/words", 2)]


@pytest.mark.parametrize(
    "address", [*BAD, "javascript:alert(1)", "data:text/html,x", "//evil.example", "page.html"]
)
def test_a_design_of_ones_own_says_so_with_its_line(address: str) -> None:
    section = '<mj-section><mj-column>\n<mj-button href="{}">B</mj-button></mj-column></mj-section>'
    assert told(Source("mjml", {"mjml": section.format(address)}, "x")) == [("mjml", 2)]
    raw = '<mj-section><mj-column>\n<mj-image src="https://a.example/b.png" alt="b" href="{}" /></mj-column></mj-section>'
    assert told(Source("mjml", {"mjml": raw.format(address)}, "x")) == [("mjml", 2)]
    assert told(Source("mjml", {"mjml": section.format("https://{{shop}}.acme.example/")}, "x")) == []


def test_a_typed_twin_says_so_with_its_line() -> None:
    assert told(Source("note", {"words": "W"}, "W\nhttps://user@evil.example/x")) == [("text", 2)]


def test_a_block_with_a_tracked_link_ends_in_a_decoy_that_nobody_sees() -> None:
    banner = Source("banner", {"headline": "H", "button": "B", "link": "https://acme.example/"})
    tags = {"utm_source": "mail"}
    made = press(banner, kind="message", slot="banner", link_base=BASE, tags=tags, decoy=True).content
    assert made is not None
    assert made.targets == ("https://acme.example/?utm_source=mail", decoy_of(BASE))
    assert tracked(made.targets, made.link_base) == ((0, 0), (1, 255))
    html, text = complete(fill(made, {}, name="x"), ["real", "decoy-token"])
    assert html.endswith(f'<a href="{BASE}decoy-token" tabindex="-1" aria-hidden="true"></a>')
    assert "decoy" not in text
    html, _ = complete(fill(made, {}, name="x"))
    assert html.endswith(f'<a href="{BASE}decoy" tabindex="-1" aria-hidden="true"></a>')


@pytest.mark.parametrize(("link", "base"), [("https://acme.example/", ""), ("mailto:a@b.example", BASE)])
def test_one_without_has_none(link: str, base: str) -> None:
    source = Source("banner", {"headline": "H", "button": "B", "link": link})
    plain = press(source, kind="message", slot="banner", link_base=base)
    assert press(source, kind="message", slot="banner", link_base=base, decoy=True) == plain
