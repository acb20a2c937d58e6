"""Cleaned HTML → the text a person would quote: lines at blocks, an address behind a link whose words do not say it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset((
    "address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
))  # fmt: skip
_MANY = re.compile(r"\n{3,}")


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
