"""Which language a notification is in, and which words and disclaimers stand in it (contract/notice.md §6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from stationer.notice.pen import Pen, Texts
from stationer.notice.plain import one_line
from stationer.notice.words import FIELDS, OURS

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
FIELD = re.compile(r"\{([a-z_]+)\}")
#: First strong isolate, and its end.
ISOLATE, POP = "\u2068", "\u2069"
#: Written from right to left, unless the tag names another script.
FROM_THE_RIGHT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})


class Chosen(NamedTuple):
    """One language, with all its words."""

    language: str
    words: Mapping[str, str]

    @property
    def from_the_right(self) -> bool:
        """Whether it is written from right to left."""
        return base_of(self.language) in FROM_THE_RIGHT and "-latn" not in self.language

    def say(self, word: str, **fields: str) -> str:
        """The word with its fields filled, each once: what is filled in is not looked at again. Each stands between
        isolates (UAX 9 §2.4), so that it is read in its own direction and turns nothing round it."""
        filled = {name: f"{ISOLATE}{one_line(text)}{POP}" for name, text in fields.items()}
        return FIELD.sub(lambda found: filled.get(found[1], found[0]), one_line(self.words[word]))

    def day(self, when: date) -> str:
        """A date as this language writes it."""
        month = self.words["months"].split("|")[when.month - 1]
        return one_line(self.say("date", day=str(when.day), month=month, year=str(when.year)))


def base_of(language: str) -> str:
    """`de-AT` → `de`."""
    return language.partition("-")[0]


def lowered(texts: Texts) -> dict[str, str]:
    """The same by language in lower case."""
    return {language.lower(): text for language, text in texts.items()}


def words_in(pen: Pen, language: str) -> dict[str, str]:
    """All words that there are in this language: the PEN's for it, else its for the base language, else ours."""
    own = {name.lower(): texts for name, texts in pen.words.items()}
    base = base_of(language)
    return {**OURS.get(base, {}), **own.get(base, {}), **own.get(language, {})}


def chosen(pen: Pen, languages: tuple[str, ...]) -> tuple[Chosen, ...]:
    """The languages to write in, never none: those asked for in which no word is missing, else the PEN's, else
    English."""
    for wanted in (languages, pen.languages):
        found = [
            Chosen(one, words_in(pen, one))
            for one in dict.fromkeys(map(str.lower, wanted))
            if LANGUAGE.fullmatch(one)
        ]
        if whole := tuple(one for one in found if FIELDS.keys() <= one.words.keys()):
            return whole
    return (Chosen("en", words_in(pen, "en")),)


def disclaimer(pen: Pen, texts: Texts, language: str) -> str:
    """The disclaimer in this language, its base language, the PEN's first that has one, or any; empty when none."""
    held = lowered(texts)
    order = (language, base_of(language), *map(str.lower, pen.languages), *held)
    return one_line(next((held[one] for one in order if one in held), ""))
