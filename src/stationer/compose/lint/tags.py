"""The tags and declarations of an MJML source, each with the characters it stands on, so that a mend can be exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import accumulate
from typing import NamedTuple

_ATTRIBUTE = re.compile(r"""(?<!\s)\s++([\w:.-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
#: What ends a declaration, and what may have a semicolon in it that ends none.
_ENDING = re.compile(r"&#?\w++;|\([^()]*+\)|[;{}]")
_PROPERTY = re.compile(r"[\w-]+")
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Attribute(NamedTuple):
    """`value` as a reader has it; `start` to `end` are its characters, `begin` those of the blank before its name."""

    name: str
    value: str
    begin: int
    start: int
    end: int


class Tag:
    """A start tag: its name, attributes, characters, and what it stands in. `inner` is where its content ends, which
    is where its end tag begins if it has one (`closed`)."""

    def __init__(self, number: int, name: str, start: int, text: str, parent: Tag | None) -> None:
        self.number, self.name, self.start, self.parent = number, name, start, parent
        self.end = self.inner = start + len(text)
        self.closed = False
        self.attributes = {one.name: one for one in _attributes(text, start)}

    def get(self, name: str) -> str:
        """An attribute's value; empty where it has none."""
        found = self.attributes.get(name)
        return found.value if found else ""

    def around(self) -> Iterator[Tag]:
        """Itself and all it stands in, from the inside."""
        tag: Tag | None = self
        while tag is not None:
            yield tag
            tag = tag.parent

    @property
    def place(self) -> int:
        """The character at which a further attribute may be put in."""
        return self.start + 1 + len(self.name)


def _attributes(text: str, start: int) -> Iterator[Attribute]:
    for match in _ATTRIBUTE.finditer(text):
        group = 2 if match[2] is not None else 3
        yield Attribute(
            match[1].lower(),
            unescape(match[group]),
            start + match.start(),
            start + match.start(group),
            start + match.end(group),
        )


class _Tags(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *accumulate(len(line) for line in source.split("\n")[:-1])]
        self._lines = [at + number for number, at in enumerate(self._lines)]
        self.found: list[Tag] = []
        self._open: list[Tag] = []
        self.feed(source)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self._open.append(self.found[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._open[-1] if self._open else None
        text = self.get_starttag_text() or ""
        self.found.append(Tag(len(self.found), tag, self._at(), text, parent))

    def handle_endtag(self, tag: str) -> None:
        if any(one.name == tag for one in self._open):
            while (one := self._open.pop()).name != tag:
                one.inner = self._at()
            one.inner, one.closed = self._at(), True


def tags(source: str) -> list[Tag]:
    """All start tags of a source, in its order."""
    return _Tags(source).found


class Declared(NamedTuple):
    """What CSS says, or an attribute of an MJML element that becomes CSS: the property and its value, what it stands
    on (`tag`; None in a style sheet), the characters of all of it and of the value."""

    prop: str
    value: str
    tag: Tag | None
    begin: int
    done: int
    start: int
    end: int
    css: bool = True


#: Attributes of MJML elements that are CSS by another name.
_STYLES = {
    "background-color", "background-url", "border-radius", "color", "container-background-color", "font-family",
    "font-size", "inner-border-radius", "line-height", "text-transform", "height", "width",
}  # fmt: skip


def declared(source: str, found: list[Tag]) -> Iterator[Declared]:
    """Everything that a source declares about looks."""
    for tag in found:
        if (style := tag.attributes.get("style")) is not None:
            yield from _declarations(source, style.start, style.end, tag)
        if tag.name == "mj-style":
            yield from _sheet(source, tag)
        for one in tag.attributes.values() if tag.name.startswith("mj-") else ():
            if one.name in _STYLES:
                yield Declared(
                    one.name, one.value, tag, one.begin, one.end + 1, one.start, one.end, css=False
                )


def _declarations(source: str, start: int, end: int, tag: Tag | None) -> Iterator[Declared]:
    """Those between two characters, up to a brace."""
    at = start
    for match in _ENDING.finditer(source, start, end):
        if match[0] == "{":
            return
        if match[0] in ";}":
            yield from _declaration(source, at, match.start(), tag, match[0] == ";")
            at = match.end()
        if match[0] == "}":
            return
    yield from _declaration(source, at, end, tag, False)


def _declaration(source: str, begin: int, end: int, tag: Tag | None, ended: bool) -> Iterator[Declared]:
    """What stands between these characters, if it declares something; `ended` by a semicolon."""
    prop, colon, raw = source[begin:end].partition(":")
    if colon and _PROPERTY.fullmatch(prop.strip()):
        value = raw.strip()
        start = begin + len(prop) + 1 + len(raw) - len(raw.lstrip())
        done = start + len(value)
        yield Declared(prop.strip().lower(), unescape(value), tag, begin, end + ended, start, done)


def _sheet(source: str, tag: Tag) -> Iterator[Declared]:
    """The declarations between the innermost braces of a style sheet."""
    for match in re.compile(r"\{([^{}]*)\}").finditer(source, tag.end, tag.inner):
        yield from _declarations(source, match.start(1), match.end(1), None)
