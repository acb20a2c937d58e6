"""How much a block is: what Gmail clips, what Outlook cuts off; and whether its twin says what the block says."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape

from stationer.compose.lint.findings import Finding
from stationer.compose.lint.page import Page
from stationer.compose.lint.rules import RULES
from stationer.compose.pressing import MOST_HTML, length, unfilled
from stationer.wire.content import Content, LinkPlace, Piece, When
from stationer.wire.source import Source

#: Octets of HTML after which Gmail hides the rest of a mail behind a link.
CLIPPED = 102 * 1024
#: Octets that a letter of usual length has itself, with what its program writes round it.
LETTER = 12 * 1024
#: Characters of a block's HTML from which on a long value may still make it too long.
NEAR = 27_000
#: The address of a token is about so long.
LINK = " " * 60


def check_weight(content: Content | None, found: list[Finding]) -> int:
    """The octets of a block's HTML; says when one alone is too much."""
    octets = len("".join(unfilled(content.html, LINK, otherwise=True)).encode()) if content else 0
    if content and (long := length(content)) > NEAR:
        Page("", "", found).say("nearly-too-long", 0, length=str(long), most=str(MOST_HTML))
    if octets + LETTER > CLIPPED:
        Page("", "", found).say("clipped", 0, size=str(octets // 1024), most=str(CLIPPED // 1024))
    return octets


def together(octets: Iterable[int]) -> Finding | None:
    """What is to be said of a mail that carries blocks of these sizes; None when Gmail shows it whole."""
    size = sum(octets)
    if size + LETTER <= CLIPPED:
        return None
    said = {"size": str(size // 1024), "most": str(CLIPPED // 1024)}
    return Finding("clipped-together", RULES["clipped-together"].severity, "", None, None, said)


def check_twin(source: Source, content: Content | None, found: list[Finding]) -> None:
    """An author's own twin leads where the block leads."""
    if content is None or not source.text.strip():
        return
    in_text, in_html = set(_numbers(content.text)), set(_numbers(content.html))
    for number in sorted(in_html - in_text):
        target = content.targets[number]
        if isinstance(target, str):
            page = Page("text", source.text, found)
            page.say("twin-link-missing", 0, page.edit(0, len(source.text), ""), address=unescape(target))
            return


def _numbers(pieces: Iterable[Piece]) -> Iterable[int]:
    for piece in pieces:
        if isinstance(piece, LinkPlace):
            yield piece.number
        elif isinstance(piece, When):
            yield from _numbers(piece.pieces)
