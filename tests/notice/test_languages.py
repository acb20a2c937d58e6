"""Which language is written, and what a PEN's own words change (contract/notice.md §6)."""

from __future__ import annotations

from datetime import date

import pytest

from stationer import notice
from stationer.notice.inks import contrast, dark, light
from stationer.notice.words import FIELDS, OURS
from tests.notice.made import pen, sent, twins


def languages(by: notice.Pen, *wanted: str) -> list[str]:
    """The languages chosen."""
    return [one.language for one in notice.chosen(by, wanted)]


def test_ours_are_whole():
    assert all(words.keys() == FIELDS.keys() for words in OURS.values())
    for language in OURS:
        assert not notice.faults(pen(words={language: OURS[language]}))


@pytest.mark.parametrize(
    ("wanted", "own", "found"),
    [
        ((), ("de",), ["de"]), (("de-AT",), ("en",), ["de-at"]), (("fr",), ("de", "en"), ["de", "en"]), (("DE", "de"), ("en",), ["de"]),
        (("fr", "en"), ("de",), ["en"]), (("en-\"><x",), ("de",), ["de"]), ((), ("fr",), ["en"]), ((), (), ["en"]),
    ],
)  # fmt: skip
def test_a_language_in_which_a_word_is_missing_is_not_used(wanted, own, found):
    assert languages(pen(languages=own), *wanted) == found


def test_english_is_there_even_when_a_pen_has_none():
    assert notice.chosen(pen(languages=("fr",)), ())[0].words["heading"] == OURS["en"]["heading"]


def test_a_pens_own_words_stand_in_the_place_of_ours():
    own = pen(words={"de": {"go": "Hier lesen"}, "de-AT": {"how": "Servus"}, "FR": dict(OURS["en"])})
    text = twins(sent(by=own, languages=("de-at",)))[0]
    assert "Hier lesen" in text and "Servus" in text
    assert "Servus" not in twins(sent(by=own, languages=("de",)))[0]
    assert languages(own, "fr-CA") == ["fr-ca"]


def test_dates_are_written_as_the_language_does():
    said = {one.language: one.day(date(2027, 3, 9)) for one in notice.chosen(pen(), ("en", "de"))}
    assert said == {"en": "9 March 2027", "de": "9. März 2027"}


def test_what_is_filled_in_is_not_filled_again():
    word = notice.chosen(pen(), ("en",))[0]
    assert (
        word.say("heading", author="{pen}\u2069 {author}") == "\u2068{pen} {author}\u2069 has written to you"
    )
    assert word.say("heading") == "{author} has written to you"


@pytest.mark.parametrize(
    ("texts", "language", "found"),
    [
        ({"en": "E", "de": "D", "de-AT": "A"}, "de-at", "A"), ({"en": "E", "de": "D"}, "de-at", "D"), ({"en": "E", "fr": "F"}, "de", "F"),
        ({"it": "I"}, "de", "I"), ({}, "de", ""), ({"de": " two\r\nlines "}, "de", "two lines"),
    ],
)  # fmt: skip
def test_a_disclaimer_is_found_in_the_nearest_language(texts, language, found):
    assert notice.disclaimer(pen(languages=("fr",)), texts, language) == found


def test_a_sender_belongs_to_the_package_that_names_them_most_closely():
    by = pen(
        packages={
            "rest": notice.Package(("*",)),
            "house": notice.Package(("@ACME.example",)),
            "boss": notice.Package(("Boss@acme.example",)),
        }
    )
    assert notice.package_of(by, ("boss@acme.example",)) == "boss"
    assert notice.package_of(by, ("a@acme.example",)) == "house"
    assert notice.package_of(by, ("a@sub.acme.example",)) == "rest"
    assert notice.package_of(by, ()) == "rest"
    assert notice.package_of(pen(packages={}), ("a@acme.example",)) is None


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ffff00", "#0e6e73", "#7f7f7f", "#ff0000", "#0000ff", "#00ff00"]
)
def test_any_brand_colour_can_be_read(colour):
    day, night = light(colour), dark(colour)
    assert contrast(day.button, day.on) >= 4.5 and contrast(day.link, "#f3f0ea") >= 4.5
    assert contrast(night.button, night.on) >= 4.5 and contrast(night.link, "#121518") >= 4.5
