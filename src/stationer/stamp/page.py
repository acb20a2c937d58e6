"""What an HTML part shows: its visible lines with offsets, its elements, and where between tags a block may stand."""

from __future__ import annotations

import re
from functools import cached_property
from html import unescape
from typing import NamedTuple

from stationer.stamp.containers import Container, container_of, is_signature
from stationer.stamp.hints import ELEMENT
from stationer.stamp.lines import Line
from stationer.stamp.tags import BREAKING, VOID, Token, attributes, tag_end, tokens

#: Elements in which a block may not stand directly.
STRICT = frozenset({"table", "tbody", "thead", "tfoot", "tr", "colgroup", "ul", "ol", "dl", "select"})
FRAME = frozenset({"html", "head", "body"})
BODY = re.compile(r"<body[\s>]", re.IGNORECASE)
LAST = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


class Mark(NamedTuple):
    """An element that bears a client's mark: its token's index, the mark, where the element ends."""

    token: int
    start: int
    end: int
    container: Container


class Walk:
    """One walk over the tokens: visible lines, marks, block quotations, signatures."""

    def __init__(self, html: str, found: list[Token]) -> None:
        self.html = html
        self.tokens = found
        self.lines: list[Line] = []
        self.marks: list[Mark] = []
        self.cited: list[tuple[int, int]] = []
        self.signed: list[tuple[int, int]] = []
        self.body_start = 0
        self._read()

    def _read(self) -> None:
        """One walk over the tokens."""
        html = self.html
        depth: list[
            tuple[str, int]
        ] = []  # what is open and matters: block quotations, pre, marks, signatures
        quoted = 0
        words: list[str] = []
        start = end = -1

        def flush() -> None:
            nonlocal start, end
            if not words:
                return
            text = " ".join("".join(words).split())
            if text:
                self.lines.append(Line(text, start, end, quoted > 0 or text[0] == ">"))
            words.clear()
            start = end = -1

        open_marks: list[
            tuple[str, int, int, str]
        ] = []  # tag name, nesting of that name, index in the list, which list
        nesting: dict[str, int] = {}
        for index, token in enumerate(self.tokens):
            name = token.name
            if not name:
                raw = html[token.start : token.end]
                if raw.isspace():
                    words.append(" ")
                    continue
                if start < 0:
                    start = token.start + len(raw) - len(raw.lstrip())
                if "pre" in nesting and nesting["pre"] and "\n" in raw:
                    self._preformatted(raw, token.start, words, quoted, start)
                    start = end = -1
                    continue
                words.append(unescape(raw))
                end = token.start + len(raw.rstrip())
                continue
            if name == "!":
                continue
            if name in BREAKING:
                flush()
            if not token.opens:
                self._leave(name, token, nesting, open_marks)
                if name == "blockquote" and quoted:
                    quoted -= 1
                continue
            if name in ("body", "html"):
                self.body_start = token.end
            if name not in VOID:
                nesting[name] = nesting.get(name, 0) + 1
            if name == "blockquote":
                quoted += 1
                if quoted == 1:
                    open_marks.append((name, nesting[name], len(self.cited), "cited"))
                    self.cited.append((token.start, len(html)))
            self._bears(index, token, nesting, open_marks)
        flush()

    def _preformatted(self, raw: str, at: int, words: list[str], quoted: int, start: int) -> None:
        """Text inside pre: its own lines are lines."""
        held = "".join(words)
        for line in raw.split("\n"):
            text = " ".join((held + unescape(line)).split())
            held = ""
            if text:
                first = start if start >= 0 else at + len(line) - len(line.lstrip())
                self.lines.append(Line(text, first, at + len(line.rstrip()), quoted > 0 or text[0] == ">"))
            start = -1
            at += len(line) + 1
        words.clear()

    def _bears(
        self, index: int, token: Token, nesting: dict[str, int], opened: list[tuple[str, int, int, str]]
    ) -> None:
        """Take note of a client's mark or of a signature on this opening tag."""
        name = token.name
        raw = self.html[token.start : token.end]
        if name != "blockquote" and (len(raw) < 12 or not ELEMENT.search(raw)):
            return
        found = attributes(self.html, token)
        if container := container_of(name, found):
            end = token.end if name in VOID else len(self.html)
            if name not in VOID:
                opened.append((name, nesting[name], len(self.marks), "marks"))
            self.marks.append(Mark(index, token.start, end, container))
        elif name not in VOID and is_signature(found):
            opened.append((name, nesting[name], len(self.signed), "signed"))
            self.signed.append((token.start, len(self.html)))

    def _leave(
        self, name: str, token: Token, nesting: dict[str, int], opened: list[tuple[str, int, int, str]]
    ) -> None:
        """An end tag: the elements of that name that are open at this nesting end here."""
        level = nesting.get(name, 0)
        if not level:
            return
        while opened and any(entry[0] == name and entry[1] >= level for entry in opened):
            at = next(
                n for n in range(len(opened) - 1, -1, -1) if opened[n][0] == name and opened[n][1] >= level
            )
            _, _, number, which = opened.pop(at)
            if which == "marks":
                self.marks[number] = self.marks[number]._replace(end=token.end)
            else:
                spans = self.cited if which == "cited" else self.signed
                spans[number] = (spans[number][0], token.end)
        nesting[name] = level - 1


class Page:
    """The reading of one HTML part. It is walked through when something of it is asked for."""

    def __init__(self, html: str) -> None:
        self.html = html

    @cached_property
    def tokens(self) -> list[Token]:
        """All tokens."""
        return tokens(self.html)

    @cached_property
    def walk(self) -> Walk:
        """What one walk over the tokens finds."""
        return Walk(self.html, self.tokens)

    @property
    def lines(self) -> list[Line]:
        """The visible lines."""
        return self.walk.lines

    @property
    def marks(self) -> list[Mark]:
        """The elements that bear a client's mark."""
        return self.walk.marks

    @property
    def cited(self) -> list[tuple[int, int]]:
        """The outermost block quotations."""
        return self.walk.cited

    @cached_property
    def body_start(self) -> int:
        """Behind the body's opening tag, or the html's; 0 where there is none."""
        if "tokens" not in self.__dict__ and "<!--" not in self.html:
            found = BODY.search(self.html)
            return tag_end(self.html, found.start()) if found else self.walk.body_start
        return self.walk.body_start

    def is_signed(self, offset: int) -> bool:
        """Whether this offset lies in an element that holds a signature."""
        return any(start <= offset < end for start, end in self.walk.signed)

    def token_at(self, offset: int) -> int:
        """The index of the token that holds this offset."""
        low, high = 0, len(self.tokens) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.tokens[middle].start <= offset:
                low = middle
            else:
                high = middle - 1
        return low

    def above(self, offset: int) -> int:
        """Where a block goes that must stand above what begins at `offset`.

        Out of every element that begins with it and holds nothing before it; above a rule that belongs to it; never
        into a table's or a list's own structure, and never out of body.
        """
        best, index = offset, self.token_at(offset) - 1
        if self.tokens and self.html[self.tokens[index + 1].start : offset].strip():
            return offset
        while index >= 0:
            token = self.tokens[index]
            if token.name == "" and not self.html[token.start : token.end].replace("&nbsp;", "").strip():
                pass
            elif token.opens and token.name == "hr":
                best = token.start
            elif token.opens and token.name not in VOID and token.name not in FRAME:
                if self._may_stand_before(index):
                    best = token.start
            elif self._is_empty_end(index):
                index -= 1
                while not self.tokens[index].opens:
                    index -= 1
                best = self.tokens[index].start
            elif not (token.opens and token.name == "br") and token.name != "!":
                break
            index -= 1
        return best

    def _may_stand_before(self, index: int) -> bool:
        """Not before a row, a cell or an item: there only their own kind may stand."""
        return self.tokens[index].name not in {"tbody", "thead", "tfoot", "tr", "td", "th", "li", "dt", "dd"}

    def _is_empty_end(self, index: int) -> bool:
        """The end tag of Outlook's empty place for what is appended on send."""
        before = self.tokens[index - 1] if index else None
        return (
            before is not None
            and before.opens
            and not self.tokens[index].opens
            and before.name == self.tokens[index].name
            and "appendonsend" in self.html[before.start : before.end].lower()
        )

    def end(self) -> int:
        """Where a block goes that closes the mail: before `</body>`, or before `</html>`, or at the end."""
        last = len(self.html)
        if "tokens" not in self.__dict__ and (quick := self._quick_end()) is not None:
            return quick
        seen_body = False
        for token in reversed(self.tokens):
            if token.name in ("body", "html") and not token.opens and not seen_body:
                last, seen_body = token.start, token.name == "body"
            elif token.name == "html" and token.opens and self._second_document(token):
                return self._end_of_first()
        return last

    def _quick_end(self) -> int | None:
        """The same without tokens, where nothing can mislead: one document, no comment behind its last tags."""
        html = self.html
        found = html.lower().rfind("</body")
        opened = html.lower().rfind("<body")
        sure = 0 < opened < found and html.rfind("<!--") < opened and html.lower().count("<html") < 2
        return found if sure and LAST.match(html, found) and html.find("</script", found) < 0 else None

    def _second_document(self, token: Token) -> bool:
        """Whether this html tag begins another document below the first (some phones write the answer above it)."""
        return any(
            other.name == "html" and other.opens and other.start < token.start for other in self.tokens
        )

    def _end_of_first(self) -> int:
        """The end of the first of several documents."""
        return next(
            (token.start for token in self.tokens if token.name in ("body", "html") and not token.opens),
            len(self.html),
        )
