"""A text part as lines with their offsets; the common ground on which text and HTML are judged."""

from __future__ import annotations

import re
from typing import NamedTuple

# Marks of direction and joining that programs put round names and addresses; they carry no words.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
WHITE = re.compile(r"[\s\u00a0\u202f\u3000]+")
TEXT_LINE = re.compile(r"[^\n]*")


class Line(NamedTuple):
    """One visible line: its words, the offsets of its first character and of its end, and whether it is quoted."""

    text: str
    start: int
    end: int
    quoted: bool


def plain(text: str) -> str:
    """Lower case, one space for every run of white space, no marks of direction."""
    if text.isascii():
        return " ".join(text.split()).lower()
    return WHITE.sub(" ", INVISIBLE.sub("", text)).strip().lower()


def lines_of_text(text: str) -> list[Line]:
    """All lines of a text part, without their line ends."""
    lines: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        words = raw.rstrip("\r")
        lines.append(Line(words, at, at + len(words), words.lstrip(" \u00a0")[:1] == ">"))
        at += len(raw) + 1
    return lines
