"""When the words of a link name a domain, and when they only have a full stop in them."""

from __future__ import annotations

import pytest

from stationer.compose.lint import lint, mended
from stationer.compose.lint.endings import GIVEN_OUT
from stationer.wire.source import Element, Source


def text(words: str) -> Source:
    return Source("form", elements=(Element("text", {"words": words}),))


def rules(words: str) -> list[str]:
    return [one.rule for one in lint(text(words), kind="message", slot="banner").findings]


@pytest.mark.parametrize(
    "words",
    [
        "inkl.MwSt", "St.Gallen besuchen", "ab 10.Uhr", "Learn Node.js", "Teil v1.Two", "Der Plan.Teil zwei",
        "Preisliste.pdf", "acme.com/plan.pdf und acme-plan.docx", "schreiben Sie info@elsewhere.com", "z.B. das",
        "www.acme.example", "ACME.example", "shop.acme.example/plan", "{{city}}.com",
    ],
)  # fmt: skip
def test_words_that_name_no_other_domain_are_left_alone(words: str) -> None:
    address = "https://acme.com/" if "acme.com" in words else "https://www.acme.example/x"
    assert "link-domain" not in rules(f"Go: [{words}]({address})")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("elsewhere.com", "elsewhere.com"),
        ("Node.js und elsewhere.de", "elsewhere.de"),  # the first that is one
        ("https://elsewhere.corp/x", "elsewhere.corp"),  # whatever its ending
        ("www.elsewhere.intern", "www.elsewhere.intern"),
        ("Elsewhere.Berlin", "Elsewhere.Berlin"),
        ("bücher.de", "bücher.de"),
    ],
)
def test_words_that_name_another_domain_are_told_and_mended(words: str, named: str) -> None:
    source = text(f"Go: [{words}](https://acme.example/x)")
    (one,) = lint(source, kind="message", slot="banner").findings
    assert (one.rule, one.said["named"]) == ("link-domain", named)
    after = mended(source, one)
    assert "acme.example" in after.elements[0].values["words"].partition("](")[0]
    assert rules(after.elements[0].values["words"]) == []


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("münchen.de", "https://xn--mnchen-3ya.de/"),
        ("www.xn--mnchen-3ya.de", "https://münchen.de/"),
        ("MÜNCHEN.de", "https://www.xn--mnchen-3ya.de/"),
    ],
)
def test_a_name_in_letters_and_in_ascii_is_one(words: str, address: str) -> None:
    assert rules(f"[{words}]({address})") == []


def test_a_name_that_only_looks_alike_is_another() -> None:
    assert rules("[apple.com](https://xn--80ak6aa92e.com/)") == ["link-domain"]
    assert rules("[xn--ü.de](https://acme.example/)") == ["link-domain"]  # no punycode at all


def test_an_address_in_brackets_is_a_number_and_told_whole() -> None:
    (one,) = lint(text("[Our plan](https://[2001:db8::1]/x)"), kind="message", slot="banner").findings
    assert (one.rule, one.said["host"]) == ("link-number", "[2001:db8::1]")


def test_a_mailbox_is_held_against_the_one_that_is_written_to() -> None:
    assert rules("[info@acme.example](mailto:hello@acme.example)") == []
    assert rules("[info@elsewhere.com](mailto:hello@acme.example)") == ["link-domain"]
    assert rules("[Write to us](mailto:hello@acme.example)") == []


def test_the_endings_are_those_of_domains() -> None:
    assert {"de", "com", "uk", "berlin", "example"} <= GIVEN_OUT
    assert not {"js", "mwst", "gallen", "uhr", "ts"} & GIVEN_OUT
    assert all(one.isascii() and one.islower() and len(one) > 1 for one in GIVEN_OUT)
