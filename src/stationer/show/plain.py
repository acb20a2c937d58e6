"""Cleaned HTML → the text a person would quote: lines at blocks, an address behind a link whose words do not say it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

_BLOCKS = frozenset((
    "address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
))  # fmt: skip
_MANY = re.compile(r"\n{3,}")
_UNSEEN = re.compile(r"<(script|style|title|template)(?![a-z0-9-])", re.IGNORECASE)
_TAG = re.compile(r"<(?:!--.*?(?:-->|\Z)|/?([a-zA-Z][a-zA-Z0-9]*)[^>]*+>?|[!?][^>]*+>?)", re.DOTALL)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._href = ""
        self._from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._from = dict(attrs).get("href") or "", len(self.said)
        if tag in _BLOCKS or tag == "br":
            self.said.append("\n\n" if tag in ("p", "table", "ul", "ol", "blockquote") else "\n")
        if tag == "li":
            self.said.append("- ")
        if tag in ("td", "th"):
            self.said.append(" ")
        if tag == "img":
            self.said.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if (
            tag == "a"
            and self._href
            and self._href.partition(":")[2].strip("/") not in "".join(self.said[self._from :])
        ):
            self.said.append(f" <{self._href}>")
        if tag == "a":
            self._href = ""
        if tag in _BLOCKS and tag not in ("li", "tr"):
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def plain(html: str) -> str:
    """The words of cleaned HTML."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = (line.strip() for line in "".join(words.said).replace("\u00a0", " ").split("\n"))
    return _MANY.sub("\n\n", "\n".join(lines)).strip()


def bare(html: str) -> str:
    """The words of HTML that is not cleaned, and of which no tree is made: without tags, comments, scripts and style
    sheets. Time grows with its length alone. What is given back is text, and to be escaped like any other."""
    text = _TAG.sub(_apart, _seen(html))
    lines = (" ".join(line.split()) for line in unescape(text).split("\n"))
    return _MANY.sub("\n\n", "\n".join(lines)).strip()


def _apart(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    if name in ("p", "table", "ul", "ol", "blockquote"):
        return "\n\n"
    return "\n" if name in _BLOCKS or name == "br" else " " if name in ("td", "th") else ""


def _seen(html: str) -> str:
    """Without what stands in elements that are not shown."""
    kept, at = [], 0
    while start := _UNSEEN.search(html, at):
        kept.append(html[at : start.start()])
        end = re.compile(f"</{start[1]}", re.IGNORECASE).search(html, start.end())
        at = end.start() if end else len(html)
    return "".join([*kept, html[at:]])
