"""The element `rating`: one press is the whole answer, in every scale, with and without pictures (surveys.md §1)."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.compose.test_form import form

from stationer import links
from stationer.compose import complete, fill, generated, press
from stationer.wire.content import Asks
from stationer.wire.words import SCALES, Scale

BASE = "https://go.acme.example/c/"
VISIT = {"question": "How was {{name|your}} visit?"}


@pytest.mark.parametrize("scale", SCALES)
def test_every_answer_is_a_link_of_its_own_with_words_that_can_be_read(scale: Scale) -> None:
    said = {**VISIT, "scale": scale, "low": "Bad & sad", "high": "Good"}
    pressed = press(
        form(("rating", said), ground="pale"), kind="message", slot="banner", link_base=BASE,
        tags={"utm_source": "mail"}, decoy=True,
    )  # fmt: skip
    content = pressed.content
    assert content is not None
    assert pressed.problems == ()
    values = [links.vote_of(target) for target in content.targets[:-1] if isinstance(target, str)]
    assert values == [links.Voted(scale, value) for value in SCALES[scale]]
    assert content.targets[-1] == BASE + "decoy"
    assert len(links.tracked(content.targets, BASE)) == len(values) + 1
    html, text = complete(fill(content, {}, name="x"), [f"T{n}" for n in range(12)])
    words = re.findall(r'<a href="[^"]*c/T\d+" style="[^"]*">(.*?)</a>', html)
    assert len(words) == len(values)
    assert all(re.sub(r"<[^>]*>|&nbsp;|\W", "", one) for one in words)
    assert "<img" not in html
    assert "utm_source" not in html + text
    assert [line.rpartition("/")[2] for line in text.splitlines() if "://" in line] == [
        f"T{n}" for n in range(len(values))
    ]
    assert text.startswith("How was your visit?\n")


def test_what_is_asked_is_said_beside_the_block_and_changes_no_other_content() -> None:
    ends = press(form(("rating", {**VISIT, "scale": "nps", "high": "Gladly"})), kind="message", slot="banner")
    faces = press(form(("rating", {**VISIT, "scale": "faces"})), kind="message", slot="banner")
    assert ends.content is not None
    assert ends.content.asks == Asks("nps", "How was your visit?", ("", "Gladly"))
    assert faces.content is not None
    assert faces.content.asks == Asks(
        "faces", "How was your visit?", ("Could be better", "Fair", "Very well")
    )
    other = press(form(("text", {"words": "Hello"})), kind="message", slot="banner")
    assert b"asks" not in msgspec.json.encode(other.content)


def test_where_nothing_may_be_noted_nothing_is_asked() -> None:
    both = form(("text", {"words": "Thank you."}), ("rating", VISIT), ground="full")
    silent = press(both, kind="message", slot="banner", link_base=BASE, asks=False).content
    assert silent is not None
    assert (silent.targets, silent.text, silent.asks) == ((), ("Thank you.",), msgspec.UNSET)
    alone = press(form(("rating", VISIT), ground="full"), kind="message", slot="banner", asks=False).content
    assert alone is not None
    assert (alone.html, alone.text) == ((), ("",)) or not "".join(map(str, alone.html + alone.text))


def test_a_block_asks_one_question_and_no_link_says_what_only_a_survey_says() -> None:
    twice = press(form(("rating", VISIT), ("rating", VISIT)), kind="message", slot="banner")
    assert [problem.where for problem in twice.problems] == ["elements/1"]
    link = {"words": f"[Five]({BASE}vote/stars/5)"}
    forged = press(form(("text", link)), kind="message", slot="banner")
    assert [problem.what for problem in forged.problems] == [
        f"The address '{BASE}vote/stars/5' is that of a survey's answer."
    ]
    for other in (
        "https://edge.example/c/vote/nps/10",
        f"{BASE}vote/nps/10",
        "https://other.example/c/vote/stars/5",
    ):
        beside = form(("rating", VISIT), ("text", {"words": f"[Ten]({other})"}))
        refused = press(beside, kind="message", slot="banner", link_base=BASE)
        assert [problem.what for problem in refused.problems] == [
            f"The address {other!r} is that of a survey's answer."
        ]
    wrong = press(form(("rating", {"scale": "star"})), kind="message", slot="banner", asks=False)
    assert {problem.where for problem in wrong.problems} == {"elements/0/question", "elements/0/scale"}


def test_the_twin_is_written_as_a_person_would_type_it() -> None:
    typed = generated(form(("rating", {"question": "How was it?", "scale": "faces"})))
    assert typed.splitlines()[:2] == ["How was it?", f"Could be better: {links.voting.NOWHERE}vote/faces/1"]


def test_a_twin_of_its_authors_own_leads_where_the_answers_lead() -> None:
    begun = form(("rating", {"question": "How was it?", "scale": "faces"}))
    typed = msgspec.structs.replace(begun, text=generated(begun).replace("How was it?", "Well?"))
    pressed = press(typed, kind="message", slot="banner", link_base=BASE)
    assert pressed.content is not None
    assert pressed.problems == ()
    assert pressed.content.targets == tuple(links.vote_target(BASE, "faces", n) for n in (1, 2, 3))
    silent = press(typed, kind="message", slot="banner", link_base=BASE, asks=False)
    assert silent.content is not None
    assert silent.problems == ()
    assert silent.content.text == ("Well?",)


@pytest.mark.parametrize(
    "target",
    [
        BASE + "vote/stars/6", BASE + "vote/stars/0", BASE + "vote/faces/04", BASE + "vote/nps/11", BASE + "vote/x/1",
        BASE + "vote/stars/1?a", "https://acme.example/vote/stars/1", "mailto:c/vote/stars/1", "",
    ],
)  # fmt: skip
def test_only_an_answer_of_a_scale_is_a_vote(target: str) -> None:
    assert links.vote_of(target) is None
