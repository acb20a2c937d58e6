"""The rule on header blocks: the lines From, Sent, To, Subject that programs write above a quoted mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from stationer.stamp import words
from stationer.stamp.clues import ADDRESS, is_dated
from stationer.stamp.lines import Line, plain

LABEL = re.compile(r"[\s>*|_]*+([^\n:：]{1,32}?)[\s*_]*+[:：][\s*_]*(.*)")
#: How many lines are looked at, and how many among them may be no header: folded addresses.
REACH = 11
MOST_SILENT = 2
#: Of a block whose labels stand on lines of their own, so many lines are looked at; how long its first two may be.
BARE_REACH = 14
LONGEST_BARE = 120
LONGEST_DATE = 40
#: Of a block that is known by its form, so many lines are looked at, and so many must be labelled.
FORM_REACH = 6
FORM_LABELS = 3
#: What programs draw above a header block. A shorter line, or one of other signs, is the author's: it proves nothing.
RULE = re.compile(r"\s*(?:_{8,}|-{20,})\s*")


@lru_cache(maxsize=4096)
def role_of(line: str) -> str:
    """`from`, `date`, `to`, `subject`, `cc` or `other` when the line is a labelled header line; else empty."""
    found = LABEL.match(line) if ":" in line or "：" in line else None
    if not found or not found[2].strip():
        return ""
    return words.LABELS.get(plain(found[1]), "")


def header_block(lines: Sequence[Line], at: int, others: int = 2) -> int:
    """How many lines the quoted header block has that begins at this line: From and `others` more; 0 when none does."""
    first = role_of(lines[at].text)
    if not first or first == "other":
        return 0
    roles, silent, last = {first}, 0, at
    for number, line in enumerate(lines[at + 1 : at + 1 + REACH], at + 1):
        role = role_of(line.text)
        roles.add(role)
        if role:
            last = number
        elif line.text.strip():
            silent += 1
            if silent > MOST_SILENT:
                break
    whole = "from" in roles and len(roles & {"date", "to", "subject", "cc"}) >= others
    return last - at + 1 if whole else 0


def bare_block(lines: Sequence[Line], at: int) -> int:
    """How many lines the header block has that begins at this line and whose labels stand on lines of their own (Lotus
    Notes): an address, at once below it a dated line, then bare labels To and Subject; 0 when none does."""
    if not ADDRESS.search(lines[at].text) or len(lines[at].text) > LONGEST_BARE:
        return 0
    roles, last, dated = set(), at, False
    for number, line in enumerate(lines[at + 1 : at + 1 + BARE_REACH], at + 1):
        text = plain(line.text)
        if text and not dated:
            dated = is_date_alone(text)
            if not dated:
                return 0
        role = words.LABELS.get(text, "") if dated else ""
        if role in ("to", "cc", "subject") and role not in roles:
            roles.add(role)
            last = number
    return min(last + 2, len(lines)) - at if {"to", "subject"} <= roles else 0


def is_date_alone(text: str) -> bool:
    """Whether a line says a date with its time, and hardly anything else."""
    if len(text) > 2 * LONGEST_DATE or "@" in text:
        return False
    shown = plain(text)
    return len(shown) <= LONGEST_DATE and is_dated(shown)


def is_of_a_mail(lines: Sequence[Line], at: int, length: int) -> bool:
    """Whether a header block says more than a form that somebody filled in: a value has an address, or a rule is
    drawn above it. A date with its time is in a timetable, too."""
    for line in lines[at : at + length]:
        if ADDRESS.search(plain(line.text)):
            return True
    return rule_above(lines, at) < at


def rule_above(lines: Sequence[Line], at: int) -> int:
    """The index of the rule drawn above this line; `at` where none is. It belongs to the quote: what proves a header
    block is never parted from it by a block that goes in."""
    above = at - 1
    while above >= 0 and not lines[above].text.strip():
        above -= 1
    return above if above >= 0 and RULE.fullmatch(lines[above].text) else at


def has_form(lines: Sequence[Line], at: int) -> bool:
    """Whether lines in a language that is not known have the form of a header block: each a label and a value, one
    value an address, one a date with its time. Evidence only where an element's mark says so too."""
    values = []
    for line in lines[at : at + FORM_REACH]:
        found = LABEL.match(line.text)
        if not found or not found[2].strip():
            break
        values.append(plain(found[2]))
    return len(values) >= FORM_LABELS and any(map(is_dated, values)) and any(map(ADDRESS.search, values))
