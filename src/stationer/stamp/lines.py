"""A text part as lines with their offsets; the common ground on which text and HTML are judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

# Marks of direction and joining that programs put round names and addresses; they carry no words.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
WHITE = re.compile(r"[\s\u00a0\u202f\u3000]+")
#: The digits of other scripts: Arabic, Persian, Devanagari, Bengali, Thai, full-width.
DIGITS = {
    zero + value: ord("0") + value
    for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)
    for value in range(10)
}
#: The Bat! and supercite put the writer's initials before the mark: `CS> Would Thursday be good?`
INITIALS = re.compile(r"[A-ZА-ЯЁ]{1,3}>")
#: Supercite also puts a name there: `Bob> Would Thursday be good?`
NAMED = re.compile(r"^[ \u00a0]*([A-Za-z][\w.-]{1,11})>+(?: |\r?$)", re.MULTILINE)
#: Of more names none is looked for; and how far above its first line one is introduced.
MOST_NAMES = 20
LONGEST_LEAD, LEAD_LINES = 1_000, 3


class Line(NamedTuple):
    """One visible line: its words, the offsets of its first character and of its end, and whether it is quoted."""

    text: str
    start: int
    end: int
    quoted: bool


def plain(text: str) -> str:
    """Lower case, one space for every run of white space, ASCII digits, no marks of direction."""
    if text.isascii():
        return " ".join(text.split()).lower()
    return WHITE.sub(" ", INVISIBLE.sub("", text)).strip().lower().translate(DIGITS)


def is_quoted(text: str) -> bool:
    """Whether a line bears the mark of a quotation."""
    begin = text.lstrip(" \u00a0")[:4]
    return begin[:1] == ">" or (">" in begin and INITIALS.match(begin) is not None)


def lines_of_text(text: str) -> list[Line]:
    """All lines of a text part, without their line ends."""
    lines: list[Line] = []
    at, names = 0, names_quoted(text)
    for raw in text.split("\n"):
        words = raw.rstrip("\r")
        named = NAMED.match(words) if names else None
        lines.append(Line(words, at, at + len(words), is_quoted(words) or bool(named and named[1] in names)))
        at += len(raw) + 1
    return lines


def names_quoted(text: str) -> frozenset[str]:
    """The names that stand before a mark of quotation and that a line above, which ends in a colon, has introduced;
    a prompt (`mysql> `) is introduced by none."""
    if ">" not in text:
        return frozenset()
    found: dict[str, int] = {}
    for match in NAMED.finditer(text):
        found.setdefault(match[1], match.start())
    return frozenset(name for name, at in islice(found.items(), MOST_NAMES) if is_introduced(text[:at], name))


def is_introduced(above: str, name: str) -> bool:
    """Whether one of the last lines with words above ends in a colon and holds the name."""
    near = [line for line in above[-LONGEST_LEAD:].split("\n") if line.strip()][-LEAD_LINES:]
    return any(line.rstrip().endswith(":") and re.search(rf"\b{re.escape(name)}\b", line) for line in near)


def is_wrapped(lines: Sequence[Line], at: int) -> bool:
    """A line that some program broke off the quoted line above it."""
    before = lines[at - 1] if at else None
    after = lines[at + 1] if at + 1 < len(lines) else None
    return bool(
        before and before.quoted and before.text.strip("> ") and after and after.quoted
        and 60 < len(before.text) > len(lines[at].text)
    )  # fmt: skip
