"""A block takes on the part's line ends, line length, format and padding; here it is still text.

HTML is ASCII with numeric references, so it fits every charset that has ASCII in it. Lines are broken only inside
tags and at spaces of words, where HTML sees no difference; text is broken at spaces.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stationer.stamp import marker
from stationer.stamp.order import Block

#: RFC 5322 §2.1.1 allows 998 octets; a line of ours ends well before.
LONGEST_LINE = 900
HARD_LIMIT = 998
LINE_END = re.compile(r"\r\n?|\n")
TAG_GAP = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>|</[a-zA-Z][^<>]*>""")
ATTRIBUTE_GAP = re.compile(r"""(?<!\s)\s++(?=[a-zA-Z:_-]++\s*+=)|(?<!\s)\s*+/?>$""")
STUFFED = re.compile(r"^(?= |>|From )")


@lru_cache(maxsize=64)
def html_of(
    stamp_id: str,
    blocks: tuple[Block, ...],
    line_end: str,
    short_lines: bool,
    keeps_lines: bool = False,
    padding: str = "",
) -> str:
    """All blocks of one place, each in its marked element. `short_lines`: no line over 900 octets. `keeps_lines`: the
    author's HTML may show line ends; in a block they are white space."""
    gap = line_end if short_lines else " "
    last = len(blocks) - 1
    whole = "".join(
        marker.wrapped(
            stamp_id,
            block,
            gap,
            padding if number == last else "",
            style_of(block, number == 0, number == last, keeps_lines),
        )
        for number, block in enumerate(blocks)
    )
    ascii_only = LINE_END.sub(line_end, whole.encode("ascii", "xmlcharrefreplace").decode("ascii"))
    return short(ascii_only, line_end) if short_lines else ascii_only


def style_of(block: Block, first: bool, last: bool, keeps_lines: bool) -> str:
    """The distance to the author's words and to the quote, as a blank line is in a text. Margins of paragraphs next
    to it swallow it (CSS 2.2 §8.3.1), so that what stands apart already moves no further. And what line ends are."""
    above = "margin-top:16px" if first and block.slot != "top" else ""
    below = "margin-bottom:16px" if last else ""
    return ";".join(said for said in (above, below, "white-space:normal" if keeps_lines else "") if said)


def short(html: str, line_end: str) -> str:
    """The same HTML in lines of at most 900 octets, as far as tags and spaces allow."""
    return line_end.join(
        line if len(line) <= LONGEST_LINE else _broken(line, line_end) for line in html.split(line_end)
    )


def _broken(line: str, line_end: str) -> str:
    """Break one long line before attributes, before the end of tags, and at spaces between words."""
    pieces: list[str] = []
    at = 0
    for tag in TAG_GAP.finditer(line):
        pieces += re.split(r"(?<=\S)(?= )", line[at : tag.start()])
        pieces += _tag_pieces(tag[0])
        at = tag.end()
    pieces += re.split(r"(?<=\S)(?= )", line[at:])
    lines: list[str] = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > LONGEST_LINE and lines[-1] and piece[:1] in " >/":
            lines.append("")
            piece = piece[1:] if piece[0] == " " else piece
        lines[-1] += piece
    return line_end.join(lines)


def _tag_pieces(tag: str) -> list[str]:
    """A tag in pieces; each but the first may begin a line."""
    pieces: list[str] = []
    at = 0
    for gap in ATTRIBUTE_GAP.finditer(tag):
        if gap.start() > at and (tag.count('"', 0, gap.start()) | tag.count("'", 0, gap.start())) % 2 == 0:
            pieces.append(tag[at : gap.start()])
            at = gap.start()
    return [*pieces, tag[at:]]


@lru_cache(maxsize=64)
def text_of(blocks: tuple[Block, ...], line_end: str, flowed: bool) -> str:
    """All text blocks of one place, a blank line between them, without a line end behind the last."""
    return (line_end * 2).join(_text(block.text, line_end, flowed) for block in blocks)


def _text(text: str, line_end: str, flowed: bool) -> str:
    """One block: no white space at line ends (but in `-- `), space-stuffed where the part flows (RFC 3676 §4.4)."""
    lines: list[str] = []
    for line in LINE_END.split(text):
        words = line if line == "-- " else line.rstrip()
        lines += [words] if len(words.encode("utf-8", "replace")) <= LONGEST_LINE // 2 else _folded(words)
    if flowed:
        lines = [STUFFED.sub(" ", line) for line in lines]
    return line_end.join(lines).rstrip("\r\n")


def _folded(line: str) -> list[str]:
    """A long line broken at spaces; what has no space stays long, and its part becomes quoted-printable."""
    folded: list[str] = [""]
    for word in line.split(" "):
        if folded[-1] and len((folded[-1] + " " + word).encode("utf-8", "replace")) > LONGEST_LINE // 2:
            folded.append(word)
        else:
            folded[-1] += " " * bool(folded[-1]) + word
    return folded


def spaced(text: str, before: str, after: str, line_end: str) -> tuple[str, str]:
    """What goes before and behind a text block: a blank line above it and below it, made of the mail's line ends."""
    first = "\r\n" if before.endswith("\r") else line_end  # an LF alone would make the author's CR its own
    lead = "" if not before or before.isspace() else line_end if before.endswith("\n") else first + line_end
    if not after or after.isspace():
        return lead, line_end if before.endswith("\n") or not before else ""
    blank = not LINE_END.split(after, maxsplit=1)[0].strip()
    return lead, line_end if blank else line_end * 2


def too_long(text: str, charset: str) -> bool:
    """Whether any line is over 998 octets."""
    if len(text) * 4 <= HARD_LIMIT:
        return False
    return any(len(line.encode(charset, "replace")) > HARD_LIMIT for line in LINE_END.split(text))


__all__ = ["html_of", "short", "spaced", "text_of", "too_long"]
