"""About how high a cleaned body will be: a sandboxed frame cannot tell, and no script of ours looks into it.

Lines are counted from characters, as a letter of 16 px fills a measure; rows of a table are as high as their highest
cell. It is meant to be a little too much rather than too little; where it is too little, the frame scrolls.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

#: Pixels: a line, a character on average, and the space round the body.
LINE, CHARACTER, ROUND = 24, 7.8, 28
#: The least and the most that a frame is given.
LEAST, MOST = 96, 12_000
_BLOCKS = frozenset((
    "address", "article", "blockquote", "center", "div", "dd", "dl", "dt", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr",
    "ul",
))  # fmt: skip
_APART = {
    "p": 12,
    "h1": 40,
    "h2": 32,
    "h3": 24,
    "blockquote": 12,
    "ul": 16,
    "ol": 16,
    "hr": 16,
    "pre": 16,
    "table": 8,
}
_HEIGHT = re.compile(r"(?:^|;)\s*(?:min-)?height:\s*(\d{1,5})(?:\.\d+)?px")
_HIDDEN = re.compile(r"display:\s*none")
_SIZE = re.compile(r"(?:^|;)\s*font-size:\s*(\d{1,3})(?:\.\d+)?px")
_SPACE = re.compile(r"(?:^|;)\s*(?:padding|margin)(?:-(?:top|bottom))?:\s*(\d{1,3})(?:\.\d+)?px")
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})


class _Ruler(HTMLParser):
    """Adds up lines and pictures; inside a row, the cells lie beside one another."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self._total, self._run, self._scale = 0.0, 0.0, 1.0
        self._cells: list[tuple[float, float]] = []  # of each open row: where it begins, its highest cell
        self._open: list[tuple[str, float]] = []  # elements, with the scale outside them
        self._count: Counter[str] = (
            Counter()
        )  # of the open ones, by name: a deep tree is not searched for each word
        self._hidden = 0

    def _flush(self) -> None:
        if self._run:
            lines = -(-self._run // self._width)
            self._total += max(1.0, lines) * LINE * self._scale
        self._run = 0.0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        style = facts.get("style", "")
        if tag not in _VOID:
            self._open.append((tag, self._scale))
            self._count[tag] += 1
            self._hidden += bool(self._hidden or _HIDDEN.search(style))
        if tag in _BLOCKS or tag in ("td", "th", "br"):
            self._run = self._run or (CHARACTER if tag == "br" else 0.0)
            self._flush()
        if self._hidden:
            return
        if size := _SIZE.search(style):
            self._scale = max(0.5, int(size[1]) / 16)
        self._total += _APART.get(tag, 0) + sum(int(found) for found in _SPACE.findall(style))
        self._row(tag)
        self._fixed(tag, facts, style)

    def _row(self, tag: str) -> None:
        if tag == "tr":
            self._cells.append((self._total, self._total))
        elif tag in ("td", "th") and self._cells:
            start, most = self._cells[-1]
            self._cells[-1] = (start, max(most, self._total))
            self._total = start + 8

    def _fixed(self, tag: str, facts: dict[str, str], style: str) -> None:
        """What says itself how high it is. A picture that does not say it, and is there, counts as 200 px."""
        if tag == "img" and not facts.get("src"):  # its words alone are shown
            self._total += LINE
            return
        said = _HEIGHT.search(style)
        height = said[1] if said else facts.get("height", "")
        if height.isdecimal() and len(height) < 6 and (tag == "img" or said):
            wide = facts.get("width", "")
            fits = min(1.0, self._width / int(wide)) if wide.isdecimal() and 0 < int(wide) < 10**5 else 1.0
            self._total += int(height) * fits if tag == "img" else max(0, int(height) - LINE)
        elif tag == "img":
            self._total += 200

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            words = data if self._count["pre"] else " ".join(data.split())
            *whole, last = words.split("\n")
            for line in whole:
                self._run += max(1, len(line)) * CHARACTER * self._scale
                self._flush()
            self._run += len(last) * CHARACTER * self._scale

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in ("td", "th"):
            self._flush()
        if tag == "tr" and self._cells:
            self._total = max(self._total, self._cells.pop()[1])
        if self._count[tag]:
            while True:
                name, self._scale = self._open.pop()
                self._count[name] -= 1
                self._hidden -= bool(self._hidden)
                if name == tag:
                    break

    def height(self) -> int:
        """Pixels, in steps of a line."""
        self._flush()
        most = max([self._total, *(high for _, high in self._cells)])
        steps = -(-(most * 1.06 + ROUND) // LINE)
        return int(min(MOST, max(LEAST, steps * LINE)))


def height(html: str, width: int) -> int:
    """Pixels that cleaned HTML takes when it is so many pixels wide."""
    ruler = _Ruler(max(120, width))
    ruler.feed(html)
    ruler.close()
    return ruler.height()
