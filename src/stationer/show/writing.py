"""Plain text → HTML: paragraphs, quotes by their depth, links; format=flowed (RFC 3676) set as it was meant.

Every paragraph is isolated for bidirectional text (`dir="auto"`), and the characters that would let a text turn the
words beside it round (U+202D, U+202E) are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

#: Characters of text that are shown.
MOST = 1_000_000
#: How deep quotes are set one inside another; deeper ones stay at this depth.
DEEPEST = 12
_TURNS = str.maketrans("", "", "\u202d\u202e")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_QUOTE = re.compile(r"(?:> ?)*>")
#: Lines that a program broke at a fixed width are at least so long and at most so; what is longer broke nothing.
_BROKEN = range(45, 101)
#: How a line begins that is one by itself: indented, a point of a list, a rule, a sign of a signature.
_OWN = re.compile(r"[\s\u00a0]|[-–—*•·+=_#|~>]|\(?\w{1,3}[.)]\s")
_LINK = re.compile(
    r"(?P<web>https?://[^\s<>\"'\u2066-\u2069\u202a-\u202e]{1,2000})"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@(?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z]{2,24}(?![\w-]))",
    re.IGNORECASE,
)
_BEHIND = ".,;:!?…*_'»”"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_ANCHOR = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'


def text_html(text: str, *, flowed: bool = False, delsp: bool = False) -> str:
    """The HTML of a plain text. `flowed`, `delsp`: what its `Content-Type` says (RFC 3676 §3)."""
    lines = _CONTROL.sub("", text[:MOST].translate(_TURNS)).splitlines()
    pairs = list(_flowed(lines, delsp)) if flowed else _joined([_depth(line) for line in lines])
    return "".join(_blocks(pairs))


def _depth(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and its words."""
    quote = _QUOTE.match(line)
    if not quote:
        return 0, line
    rest = line[quote.end() :]
    return min(quote[0].count(">"), DEEPEST), rest.removeprefix(" ")


def _joined(pairs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without the line ends that a program put in at a fixed width: behind a line that had no room for the next word,
    where the text has no longer ones."""
    widest: dict[int, int] = {}
    for deep, words in pairs:
        widest[deep] = max(widest.get(deep, 0), len(words.rstrip()))
    found: list[tuple[int, str]] = []
    last = 0  # characters of the last line as it was written; 0: nothing is put behind it
    for deep, words in pairs:
        bare = words.rstrip()
        first = bare.split(" ", 1)[0]
        fills = last in _BROKEN and widest[deep] in _BROKEN and last + 1 + len(first) > widest[deep]
        if fills and bare and found[-1][0] == deep and not _OWN.match(bare):
            found[-1] = (deep, f"{found[-1][1].rstrip()} {bare}")
        else:
            found.append((deep, words))
        last = 0 if "  " in bare.strip() else len(bare)
    return found


def _flowed(lines: list[str], delsp: bool) -> Iterator[tuple[int, str]]:
    """Lines as RFC 3676 §4.1 to §4.5 joins them: a space at the end goes on, at the same depth of quote."""
    depth, said = 0, None
    for line in lines:
        bare = line.lstrip(">")
        deep, words = min(len(line) - len(bare), DEEPEST), bare.removeprefix(" ")
        if said is not None and (deep != depth or words == "-- "):  # §4.3, §4.5: not a flowed line after all
            yield depth, said
            said = None
        depth, said = deep, (said or "") + words
        if words.endswith(" ") and words != "-- ":
            said = said[:-1] if delsp else said
            continue
        yield depth, said
        said = None
    if said is not None:
        yield depth, said


def _blocks(pairs: list[tuple[int, str]]) -> Iterator[str]:
    depth = 0
    paragraph: list[str] = []
    for deep, words in [*pairs, (0, "")]:
        if paragraph and (deep != depth or not words.strip()):
            yield f'<p dir="auto">{"<br>".join(paragraph)}</p>'
            paragraph = []
        yield "<blockquote>" * (deep - depth) + "</blockquote>" * (depth - deep)
        depth = deep
        if words.strip():
            paragraph.append(_linked(_spaced(words.rstrip())))


def _spaced(words: str) -> str:
    """Spaces that stand for something (columns, the beginning of a line) stay."""
    return re.sub(r"^ +| {2,}", lambda match: "\u00a0" * len(match[0]), words.expandtabs(4))


def _linked(words: str) -> str:
    out, at = [], 0
    for match in _LINK.finditer(words):
        found = _trimmed(match[0]) if match["web"] else match[0]
        href = found if match["web"] else f"mailto:{found}"
        out += [escape(words[at : match.start()]), _ANCHOR.format(escape(href), escape(found))]
        at = match.start() + len(found)
    return "".join([*out, escape(words[at:])])


def _trimmed(address: str) -> str:
    """The address without what a sentence puts behind it."""
    while address[-1] in _BEHIND or (
        address[-1] in _PAIRS and address.count(address[-1]) > address.count(_PAIRS[address[-1]])
    ):
        address = address[:-1]
    return address
