"""What a reader sees of an HTML or a text: its words in order, with links and images; and whether a block may
stand at a place of an HTML.

A scanner of its own, so that the judge does not rest on the judged.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/(?![A-Za-z]))[^>]*(?:>|\Z)|<(/?)([A-Za-z][^\s/>]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
SOURCE = re.compile(r"""\b(src|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
#: Elements whose content is not text.
RAW = frozenset({"style", "script", "title", "xml"})
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
#: Elements that do not part words.
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
        "o:p",
    ]
)
#: Elements between whose children nothing may stand.
STRUCTURAL = frozenset(
    ["table", "tbody", "thead", "tfoot", "tr", "colgroup", "ul", "ol", "dl", "select", "head"]
)


class Tag(NamedTuple):
    """A tag or a comment (name empty) at `start:end`."""

    start: int
    end: int
    name: str
    closes: bool
    attributes: str


def tags(text: str) -> Iterator[Tag]:
    """All tags and comments; the content of raw elements is passed over."""
    at, lower = 0, text.lower()
    while found := TAG.search(text, at):
        name = (found[2] or "").lower()
        at = found.end()
        yield Tag(found.start(), at, name, bool(found[1]), found[3] or "")
        if name in RAW and not found[1] and not found[0].endswith("/>"):
            end = lower.find(f"</{name}", at)
            at = len(text) if end < 0 else end


def words(text: str, is_html: bool) -> list[str]:
    """The words a reader sees, with the targets of links and images among them."""
    if not is_html:
        return text.split()
    seen: list[str] = []
    at, hidden = 0, False
    for tag in tags(text):
        if not hidden:
            seen.append(html.unescape(text[at : tag.start]))
        at = tag.end
        hidden = tag.name in RAW and not tag.closes
        if tag.name and tag.name not in INLINE:
            seen.append(" ")
        if tag.name in ("a", "img") and not tag.closes:
            seen += [f" <{found[2] or found[3] or found[4]}> " for found in SOURCE.finditer(tag.attributes)]
    seen.append("" if hidden else html.unescape(text[at:]))
    return "".join(seen).split()


def cids(text: str) -> list[str]:
    """The Content-IDs that an HTML names by cid: URLs (RFC 2392), each once."""
    return list(dict.fromkeys(html.unescape(found) for found in re.findall(r"""\bcid:([^\s"'<>)]+)""", text)))


def meta_charset(text: str) -> str:
    """The charset that a meta element names, lower case; empty when none does."""
    found = re.search(r"""<meta\b[^>]*?charset\s*=\s*["']?([\w.:-]+)""", text, re.IGNORECASE)
    return found[1].lower() if found else ""


def may_stand(text: str, place: int) -> bool:
    """Whether a block element may stand at `place`: not inside a tag, a comment or raw text, and not straight in a
    table, a row or a list."""
    open_elements: list[str] = []
    for tag in tags(text):
        if tag.start >= place:
            break
        if tag.end > place:
            return False
        if tag.closes:
            while open_elements and tag.name in open_elements and open_elements.pop() != tag.name:
                pass
        elif tag.name and tag.name not in VOID and not tag.attributes.endswith("/"):
            open_elements.append(tag.name)
    return not open_elements or open_elements[-1] not in STRUCTURAL | RAW
