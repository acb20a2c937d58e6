"""HTML that no parser should be asked to make a tree of: too many elements or attributes, too deep, or formatting left
open over and over, which the standard has parsers write again in every block (WHATWG HTML §13.2.4.3, "reconstruct the
active formatting elements"). Their time and output grow with the square of such HTML; this reads it once.

The tags are found as a browser's tokenizer finds them (§13.2.5). Elements inside which it reads otherwise than here
(`svg`, `select`, `xmp`, …) could hide tags from this count: HTML that has any is held to a bound that needs no count.
"""

from __future__ import annotations

import re
from collections import Counter

#: How many elements, and how deep: browsers set what is deeper than 512 beside one another.
MOST_ELEMENTS, DEEPEST = 100_000, 500
#: Characters of formatting that a parser may have to write again; characters times tags where tags can hide.
MOST_AGAIN, MOST_UNSURE = 4_000_000, 20_000_000
#: Attributes of one element, which a parser compares with one another; they are counted in tags of so many characters.
MOST_ATTRIBUTES, LONG_TAG = 1_000, 5_000
_S = r"[ \t\n\f\r]"
_ATTRIBUTE = (
    r"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"(?:{_S}*+={_S}*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+)?)?"
)
_EACH = re.compile(_ATTRIBUTE)
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?:[!?]|/[^a-zA-Z])[^>]*+"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)"
    rf"(?:[ \t\n\f\r/]++|{_ATTRIBUTE})*",
    re.DOTALL,
)
_RUN = re.compile(r"[^<>]{20000,}+")
_START = re.compile(r"<[a-zA-Z]")
#: What stands in these is text, up to their end.
_TEXT = {
    name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE) for name in ("script", "style", "title")
}
_UNSURE = re.compile(
    r"<(?:svg|math|select|template|frameset|noscript|xmp|iframe|noembed|noframes|plaintext|textarea)(?![a-z0-9-])",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script(?![a-z0-9-])", re.IGNORECASE)
_VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
))  # fmt: skip
#: These end by themselves where the next one, or what holds them, begins or ends.
_LOOSE = frozenset((
    "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp",
    "rt", "tbody", "td", "tfoot", "th", "thead", "tr",
))  # fmt: skip
_FORMATS = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip


def is_tangled(html: str) -> bool:
    """Whether `html` is better not parsed. One pass: time and memory grow with its length alone."""
    if _hides(html):
        many = any(len(run[0].split()) > MOST_ATTRIBUTES for run in _RUN.finditer(html))
        return many or len(html) * len(_START.findall(html)) > MOST_UNSURE
    count, at = _Count(), 0
    while (token := _TOKEN.search(html, at)) is not None:
        at = token.end()
        name = (token["name"] or "").lower()
        if not name:
            continue
        if token["end"]:
            count.ends(name)
        else:
            count.starts(name, at - token.start())
            if at - token.start() > LONG_TAG and len(_EACH.findall(token[0])) > MOST_ATTRIBUTES:
                return True
        if name in _TEXT and not token["end"]:
            end = _TEXT[name].search(html, at)
            at = end.start() if end else len(html)
        if count.is_too_much:
            return True
    return False


def _hides(html: str) -> bool:
    """Whether tags may stand where this does not look, or not stand where it does. (A script that holds a comment does
    not end at the first `</script>`, §13.2.5.19.)"""
    script = _SCRIPT.search(html)
    return bool(_UNSURE.search(html)) or bool(script and html.find("<!--", script.end()) >= 0)


class _Count:
    """What is open, and what has been."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._formats: dict[str, list[int]] = {}
        self._elements = self._depth = self._weight = self._again = 0

    @property
    def is_too_much(self) -> bool:
        return self._elements > MOST_ELEMENTS or self._depth > DEEPEST or self._again > MOST_AGAIN

    def starts(self, name: str, length: int) -> None:
        """A start tag of so many characters."""
        if name == "a" and self._open["a"]:  # one ends the other
            self.ends("a")
        self._elements += 1
        if name in _FORMATS:
            self._formats.setdefault(name, []).append(length)
            self._weight += length
        else:
            self._again += self._weight
        if name not in _VOID and name not in _LOOSE:
            self._open[name] += 1
            self._depth += 1

    def ends(self, name: str) -> None:
        """An end tag; one of nothing that is open only makes its parser look."""
        self._again += self._weight
        if self._open[name]:
            self._open[name] -= 1
            self._depth -= 1
            if name in _FORMATS:
                self._weight -= self._formats[name].pop()
