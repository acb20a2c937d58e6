"""What words say however they look: shouting, rows of exclamation marks, words that widen a telephone's screen."""

from __future__ import annotations

import re

from stationer.compose.lint.page import Page

#: A stretch of capitals is shouting from so many letters on; a word is too long for a telephone from so many on.
LOUD, LONG = 20, 45
_MARKS = re.compile(r"(?<![!?])(?:!{2,}|[!?]*!\?[!?]*|\?{3,})")
_BIG = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITALS = re.compile(rf"(?<!{_BIG}){_BIG}{{2,}}+(?:[\s,.!?&’'-]++{_BIG}{{2,}}+)+")
_UNBROKEN = re.compile(rf"[^\s<>|{{}}()\[\]]{{{LONG},}}")
_PLACE = re.compile(r"\{\{[^{}]*\}\}")


def check_words(page: Page, start: int, end: int) -> None:
    """The words between these characters of a page."""
    text = _PLACE.sub(lambda match: " " * len(match[0]), page.text[start:end])
    for match in _MARKS.finditer(text):
        one = "?" if "?" in match[0] else "!"
        at = start + match.start()
        page.say("exclaimed", at, page.edit(at, start + match.end(), one), marks=match[0], mark=one)
    for match in _CAPITALS.finditer(text):
        if sum(map(str.isupper, match[0])) >= LOUD:
            page.say("shouted", start + match.start(), words=match[0][:60])
    for match in _UNBROKEN.finditer(text):
        page.say("long-word", start + match.start(), word=match[0][:30] + "…", length=str(len(match[0])))
