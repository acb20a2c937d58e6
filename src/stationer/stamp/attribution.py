"""The rule on attribution lines ("On …, … wrote:"), which name who wrote when; they may wrap over a few lines.

Four kinds of evidence: words of a language (`words.VERBS`, `words.OPENINGS`), an address in brackets at the end, a
whole date, and quoted lines that follow at once. No single one is enough; which together are, `attributes` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stationer.stamp import words
from stationer.stamp.clues import ADDRESS, BRACKETED, DIGIT, TIME, YEAR, is_dated
from stationer.stamp.headers import role_of
from stationer.stamp.lines import Line, plain

COLON_END = re.compile(r"[:：﹕]\W{0,3}$")
ADDRESS_END = re.compile(r"<[^<>\s]+@[^<>\s]+>\W{0,4}[:：]\W{0,3}$|\(\S+@\S+\)\W{0,3}:\W{0,3}$")


def _any_of(held: Sequence[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(held, key=len, reverse=True))) + ")"


VERB = re.compile(_any_of(words.VERBS))
OPENING = re.compile(_any_of(words.OPENINGS) + r"\W*(?=[\s\d])")
QUOTING = re.compile(_any_of(words.QUOTING) + r"\s")

#: How far an attribution may wrap, and how long it may be.
MOST_LINES = 4
LONGEST = 500
#: A heading without a colon (Nextcloud Mail) is one short line.
LONGEST_HEADING = 200


def attribution(lines: Sequence[Line], at: int, strict: bool = False) -> int:
    """How many lines the attribution has that begins at this one; 0 when none does.

    `strict`: what follows is no evidence.
    """
    joined = ""
    for number, line in enumerate(lines[at : at + MOST_LINES]):
        text = plain(line.text)
        joined = f"{joined} {text}".strip()
        if not text or len(joined) > LONGEST:
            return 0
        if not number and (text[0] == "<" or not may_begin(text, lines[at + 1 : at + 2])):
            return 0
        quoted_next = not strict and is_followed(lines, at + number)
        if COLON_END.search(joined):
            if not attributes(joined, number > 0, quoted_next):
                return 0
            # of several lines that could begin it, the last is where it begins
            later = any(attribution(lines, n, True) for n in range(at + 1, at + number + 1))
            return 0 if later else number + 1
        if quoted_next and not number and is_heading(joined):
            return 1
        if role_of(line.text) == "from":
            return 0
    return 0


def is_followed(lines: Sequence[Line], at: int) -> bool:
    """Whether the next line with words, at most two empty ones further, is quoted."""
    after = next((near for near in lines[at + 1 : at + 4] if near.text.strip()), None)
    return after is not None and after.quoted


def may_begin(text: str, following: Sequence[Line]) -> bool:
    """Whether an attribution may begin with this line: it says when, who or what; or the address is on the next."""
    told = DIGIT.search(text) or ADDRESS.search(text) or VERB.search(text)
    return bool(told) or any(line.text.lstrip()[:1] == "<" and len(text) < 60 for line in following)


def is_heading(text: str) -> bool:
    """Whether a line above quoted ones names an address and a whole date, without a colon."""
    told = len(text) <= LONGEST_HEADING and ADDRESS.search(text)
    return bool(told) and is_dated(text) and not text.endswith((".", "?", "!"))


def attributes(joined: str, wrapped: bool, quoted_next: bool) -> bool:
    """Whether this text, which ends in a colon, names who wrote when."""
    body = joined.lstrip("> -–—‐")
    opened = OPENING.match(body) is not None
    if QUOTING.match(body):
        return quoted_next or BRACKETED.search(body) is not None
    if ADDRESS_END.search(body) and DIGIT.search(body) and (TIME.search(body) or YEAR.search(body)):
        return opened or not wrapped or bool(DIGIT.match(body) or TIME.search(body))
    if is_dated(body) and ((opened and BRACKETED.search(body)) or (quoted_next and not wrapped)):
        return True
    return VERB.search(body) is not None and tells(body, opened, wrapped, quoted_next)


def tells(body: str, opened: bool, wrapped: bool, quoted_next: bool) -> bool:
    """Whether a text with a verb of writing has what an attribution has besides."""
    timed, dated = TIME.search(body) is not None, YEAR.search(body) is not None
    if wrapped and not (opened or DIGIT.match(body) or ((timed or dated) and ADDRESS.search(body))):
        return False
    if quoted_next:
        return len(VERB.sub("", body).strip(" :：<>\"'")) >= 2
    if not DIGIT.search(body) or not (timed or dated):
        return False
    return opened or timed or ADDRESS.search(body) is not None
