"""format=flowed as RFC 3676 §4 has it read: the paragraphs of a text, each with its quote depth."""

from __future__ import annotations

from typing import NamedTuple


class Paragraph(NamedTuple):
    """A paragraph, or a fixed line: how deep it is quoted, and its text."""

    depth: int
    text: str


def paragraphs(text: str, delsp: bool) -> list[Paragraph]:
    """The paragraphs of a flowed text with LF line ends; empty ones are left out."""
    read: list[Paragraph] = []
    held: Paragraph | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        if held is not None and (held.depth != depth or rest == "-- "):
            read.append(held)
            held = None
        held = Paragraph(depth, (held.text if held else "") + rest)
        if not rest.endswith(" ") or rest == "-- ":
            read.append(held)
            held = None
        elif delsp:
            held = Paragraph(depth, held.text[:-1])
    if held is not None:
        read.append(held)
    return [Paragraph(depth, text.rstrip()) for depth, text in read if text.strip()]


def fixed(text: str) -> list[Paragraph]:
    """A text that is not flowed: every line by itself."""
    return [Paragraph(0, line.rstrip()) for line in text.split("\n") if line.strip()]
