"""What is open at an offset of an HTML part, as browsers nest it (WHATWG HTML §13.2.6): whether an element put in there
is shown, and where it stands.

Two things befall a block whose author left elements open. Straight in a table it is shown above that table ("foster
parenting", §13.2.6.1); in a menu, a folded section or an element for other content it is not shown at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from stationer.stamp.tags import BREAKING, VOID, Token

CELLS = frozenset({"td", "th", "caption"})
ROWS = frozenset({"tr", "tbody", "thead", "tfoot", "colgroup"})
HOLDERS = CELLS | {"table"}
TABLED = CELLS | ROWS | {"table"}
#: End tags do not reach beyond these (§13.2.4.2), but those of tables.
SCOPES = HOLDERS | {"object", "marquee", "applet"}
#: An end tag of these ends no other element (§13.2.6.4.7, the adoption agency).
FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
#: The end tag of another element does not reach beyond these (§13.2.4.2, "special").
SPECIAL = BREAKING | {
    "aside", "button", "dir", "figcaption", "hgroup", "listing", "menu", "noscript", "select", "summary", "template",
    "xmp",
}  # fmt: skip
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
#: What stands in these is no markup.
RAW = frozenset({"xmp", "iframe", "noembed", "noframes", "plaintext"})
#: What stands in these is shown when the reader unfolds it.
FOLDED = frozenset({"details", "dialog"})
#: It is unfolded from the beginning; the attribute has no value as a rule.
UNFOLDED = re.compile(r"\sopen(?=[\s=/>])", re.IGNORECASE)
#: What stands in these is shown in a menu, or where other content cannot be.
SWALLOWING = RAW | {"select", "datalist", "object", "video", "audio", "canvas"}
#: Where none of these is named, nothing has to be asked.
TELLING = re.compile("<(?:" + "|".join(sorted(FOLDED | SWALLOWING)) + ")")
ENDING_SELECT = frozenset({"select", "input", "textarea"})
#: Comments; what never ends before the mail does; and what ends by itself wherever something else begins.
UNNESTED = frozenset({"!", "html", "head", "body", "p"})
#: No element further out is sought for an end tag.
MOST_OPEN = 100


class Element:
    """An open element: where it starts, what was shown before it; of a table, where its last cell with words ends."""

    __slots__ = ("cell_end", "name", "said", "start")

    def __init__(self, name: str, start: int, said: int) -> None:
        self.name, self.start, self.said, self.cell_end = name, start, said, -1


class Nesting:
    """The stack of open elements (§13.2.4.2) at an offset; those that end by themselves may still be in it."""

    def __init__(self, html: str, tokens: Sequence[Token], offset: int) -> None:
        self.html = html
        self.open: list[Element] = []
        self.holders: list[Element] = []  # of them tables and cells
        self.count: Counter[str] = Counter()
        self.said = 0  # texts and pictures
        for token in tokens:
            if token.start >= offset:
                break
            if not token.name:
                self.said += bool(html[token.start : token.end].replace("&nbsp;", "").strip())
            elif token.name not in UNNESTED:
                self._tag(token)

    def better(self) -> int | None:
        """An offset further up at which a block is shown, and behind the words; None where this one is as good."""
        for element in self.open:
            if element.name in FOLDED or (element.name in SWALLOWING and element.said == self.said):
                return element.start
        holder = self.holders[-1] if self.holders else None
        return holder.cell_end if holder and holder.name == "table" and holder.cell_end >= 0 else None

    @property
    def swallows(self) -> bool:
        """Whether a block here would not be shown."""
        return any(element.name in SWALLOWING for element in self.open)

    def _tag(self, token: Token) -> None:
        name = "h1" if token.name in HEADINGS else token.name
        if self.open and self.open[-1].name in RAW:
            if not token.opens and name == self.open[-1].name != "plaintext":
                self._pop()
        elif self.count["select"] and not self._is_read_in_select(token):
            return
        elif name in TABLED:
            self._tabled(token)
        elif not token.opens:
            self._end(name)
        elif name in VOID:
            self.said += name == "img"
        elif name not in FOLDED or not UNFOLDED.search(self.html, token.start, token.end):
            self._push(name, token.start)

    def _is_read_in_select(self, token: Token) -> bool:
        """Whether a tag inside a menu is read as anywhere: most are passed over, some end the menu (§13.2.6.4.16)."""
        held = self.holders[-1].name if self.holders else ""
        ends_holder = token.name in TABLED and held and (token.opens or token.name in (held, "table"))
        if token.name in ENDING_SELECT or ends_holder:
            self._pop_through("select")
            return token.name != "select"
        return False

    def _tabled(self, token: Token) -> None:
        """A table, or what belongs to its structure (§13.2.6.4.9–15)."""
        holder = self.holders[-1] if self.holders else None
        if token.name == "table":
            if not token.opens or (holder and holder.name == "table"):
                self._pop_through("table")
            if token.opens:
                self._push(token.name, token.start)
            return
        if holder is None or (not token.opens and token.name in CELLS and holder.name != token.name):
            return
        while self.open[-1].name != "table":
            if self._pop() is holder and self.said > holder.said:
                self.holders[-1].cell_end = token.start
        if token.opens and token.name in CELLS:
            self._push(token.name, token.start)

    def _end(self, name: str) -> None:
        """The innermost element of this name ends, and what is open in it."""
        far = name in SPECIAL
        if not self.count[name]:
            return
        for depth, element in enumerate(islice(reversed(self.open), MOST_OPEN), 1):
            if element.name == name and name in FORMATTING:
                del self.open[-depth]
                self.count[name] -= 1
            elif element.name == name:
                self._pop_through(name)
            elif element.name not in SCOPES and (far or element.name not in SPECIAL or name in FORMATTING):
                continue
            return

    def _push(self, name: str, start: int) -> None:
        self.open.append(Element(name, start, self.said))
        self.count[name] += 1
        if name in HOLDERS:
            self.holders.append(self.open[-1])

    def _pop(self) -> Element:
        element = self.open.pop()
        self.count[element.name] -= 1
        if element.name in HOLDERS:
            self.holders.pop()
        return element

    def _pop_through(self, name: str) -> None:
        while self.count[name] and self._pop().name != name:
            pass
