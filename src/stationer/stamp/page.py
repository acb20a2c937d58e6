"""An HTML part and the places in it: where between tags a block may stand. Read only as far as it is asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import repeat
from operator import contains

from stationer.stamp.documents import own_document
from stationer.stamp.hints import Pieces
from stationer.stamp.nesting import TELLING, Nesting
from stationer.stamp.tags import SILENT, VOID, Token, is_unhidden, stands_free, tokens
from stationer.stamp.walk import Walk

FRAME = frozenset({"html", "head", "body"})
#: Before these only their own kind may stand.
STRICT = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th", "li", "dt", "dd"})
#: The end of a body with nothing behind it.
LAST = re.compile(r"</body\s*>\s*(?:</html\s*>\s*)?\Z", re.IGNORECASE)

#: What stands at the end of a document, and how far from the end of the part it is looked for.
ENDED = re.compile(r"</html\s*>\s*\Z", re.IGNORECASE)
LONGEST_END = 100
#: What a body's beginning is told by; how well a body's tag does.
HEADING = ("<html", "<body", "</head", "<!doctype")
BODY = 4
TABLE = re.compile(r"<(/?)table[\s/>]", re.IGNORECASE)
#: A style that shows line ends (CSS Text 3 §3).
KEEPING = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break)")
#: No place is moved further up more often.
MOST_STEPS = 8

#: What hides what stands in it.
HIDING = ("<!--", *(f"<{name}" for name in SILENT))


class Page:
    """One HTML part; `octets`: the same in UTF-8, where that is at hand."""

    def __init__(self, html: str, octets: bytes | None = None) -> None:
        self.html = html
        self._octets = octets
        self._nestings: dict[int, Nesting] = {}

    @cached_property
    def pieces(self) -> Pieces:
        """The HTML parted at its angle brackets."""
        return Pieces(self.html.encode("utf-8", "replace") if self._octets is None else self._octets)

    @cached_property
    def tokens(self) -> list[Token]:
        """All tokens."""
        return tokens(self.html)

    @cached_property
    def walk(self) -> Walk:
        """What one walk over the tokens finds."""
        return Walk(self.html, self.tokens)

    @property
    def is_read(self) -> bool:
        """Whether the tokens are known already."""
        return "tokens" in self.__dict__

    @property
    def is_walked(self) -> bool:
        """Whether they were walked over: of a page in which nothing may quote, they are not."""
        return "walk" in self.__dict__

    @cached_property
    def own(self) -> tuple[int, int]:
        """Where the author's document begins and ends."""
        if self._is_one():
            return 0, len(self.html)
        return own_document(self.tokens, self.walk.lines, len(self.html))

    def _is_one(self) -> bool:
        """Whether it is plainly one document, or a piece of one, with nothing behind its end."""
        pieces = self.pieces
        ends, begins = pieces.named("/html"), pieces.named("html")
        if not ends and not begins:
            return True
        if not pieces.sound or sum(map(pieces.count, begins)) > 1 or sum(map(pieces.count, ends)) > 1:
            return False
        return not ends or ENDED.search(self.html[-LONGEST_END:]) is not None

    @cached_property
    def body_start(self) -> int:
        """Behind the opening tag of the author's body, else behind the head, or the html's tag, or the document type;
        where their document begins when it has none of these."""
        if not any(map(contains, repeat(self.pieces.tags), HEADING)):
            return 0
        begin, until = self.own
        if not self.is_read and (opened := self._only("body")) >= 0:
            return self.html.index(">", opened) + 1
        best, found = 0, begin
        for token in self.tokens:
            if token.start >= until or best == BODY:
                break
            rank = 0 if token.start < begin else self._rank(token)
            if rank > best:
                best, found = rank, token.end
        return found

    def _rank(self, token: Token) -> int:
        """How well a block on top stands behind this tag."""
        if token.opens:
            return {"html": 2, "body": BODY}.get(token.name, 0)
        if token.name == "head":
            return 3
        return int(token.name == "!" and self.html[token.start : token.start + 9].lower() == "<!doctype")

    def _only(self, name: str) -> int:
        """Where the only tag of this name starts, in HTML without comments before it; -1 where that is not sure."""
        heads = self.pieces.named(name)
        if not self.pieces.sound or len(heads) != 1:
            return -1
        tag = "<" + heads[0] + ">"
        at = self.html.find(tag)
        return at if self.html.rfind(tag) == at and self.html.find("<!--", 0, at) < 0 else -1

    def above(self, offset: int) -> int:
        """Where a block goes that must stand above what begins at `offset`.

        Out of every element that begins with it and holds nothing before it; above a rule that belongs to it; never
        into a table's or a list's own structure, and never out of body.
        """
        best = offset
        index = bisect_right(self.tokens, (offset,), key=lambda token: (token.start,)) - 1
        if index >= 0 and self.html[self.tokens[index].start : offset].strip():
            return offset
        while (index := index - 1) >= 0:
            token = self.tokens[index]
            if self._is_blank(token):
                continue
            if token.opens and (token.name == "hr" or token.name not in VOID | FRAME):
                best = best if token.name in STRICT else token.start
            elif self._is_empty_end(index):
                index -= 1
                best = self.tokens[index].start
            else:
                break
        return best

    def _is_blank(self, token: Token) -> bool:
        """Whether the token shows nothing but an empty line."""
        if token.name:
            return token.name == "!" or (token.name == "br" and token.opens)
        return not self.html[token.start : token.end].replace("&nbsp;", "").strip()

    def _is_empty_end(self, index: int) -> bool:
        """The end tag of Outlook's empty place for what is appended on send."""
        before, token = self.tokens[index - 1] if index else None, self.tokens[index]
        if before is None or not before.opens or token.opens or before.name != token.name:
            return False
        return "appendonsend" in self.html[before.start : before.end].lower()

    def end(self) -> int:
        """Where a block goes that closes the mail: before `</body>`, or before `</html>`, or at the end."""
        if not self.is_read and (quick := self._quick_end()) is not None:
            return quick
        begin, until = self.own
        last = until
        for token in reversed(self.tokens):
            if begin <= token.start < until and not token.opens:
                if token.name == "body":
                    return token.start
                if token.name == "html" and last == until:
                    last = token.start
        return last

    def _quick_end(self) -> int | None:
        """The same without tokens, where nothing can mislead: one document, no comment in its body."""
        pieces, html = self.pieces, self.html
        opened, closed, documents = pieces.named("body"), pieces.named("/body"), pieces.named("html")
        if pieces.sound and not (opened or closed or documents or pieces.named("/html")):
            return len(html)
        if not pieces.sound or not len(opened) == len(closed) == 1:
            return None
        # of a tag that stands there once, the first is the last, and nearer to where the search begins
        find = html.find if pieces.count(opened[0]) == 1 else html.rfind
        start, end = find("<" + opened[0]), html.rfind("<" + closed[0])
        sure = 0 < start < end and LAST.match(html, end) and sum(map(pieces.count, documents)) < 2
        return end if sure and ("<!--" not in pieces.tags or html.rfind("<!--") < start) else None

    def settled(self, offset: int, steps: int = MOST_STEPS) -> int:
        """The offset, or one further up: where elements are left open, a block would be shown above the words of a
        table that is open here, or not at all."""
        better = self._nesting(offset).better() if steps and self._is_nested(offset) else None
        return offset if better is None else self.settled(better, steps - 1)

    def _is_nested(self, offset: int) -> bool:
        """Whether a table may be open here, or an element that does not show what it holds."""
        pieces = self.pieces
        if not pieces.sound or TELLING.search(pieces.tags):
            return True
        if "<table" not in pieces.tags:
            return False
        depth = 0
        for tag in TABLE.finditer(self.html, 0, offset):
            depth = max(0, depth - 1) if tag[1] else depth + 1
        return depth > 0 or "<!--" in pieces.tags

    def _nesting(self, offset: int) -> Nesting:
        """What is open here."""
        if offset not in self._nestings:
            self._nestings[offset] = Nesting(self.html, self.tokens, offset)
        return self._nestings[offset]

    @cached_property
    def keeps_lines(self) -> bool:
        """Whether line ends may be shown somewhere in it, in an element or by a style."""
        tags = self.pieces.tags
        if "<pre" in tags or "<listing" in tags or ("white-space" in tags and KEEPING.search(tags)):
            return True
        return "<style" in tags and KEEPING.search(self.html.lower()) is not None

    def is_open_ground(self, offset: int) -> bool:
        """Whether an element put in here would be one, and would be shown."""
        pieces = self.pieces
        if self._is_nested(offset) and self._nesting(offset).swallows:
            return False
        if not pieces.sound:
            return stands_free(self.tokens, offset)
        return not any(map(contains, repeat(pieces.tags), HIDING)) or is_unhidden(self.html, offset)
