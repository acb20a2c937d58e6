"""Rules on lines: separators, header blocks, attribution lines, `>`. The same for text and for what HTML shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from stationer.stamp import words
from stationer.stamp.attribution import MOST_LINES, VERB, attributes, attribution, is_followed
from stationer.stamp.clues import BRACKETED
from stationer.stamp.headers import bare_block, header_block, is_date_alone, is_of_a_mail
from stationer.stamp.lines import Line, is_wrapped, plain


class Found(NamedTuple):
    """A marker in a part: offset of its first character, the rule's name, forward or reply when the marker tells.

    `line` is the index of the first quoted line; `rest` when everything that follows is quoted; `lines` how many lines
    the marker itself has.
    """

    offset: int
    rule: str
    kind: str
    line: int
    rest: bool
    lines: int = 1


DASHES = "-–—‐_=*~"
DASHED = re.compile(
    rf"[\s>|]*+[{DASHES}]{{2,}}+[\s*]*+([^{DASHES}\n][^{DASHES}\n]{{0,78}}?)(?:\**+[\s:：]++)*[{DASHES}]{{2,}}+\s*+"
)
#: A separator that names its mail between the dashes, or that a program ran together with what follows (Yahoo).
LOOSE = re.compile(r"[\s>|]*-{3,}\s*(\S.{3,300}?)\s*-{3,}\s*(.*)")
RULE = re.compile(rf"[\s>]*[{DASHES}]{{10,}}\s*")
NOTES = re.compile(rf"-{{4,}}+ ?(?:forwarded by|.{{2,90}}\s{VERB.pattern}\s?:? ?-{{4,}})")

STARTERS = frozenset(DASHES + ">")
#: A longer line is no marker; of more lines that could be one no more are looked at.
LONGEST_LINE = 1_000
MOST_CANDIDATES = 10_000
#: Dashes with words between them fit on a line that somebody reads.
LONGEST_DASHED = 300
#: No phrase that stands alone on its line is longer.
LONGEST_BARE = max(map(len, words.BARE)) + 20


def separator(lines: Sequence[Line], at: int) -> str:
    """`reply` or `forward` when this line separates a quoted message: a known phrase, or dashes above headers."""
    text = plain(lines[at].text).lstrip("> ")
    if text in words.BARE:
        return "reply" if labels_after(lines, at, 6, 1) else ""
    dashed = DASHED.fullmatch(text) if len(text) <= LONGEST_DASHED else None
    phrase = (dashed[1] if dashed else text).strip(" *:：-")
    if (dashed or text.endswith((":", "：")) or text[:2] == "--") and (known := phrase_of(text, phrase)):
        return known if dashed or known == "forward" or text[:2] == "--" else ""
    if NOTES.match(text):
        return "forward" if "forwarded" in text else "reply"
    if dashed and len(phrase) > 2 and labels_after(lines, at, 6):
        return "reply"
    return ""


def phrase_of(text: str, phrase: str) -> str:
    """What a phrase above a quoted message tells; a phrase may go on with whose message it was (mutt, Horde)."""
    loose = LOOSE.fullmatch(text)
    for held in (phrase, loose[1].strip(" *:：") if loose else ""):
        if held in words.FORWARDED or ("@" in held and held.startswith(words.FORWARDED_OF)):
            return "forward"
        if held in words.ORIGINAL:
            return "reply"
    return ""


def labels_after(lines: Sequence[Line], at: int, reach: int, others: int = 2) -> bool:
    """Whether a header block begins in one of the next lines."""
    near = [number for number in range(at + 1, min(at + 1 + reach, len(lines))) if lines[number].text.strip()]
    return any(header_block(lines, number, others) for number in near[:3])


def first_found(lines: Sequence[Line], answers: bool = True) -> Found | None:
    """The earliest marker; lines that begin with `>` count where nothing else stands above them.

    `answers`: the mail's header tells that it answers or forwards another, or tells nothing at all.
    """
    told: Surroundings | None = None
    for at, flags in candidates(lines):
        found = judged(lines, at, flags)
        if found and (answers or is_proven(lines, found)):
            return found
        if lines[at].text.lstrip(" \u00a0")[:1] == ">":
            told = told or surroundings(lines)
            if is_quoting(lines, at, told, answers):
                return Found(lines[at].start, "quoted lines", "", at, False)
    return None


def is_proven(lines: Sequence[Line], found: Found) -> bool:
    """Whether a marker proves itself in a mail whose header tells of no earlier one: a form that is filled in and
    prose that announces what follows look like a header block and an attribution."""
    if found.rule == "header block":
        return is_of_a_mail(lines, found.line, found.lines)
    if found.rule != "attribution":
        return True
    last = found.line + found.lines - 1
    joined = " ".join(plain(line.text) for line in lines[found.line : last + 1])
    return is_followed(lines, last) or BRACKETED.search(joined) is not None or joined[:2] == "--"


#: What a line could begin.
LABELLED, ATTRIBUTED, SEPARATED = 1, 2, 4
ANY = LABELLED | ATTRIBUTED | SEPARATED


def candidates(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The lines that could begin a marker, and which: most of a mail is not looked at twice."""
    found: dict[int, int] = {}
    above = before = -1  # the last line with words that is not quoted, and the one above the current line
    for at, line in enumerate(lines):
        text = line.text
        if line.quoted and above >= 0:
            found[above] = found.get(above, 0) | ATTRIBUTED
            above = -1
        elif not line.quoted and text and not text.isspace():
            before, above = above, at
        if text.lstrip(" \t\u00a0*")[:1] in STARTERS and text.strip():
            found[at] = ANY
        if ":" not in text and "：" not in text and "﹕" not in text:
            if len(text) < LONGEST_BARE and text.strip().lower() in words.BARE:
                found[at] = SEPARATED
            continue
        if before >= 0 and "@" in lines[before].text and is_date_alone(text):
            found[before] = found.get(before, 0) | LABELLED
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
    if flags & LABELLED and (length := header_block(lines, at) or bare_block(lines, at)):
        return Found(start, "header block", "", at, True, length)
    if flags & ATTRIBUTED and (length := attribution(lines, at) or is_dashed_attribution(line)):
        return Found(start, "attribution", "reply", at, False, length)
    return None


def is_dashed_attribution(line: Line) -> bool:
    """Whether dashes stand round an attribution (Zoho): `---- On …, … wrote ----`."""
    found = LOOSE.fullmatch(plain(line.text))
    return bool(found and not found[2] and attributes(found[1] + ":", False, False))


class Surroundings(NamedTuple):
    """Of a part: the author's last line, a signature apart; the last line quoted once or twice."""

    last: int
    shallow: int


def surroundings(lines: Sequence[Line]) -> Surroundings:
    """One look at all lines; -1 where there is none."""
    own = [n for n, line in enumerate(lines) if not line.quoted and line.text and not line.text.isspace()]
    until = next((n for n in own if lines[n].text.rstrip() == "--"), len(lines))
    last = next((n for n in reversed(own) if n < until), -1)
    shallow = (n for n in range(len(lines) - 1, -1, -1) if 0 < depth_of(lines[n].text) < 3)
    return Surroundings(last, next(shallow, -1))


def is_quoting(lines: Sequence[Line], at: int, told: Surroundings, answers: bool) -> bool:
    """Whether a line that begins with `>` quotes: a space or another mark is behind it, or another such line follows
    with none of the author's own between them, where a block could go.

    `>>> words <<<` and the prompts of a shell or of Python do not: nothing quotes three deep that is not quoted less
    deep further down, and in a mail that answers none, lines above the author's own are part of what they say. What
    stands above them says nothing: a block may have gone in there.
    """
    text = lines[at].text.lstrip(" \u00a0")
    if text.rstrip().endswith("<") or (depth_of(text) > 2 and told.shallow < at):
        return False
    if not answers and at < told.last:
        return False
    if text[1:2] in (" ", ">", ""):
        return True
    near = next((n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].text.strip()), at)
    return near > at and (lines[near].quoted or is_wrapped(lines, near))


def depth_of(text: str) -> int:
    """How many marks of quotation a line begins with."""
    return text[: len(text) - len(text.lstrip("> \u00a0"))].count(">")
