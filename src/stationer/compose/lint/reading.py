"""What a reader has of a mail whose pictures are not shown: its words, and the words in its pictures' places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from stationer.compose.pieces import Child, Comment, Node
from stationer.compose.places import Stand
from stationer.wire.content import Field

_LINES = {"br", "p", "div", "tr", "table", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
_PICTURE = "\x00"


def without_pictures(children: Iterable[Child], stand: Stand) -> tuple[tuple[str, ...], bool, bool]:
    """The lines that are read; whether there are pictures, and whether there are words beside them."""
    text = "".join(_said(children))
    lines = [" ".join(filled_in(line, stand).replace(_PICTURE, "").split()) for line in text.split("\n")]
    words = re.sub(rf"{_PICTURE}[^{_PICTURE}]*{_PICTURE}", "", text)
    return tuple(line for line in lines if line), _PICTURE in text, bool(re.search(r"\w", words))


def _said(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Node):
            if child.tag == "img":
                yield f"{_PICTURE}[{child.attributes.get('alt', '').strip()}]{_PICTURE}"
            yield "\n" if child.tag in _LINES else ""
            yield from _said(child.children)
            yield "\n" if child.tag in _LINES else " " if child.tag == "td" else ""
        elif not isinstance(child, Comment):
            yield re.sub(r"\s+", " ", unescape(child))


def filled_in(line: str, stand: Stand) -> str:
    """Words with the attributes in them as their author wrote them; a picture without words is `[…]`."""
    parts = stand.split(line)
    said = (
        part if isinstance(part, str) else "{{" + part.name + "}}"
        for part in parts
        if isinstance(part, str | Field)
    )
    return "".join(said).replace("[]", "[…]")
