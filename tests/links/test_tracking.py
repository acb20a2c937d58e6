"""Which links have tokens (contract/links.md §1, §6)."""

from __future__ import annotations

import pytest

from stationer import links
from stationer.wire.content import Field

BASE = "https://go.acme.example/c/"


@pytest.mark.parametrize(
    "target", ["https://acme.example/", "http://acme.example", "HTTPS://ACME.example/?a#b"]
)
def test_a_whole_web_address_is_tracked(target: str) -> None:
    assert links.tracked([target], BASE) == ((0, 0),)


@pytest.mark.parametrize(
    "target",
    [
        "mailto:a@acme.example", "tel:+441632960142", "#top", "https://acme.example/Unsubscribe?x", "https://a.example/opt-out",
        "https://a.example/OPTOUT", "https://abmelden.example/", "https://a.example/abbestellen",
        ("https://acme.example/", Field("name")), (Field("website"),),
    ],
)  # fmt: skip
def test_all_others_are_left_alone(target: str | tuple[str | Field, ...]) -> None:
    assert links.tracked([target], BASE) == ()
    assert links.tracked([target, "https://acme.example/"], BASE) == ((1, 1),)


def test_without_an_address_for_tokens_there_are_none() -> None:
    assert links.tracked(["https://acme.example/"], "") == ()
    assert links.tracked([], BASE) == ()


def test_the_first_255_have_tokens() -> None:
    many = [f"https://acme.example/{n}" for n in range(300)]
    assert links.tracked(many, BASE) == tuple((n, n) for n in range(255))


def test_the_decoy_is_the_last_link_and_has_a_number_of_its_own() -> None:
    decoy = links.decoy_of(BASE)
    assert links.tracked(["https://acme.example/", decoy], BASE) == ((0, 0), (1, links.DECOY))
    assert links.tracked([decoy], BASE) == ()  # nothing is counted, so nothing is asked of programs
    many = [f"https://acme.example/{n}" for n in range(300)]
    assert links.tracked([*many, decoy], BASE)[-1] == (300, links.DECOY)
