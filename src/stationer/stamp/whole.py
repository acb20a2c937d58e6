"""A block that stands for itself: whatever it is made of, it ends where it ends, and the author's HTML behind it is
the author's (contract/stamp.md §1). HTML that is in order comes out as it went in.
"""

from __future__ import annotations

import re
from collections import Counter

from stationer.stamp.tags import SHORT_COMMENTS, SILENT, TAG, VOID, Token, end_of, tokens

#: What no mail may hold, or what a numeric reference would not bring back (WHATWG HTML §13.2.5.80).
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
#: Of a whole document the content counts; what would speak for the author's document, or never end, goes.
DROPPED = frozenset({"html", "head", "body", "frameset", "frame", "base", "meta", "plaintext"})
#: Elements that end by themselves where the element that holds them ends (WHATWG HTML §13.1.2.4).
ENDING = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "option", "optgroup", "rp", "rt"}
)  # fmt: skip
#: Silent elements whose content is no markup (WHATWG HTML §13.1.2); that of the others is, and is put in order too.
RAW = frozenset({"style", "script", "title", "textarea"})
TABLE_PARTS = frozenset({"table", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "colgroup"})
CELLS = frozenset({"td", "th", "caption"})
SOUND = re.compile(r"""</?[a-zA-Z][^\s/>]*+(?:[^"'>]++|"[^"]*+"|'[^']*+')*>""")
SELF_CLOSED = re.compile(r"/\s*>\Z")
MOST_OPEN = 500


def clean(text: str) -> str:
    """The text without characters that no mail may hold; half a surrogate pair is U+FFFD."""
    return SURROGATE.sub("\ufffd", FORBIDDEN.sub("", text))


def whole(html: str) -> str:
    """The HTML, clean, with every element and comment in it ended, and no end of one that is not in it."""
    html = _without_torn(clean(html))
    found = tokens(html)
    pieces: list[str] = []
    opened = Opened()
    for index, token in enumerate(found):
        held = html[token.start : token.end]
        if not token.name:
            pieces.append(held.replace("<", "&lt;"))
        elif token.name == "!":
            inside = index > 0 and found[index - 1].name in SILENT and found[index - 1].opens
            pieces.append(_remark(held, found[index - 1].name if inside else ""))
        elif token.name in DROPPED or not SOUND.fullmatch(held):
            continue
        elif token.opens and token.name in SILENT and end_of(found, index) < 0:
            if token.name in RAW:  # all that follows is its content
                return "".join([*pieces, html[token.start :], f"</{token.name}>", *opened.ends(0)])
        else:
            pieces.append(opened.begin(token, held) if token.opens else opened.end(token.name, held))
    return "".join([*pieces, *opened.ends(0)])


def _without_torn(html: str) -> str:
    """Without the tags that never end, as a quotation mark in them is never closed: to their first `>`. What follows
    would be theirs."""
    while (found := tokens(html)) and found[-1].name not in ("", "!"):
        start = found[-1].start
        end = html.find(">", start) + 1
        if not end or TAG.match(html, start):
            break
        html = html[:start] + html[end:]
    return html


def _remark(held: str, inside: str) -> str:
    """A comment, ended as all programs know it; the content of a silent element; an end tag without a name is no tag;
    a document type, an empty comment and a declaration without an end go."""
    if inside in RAW:
        return held
    if inside:
        return whole(held)
    if held.startswith("<!--"):
        if held in SHORT_COMMENTS:
            return ""
        return held if held.endswith("-->") else held.removesuffix("--!>") + "-->"
    if held.startswith("</"):
        return held.replace("<", "&lt;")
    return held if held.endswith(">") and held[:9].lower() != "<!doctype" else ""


class Opened:
    """The elements that are open."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.count: Counter[str] = Counter()

    def begin(self, token: Token, held: str) -> str:
        """An element begins."""
        foreign = ":" in token.name or self.count["svg"] or self.count["math"]
        if token.name not in VOID and not (foreign and SELF_CLOSED.search(held)):
            self.names.append(token.name)
            self.count[token.name] += 1
        return held

    def end(self, name: str, held: str) -> str:
        """An element ends, and what is open in it before it. Nothing, where none of this name is open."""
        if not self.count[name]:
            return ""
        for at in range(len(self.names) - 1, max(-1, len(self.names) - 1 - MOST_OPEN), -1):
            if self.names[at] == name:
                inner = self.ends(at + 1)
                self.count[self.names.pop()] -= 1
                return "".join([*inner, held])
            if self.names[at] == "table" or (self.names[at] in CELLS and name not in TABLE_PARTS):
                break
        return ""

    def ends(self, depth: int) -> list[str]:
        """End everything that is open below `depth`, innermost first."""
        ended = self.names[depth:]
        del self.names[depth:]
        self.count.subtract(ended)
        return [f"</{name}>" for name in reversed(ended) if name not in ENDING]
