"""Rules on lines: attribution lines, header blocks, separators, `>`. The same for text and for what HTML shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from stationer.stamp import words
from stationer.stamp.lines import Line, plain


class Found(NamedTuple):
    """A marker in a part: offset of its first character, the rule's name, forward or reply when the marker tells.

    `line` is the index of the first quoted line; `rest` when everything that follows is quoted.
    """

    offset: int
    rule: str
    kind: str
    line: int
    rest: bool


LABEL = re.compile(r"[\s>*|_]*([^\n:：]{1,32}?)[\s*_]*[:：][\s*_]*(.*)")
DASHED = re.compile(r"[\s>|]*[-–—_=*~]{2,}[\s*]*([^-–—_=~*\n][^\n]{0,78}?)[\s*:：]*[-–—_=*~]{2,}\s*")
RULE = re.compile(r"[\s>]*[_*=—–-]{10,}\s*")
COLON_END = re.compile(r"[:：﹕]\W{0,3}$")
ADDRESS_END = re.compile(r"<[^<>\s]+@[^<>\s]+>\W{0,4}[:：]\W{0,3}$|\(\S+@\S+\)\W{0,3}:\W{0,3}$")
ADDRESS = re.compile(r"\S@\S|\bmailto:")
TIME = re.compile(r"\b\d{1,2}\s?[:.h时시٫]\s?\d{2}\b|[٠-٩]{1,2}:[٠-٩]{2}")
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d{4}年|[٠-٩]{4}|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
DIGIT = re.compile(r"\d")
NOTES = re.compile(r"^-{4,} ?(forwarded by|.{2,60} wrote:? ?-{4,})")
VERB = re.compile("|".join(re.escape(verb) for verb in sorted(words.VERBS, key=len, reverse=True)))
OPENING = re.compile(
    "(?:"
    + "|".join(re.escape(word) for word in sorted(words.OPENINGS, key=len, reverse=True))
    + r")\W*(?=[\s\d])"
)

STARTERS = frozenset("-–—_=~>")
#: How far an attribution may wrap, and how long it may be.
MOST_LINES = 4
LONGEST = 500
#: A longer line is no marker; of more lines that could be one no more are looked at.
LONGEST_LINE = 1_000
MOST_CANDIDATES = 10_000


@lru_cache(maxsize=4096)
def role_of(line: str) -> str:
    """`from`, `date`, `to`, `subject`, `cc` or `other` when the line is a labelled header line; else empty."""
    found = LABEL.match(line) if ":" in line or "：" in line else None
    if not found or not found[2].strip():
        return ""
    return words.LABELS.get(plain(found[1]), "")


def header_block(lines: Sequence[Line], at: int) -> bool:
    """Whether a quoted header block begins at this line: From and two others among the next lines."""
    first = role_of(lines[at].text)
    if not first or first == "other":
        return False
    roles = {first}
    silent = 0
    for line in lines[at + 1 : at + 12]:
        role = role_of(line.text)
        roles.add(role)
        if not role and line.text.strip():
            silent += 1
            if silent > 2:
                break
    return "from" in roles and len(roles & {"date", "to", "subject", "cc"}) >= 2


def attribution(lines: Sequence[Line], at: int, strict: bool = False) -> bool:
    """Whether an attribution line ("On …, … wrote:") begins at this line; it may wrap.

    `strict`: what follows is no evidence.
    """
    joined = ""
    for number, line in enumerate(lines[at : at + MOST_LINES]):
        text = plain(line.text)
        if not text or len(joined) > LONGEST:
            return False
        if not number and (text[0] == "<" or not may_begin(text, lines[at + 1 : at + 2])):
            return False
        joined = f"{joined} {text}".strip()
        if COLON_END.search(joined):
            after = next(
                (near for near in lines[at + number + 1 : at + number + 4] if near.text.strip()), None
            )
            quoted_next = not strict and after is not None and after.quoted
            if not attributes(joined, number > 0, quoted_next):
                return False
            # of several lines that could begin it, the last is where it begins
            return not any(attribution(lines, later, True) for later in range(at + 1, at + number + 1))
        if role_of(line.text) == "from":
            return False
    return False


def may_begin(text: str, following: Sequence[Line]) -> bool:
    """Whether an attribution may begin with this line: it says when, who or what; or the address is on the next."""
    told = DIGIT.search(text) or ADDRESS.search(text) or VERB.search(text)
    return bool(told) or any(line.text.lstrip()[:1] == "<" and len(text) < 60 for line in following)


def attributes(joined: str, wrapped: bool, quoted_next: bool) -> bool:
    """Whether this text, which ends in a colon, names who wrote when."""
    if len(joined) > LONGEST:
        return False
    body = joined.lstrip("> -–—")
    dated = bool(DIGIT.search(body)) and bool(TIME.search(body) or YEAR.search(body))
    opened = OPENING.match(body) is not None
    if ADDRESS_END.search(body) and dated:
        return opened or not wrapped or bool(DIGIT.match(body) or TIME.search(body))
    if not VERB.search(body):
        return False
    if wrapped and not (opened or DIGIT.match(body) or (dated and ADDRESS.search(body))):
        return False
    if quoted_next and len(VERB.sub("", body).strip(" :：<>\"'")) < 2:
        return False
    return (
        quoted_next
        or (opened and dated)
        or (dated and (bool(TIME.search(body)) or bool(ADDRESS.search(body))))
    )


def separator(lines: Sequence[Line], at: int) -> str:
    """`reply` or `forward` when this line separates a quoted message: a known phrase, or dashes above headers."""
    text = plain(lines[at].text).lstrip("> ")
    dashed = DASHED.fullmatch(text)
    phrase = (dashed[1] if dashed else text).strip(" *:：-")
    if dashed or text.endswith((":", "：")):
        if phrase in words.FORWARDED:
            return "forward"
        if dashed and phrase in words.ORIGINAL:
            return "reply"
    if NOTES.match(text):
        return "forward" if "forwarded" in text else "reply"
    if dashed and len(phrase) > 2 and labels_after(lines, at, 6):
        return "reply"
    return ""


def labels_after(lines: Sequence[Line], at: int, reach: int) -> bool:
    """Whether a header block begins in one of the next lines."""
    near = [number for number in range(at + 1, min(at + 1 + reach, len(lines))) if lines[number].text.strip()]
    return any(header_block(lines, number) for number in near[:3])


def first_found(lines: Sequence[Line]) -> Found | None:
    """The earliest marker; lines that begin with `>` count where nothing else stands above them."""
    for at, flags in candidates(lines):
        if found := judged(lines, at, flags):
            return found
        if lines[at].text.lstrip(" \u00a0")[:1] == ">" and is_quoting(lines, at):
            return Found(lines[at].start, "quoted lines", "", at, False)
    return None


#: What a line could begin.
LABELLED, ATTRIBUTED, SEPARATED = 1, 2, 4
ANY = LABELLED | ATTRIBUTED | SEPARATED


def candidates(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The lines that could begin a marker, and which: most of a mail is not looked at twice."""
    found: dict[int, int] = {}
    for at, line in enumerate(lines):
        text = line.text
        if text.lstrip(" \t\u00a0*")[:1] in STARTERS and text.strip():
            found[at] = ANY
        if ":" not in text and "：" not in text and "﹕" not in text:
            continue
        tail = text.rstrip()[-5:]
        if ":" in tail or "：" in tail or "﹕" in tail:
            found[at] = ANY
            for near in range(max(at - MOST_LINES + 1, 0), at):
                if lines[near].text.strip():
                    found[near] = found.get(near, 0) | ATTRIBUTED
        elif 0 <= text.find(":") < 48 or 0 <= text.find("：") < 48:
            found[at] = found.get(at, 0) | LABELLED
    return sorted(found.items())[:MOST_CANDIDATES]


def judged(lines: Sequence[Line], at: int, flags: int = ANY) -> Found | None:
    """The marker that begins at this line."""
    line = lines[at]
    if len(line.text) > LONGEST_LINE:
        return None
    start = line.start + len(line.text) - len(line.text.lstrip())
    if flags & SEPARATED and (kind := separator(lines, at)):
        return Found(start, "separator", kind, at, True)
    if flags & LABELLED and header_block(lines, at):
        return Found(start, "header block", "", at, True)
    if flags & ATTRIBUTED and attribution(lines, at):
        return Found(start, "attribution", "reply", at, False)
    return None


def is_quoting(lines: Sequence[Line], at: int) -> bool:
    """Whether a line that begins with `>` quotes: another one follows, or it is the first words of a mail's end."""
    text = lines[at].text.lstrip(" \u00a0")
    after = [line for line in lines[at + 1 : at + 3] if line.text.strip()]
    return text[1:2] in (" ", ">", "") or any(line.quoted for line in after)
