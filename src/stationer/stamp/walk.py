"""One walk over the tokens of an HTML part: visible lines, clients' marks, block quotations, signatures."""

from __future__ import annotations

from html import unescape
from typing import NamedTuple

from stationer.stamp.containers import BARE, WORD, Container, container_of, is_signature
from stationer.stamp.hints import ELEMENT
from stationer.stamp.lines import Line
from stationer.stamp.quotations import Quotations, Spans, unquoted
from stationer.stamp.tags import BREAKING, VOID, Token, attributes

#: Of more elements that may bear a mark no more are looked at.
MOST_MARKS = 5_000


class Mark(NamedTuple):
    """An element that bears a client's mark: where it starts and ends, and the mark."""

    start: int
    end: int
    container: Container


class Walk:
    """The walk; afterwards `lines`, `marks`, `cited` (block quotations) and `signed` (signatures)."""

    def __init__(self, html: str, found: list[Token]) -> None:
        self.html = html
        self.lines: list[Line] = []
        self.cited = Spans()
        self.signed = Spans()
        self._marked = Spans()
        self._containers: list[Container] = []
        self._words: list[str] = []
        self._start = self._end = -1
        self._quotations = Quotations()
        self._quoting = 0  # block quotations that are open
        self._borne = 0  # elements asked for a mark
        self._depth: dict[str, int] = {}  # how often each element is open
        self._open: dict[str, list[tuple[int, Spans, int]]] = {}  # those that are taken note of
        for token in found:
            if not token.name:
                self._text(token)
            elif token.name != "!":
                self._tag(token)
        self._end_line()
        for spans in (self.cited, self.signed, self._marked):
            spans.close()
        spans = self._marked
        marks = (Mark(*mark) for mark in zip(spans.starts, spans.ends, self._containers, strict=True))
        own = self._quotations.own(self.lines)
        self.marks = [mark for mark in marks if mark.container is not BARE or not own.hold(mark.start)]
        if own.starts:
            self.lines = [unquoted(line) if own.hold(line.start) else line for line in self.lines]
            self.cited = self.cited.without(own)

    def _text(self, token: Token) -> None:
        """Words; inside pre each line is a line."""
        raw = self.html[token.start : token.end]
        if self._depth.get("pre") and "\n" in raw:
            at = token.start
            for line in raw.split("\n"):
                self._piece(line, at)
                at += len(line) + 1
                if at <= token.end:
                    self._end_line()
        else:
            self._piece(raw, token.start)

    def _piece(self, raw: str, at: int) -> None:
        """Words of the current line."""
        if not raw or raw.isspace():
            self._words.append(" ")
            return
        if self._start < 0:
            self._start = at + len(raw) - len(raw.lstrip())
        self._words.append(unescape(raw))
        self._end = at + len(raw.rstrip())

    def _end_line(self) -> None:
        """The current line is done; one without words is none."""
        if not self._words:
            return
        text = " ".join("".join(self._words).split())
        if text:
            self.lines.append(Line(text, self._start, self._end, self._quoting > 0 or text[0] == ">"))
        self._words.clear()
        self._start = self._end = -1

    def _tag(self, token: Token) -> None:
        """A tag: it may end a line, and open or close something that is taken note of."""
        name = token.name
        if name in BREAKING:
            self._end_line()
        if not token.opens:
            self._close(token)
            return
        if name not in VOID:
            self._depth[name] = self._depth.get(name, 0) + 1
        if name == "blockquote" and not self._quotes(token):
            return
        if name == "blockquote" or (
            self._borne <= MOST_MARKS
            and token.end - token.start > 11
            and ELEMENT.search(self.html, token.start, token.end)
        ):
            self._bears(token)

    def _quotes(self, token: Token) -> bool:
        """Take note of a block quotation; one that a program writes to indent a paragraph is none."""
        found = attributes(self.html, token) if token.end - token.start > len("<blockquote>") else {}
        container = container_of(token.name, found)
        if container is None:
            return False
        self._note(token, self.cited)
        self._quoting += 1
        if self._quoting > 1:
            self._note(token, self._quotations.nested)
        elif container is BARE:
            self._note(token, self._quotations.bare)
        else:
            self._quotations.sure = True
        return True

    def _bears(self, token: Token) -> None:
        """Take note of a client's mark, or of a signature."""
        self._borne += 1
        if self._borne > MOST_MARKS:
            return
        found = attributes(self.html, token)
        if container := container_of(token.name, found):
            self._containers.append(container)
            self._note(token, self._marked)
            if token.name != "blockquote" and container is not WORD:
                self._note(token, self._quotations.around)
        elif token.name not in VOID and is_signature(found):
            self._note(token, self.signed)

    def _note(self, token: Token, spans: Spans) -> None:
        """An element begins; one that never ends reaches beyond the end of the part."""
        spans.starts.append(token.start)
        spans.ends.append(token.end if token.name in VOID else len(self.html) + 1)
        if token.name not in VOID:
            entry = (self._depth[token.name], spans, len(spans.ends) - 1)
            self._open.setdefault(token.name, []).append(entry)

    def _close(self, token: Token) -> None:
        """An end tag ends the innermost element of its name; one that closes nothing is passed over."""
        level = self._depth.get(token.name, 0)
        if not level:
            return
        noted = self._open.get(token.name, [])
        while noted and noted[-1][0] >= level:
            _, spans, number = noted.pop()
            spans.ends[number] = token.end
            self._quoting -= spans is self.cited
        self._depth[token.name] = level - 1
