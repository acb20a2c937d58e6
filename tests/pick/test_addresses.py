"""The quick way to an address's canonical spelling is the long way's, for every text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.pick import worlds

from stationer import pick
from stationer.pick.addresses import canonical, canonical_all, canonical_domain, matchable, names
from stationer.wire.definition import Campaign, Definition, Message
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule


def long_way(address: str) -> str:
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{canonical_domain(domain)}"


@given(st.text(alphabet=" \t\n.@abAB-é", max_size=12) | st.text(max_size=12))
@example("a@..")
@example("...")
@example("a.@b.")
@example("@")
def test_the_quick_way_is_the_long_way(address):
    assert canonical(address) == long_way(address)


def test_an_address_of_the_longest_length_is_one_and_a_longer_one_is_none():
    assert matchable("a" * 64 + "@" + "b" * 255) and matchable("é" * 160)
    assert not matchable("a" * 64 + "@" + "b" * 256) and not matchable("é" * 160 + "a")
    assert not matchable("a\x85@b.example")


def sides(domain: str, *to: str) -> list[bool]:
    """Whether each of these is shown what is for mails that stay inside."""
    inside = Rule(to=Recipients("inside"))
    secret = Campaign(
        "secret", "Secret", inside, (Message("m", "", worlds.content("message", "banner", "m")),)
    )
    definition = Definition("p", "P", (domain,), b"k" * 32, (worlds.FALLBACK,), (secret,))
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(Roll("p", (), (Person("mem", f"a@{domain}", {}),)))
    asked = (Question(f"a@{domain}", [one], []) for one in to)
    answers = (pick.pick(snapshot, roll, one, now=0, pick_id="pk") for one in asked)
    return [bool(answer.copies[0].new.banner) for answer in answers]


def test_a_domain_that_once_was_written_alike_is_outside():
    assert sides("strasse.example", "x@strasse.example", "x@straße.example", "x@STRAẞE.example") == [
        True,
        False,
        False,
    ]
    assert sides("straße.example", "x@xn--strae-oqa.example", "x@strasse.example") == [True, False]


def test_an_address_that_becomes_two_addresses_is_outside():
    assert sides("in.example", "x@evil＠in.example", "x@in.example", "x@in。example.") == [False, True, True]


def test_an_address_with_a_dot_at_its_end_is_the_same_among_others():
    assert canonical_all(["A@b.example.", "c@d"]) == ["a@b.example", "c@d"]
    assert canonical_all(["c@d", "A@b.example."]) == ["c@d", "a@b.example"]


@pytest.mark.parametrize(
    "text",
    [
        "jane@x.example", "<Jane@X.example>, joe@y.example", "mailto:jane@x.example?subject=a", "Ask jane@x.example.",
        '{"to":"jane@x.example"}', r'{"head":"Hello\njane@x.example\u003e"}', r"\u003cjane@x.example", "a=jane@x.example",
        "'jane@x.example'", "mary-jane@x.example and jane@x.example", "(jane@x.example)", "/for/jane@x.example/",
    ],
)  # fmt: skip
def test_a_text_names_an_address(text):
    assert names(text, "jane@x.example")


@pytest.mark.parametrize(
    "text",
    ["mary-jane@x.example", "mary.jane@x.example", "a+jane@x.example", "mjane@x.example", "jane@x.example.org",
     "jane@x.examples", "jane@x.example-shop.org", "o'jane@x.example", "jane@xxexample", ""],
)  # fmt: skip
def test_a_part_of_a_longer_address_is_not_that_address(text):
    assert not names(text, "jane@x.example")
