"""Clean HTML with stand-ins becomes pieces: fields, numbered links, and lines that vanish (contract/content.md §2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from html.parser import HTMLParser

from stationer.compose.embedding import Embedding
from stationer.compose.places import Needs, Nothing, Place, Stand
from stationer.compose.tagging import tagged
from stationer.wire.content import Field, Form, LinkPlace, Piece, Target, When
from stationer.wire.problem import Problem

_VOID = {"br", "img", "hr", "wbr"}
_UNITS = {"table", "tr", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
_FILLED = {"href", "src", "alt", "title"}
ALWAYS, NEVER = Needs(None), Needs(frozenset())


class Node:
    """An element."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Child] = []


class Comment(str):
    """A conditional comment, written as it is."""


Child = Node | Comment | str


class _Reader(HTMLParser):
    """Builds the tree of HTML that nh3 wrote, so every element is closed and every attribute quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._open[-1].children.append(Comment(f"<!--{data}-->"))


def read(html: str) -> list[Child]:
    """The nodes of a fragment."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root.children


class Weight:
    """What decides whether a line stays: words of its own, fields, and lines inside it."""

    def __init__(self) -> None:
        self.words = self.own = self.fields = self.always = self.kept = False
        self.names: set[str] = set()

    def verdict(self) -> Needs | None:
        """None: it is blank, stays, and keeps nothing round it."""
        if self.always or self.kept or (self.words and not self.own):
            return ALWAYS
        if self.fields:
            return Needs(frozenset(self.names))
        return None

    def place(self, place: Place) -> None:
        """A place of the line itself."""
        self.own = self.fields = True
        if isinstance(place, Needs) or (isinstance(place, Field) and place.otherwise):
            self.always = True
        elif isinstance(place, Field):
            self.names.add(place.name)

    def inner(self, verdict: Needs | None) -> None:
        """A line inside."""
        if verdict is not None and verdict.names is None:
            self.kept = True
        elif verdict is not None:
            self.fields = True
            self.names |= verdict.names or set()


class Links:
    """The block's numbered links: one number for each address, in HTML and text alike; each with the `tags`."""

    def __init__(self, tags: Mapping[str, str]) -> None:
        self._tags = tags
        self._numbers: dict[Target, int] = {}

    def number(self, target: Target) -> int:
        """The number of this address."""
        return self.add(tagged(target, self._tags))

    def add(self, target: Target) -> int:
        """The number of this address, as it is."""
        return self._numbers.setdefault(target, len(self._numbers))

    def targets(self) -> tuple[Target, ...]:
        """All addresses, by number."""
        return tuple(self._numbers)


class Presser:
    """Writes the pieces of one block."""

    def __init__(self, stand: Stand, links: Links, embedding: Embedding, problems: list[Problem]) -> None:
        self._stand, self._links, self._embedding, self._problems = stand, links, embedding, problems

    def write(self, children: Sequence[Child]) -> list[Piece]:
        """The pieces of these nodes; a line between two `<br>` is a line."""
        pieces: list[Piece] = []
        for segment in _segments(children):
            inner = [piece for child in segment for piece in self._child(child)]
            broken = any(isinstance(child, Node) and child.tag == "br" for child in children)
            pieces.extend(when(self._weigh(segment).verdict() if broken else ALWAYS, inner))
        return pieces

    def _child(self, child: Child) -> Iterable[Piece]:
        if isinstance(child, Comment):
            return [str(child)]
        if isinstance(child, str):
            return [part for part in self._stand.split(child) if isinstance(part, str | Field)]
        needs = self._condition(child)
        return [] if needs == NEVER else when(needs, [*self._element(child)])

    def _condition(self, node: Node) -> Needs | None:
        if "data-needs" in node.attributes:
            return self._explicit(node)
        if node.tag in _UNITS:
            return self._weigh(node.children).verdict()
        return ALWAYS

    def _explicit(self, node: Node) -> Needs:
        said = self._stand.split(node.attributes["data-needs"])
        if len(said) == 1 and isinstance(said[0], Needs):
            return said[0]
        return Needs(frozenset(node.attributes["data-needs"].split()))

    def _weigh(self, children: Sequence[Child]) -> Weight:
        weight = Weight()
        for child in children:
            if isinstance(child, Node):
                self._weigh_element(child, weight)
            elif not isinstance(child, Comment):
                for part in self._stand.split(child):
                    if isinstance(part, str):
                        weight.words |= bool(unescape(part).strip())
                    else:
                        weight.place(part)
        return weight

    def _weigh_element(self, node: Node, weight: Weight) -> None:
        needs = self._condition(node)
        if node.tag in _UNITS or needs != ALWAYS:
            weight.inner(needs)
            return
        said = self._stand.split(node.attributes.get("href", "") + node.attributes.get("src", ""))
        for part in said:
            if isinstance(part, Field):  # a link that its author left out decides nothing
                weight.place(part)
        weight.kept |= node.tag == "img" and all(isinstance(part, str) for part in said)
        segments = _segments(node.children)
        if len(segments) > 1:
            for segment in segments:
                weight.inner(self._weigh(segment).verdict())
        else:
            for child in node.children:
                self._merge(child, weight)

    def _merge(self, child: Child, weight: Weight) -> None:
        inner = self._weigh([child])
        for name in ("words", "own", "fields", "always", "kept"):
            setattr(weight, name, getattr(weight, name) or getattr(inner, name))
        weight.names |= inner.names

    def _element(self, node: Node) -> Iterable[Piece]:
        inner = self.write(node.children)
        if node.tag == "a":
            return self._anchor(node, inner)
        if node.tag == "span" and node.attributes.keys() <= {"data-needs"}:
            return inner
        start, needs = self._start(node)
        if node.tag in _VOID:
            return [] if needs == NEVER else when(needs, start)
        return [*start, *inner, f"</{node.tag}>"]

    def _anchor(self, node: Node, inner: list[Piece]) -> Iterable[Piece]:
        """A link whose address is empty leaves its words behind."""
        start, needs = self._start(node)
        if needs == NEVER or "href" not in node.attributes:
            return inner
        return [*when(needs, start), *inner, *when(needs, ["</a>"])]

    def _start(self, node: Node) -> tuple[list[Piece], Needs]:
        """The start tag, and what its address needs."""
        pieces: list[Piece] = [f"<{node.tag}"]
        needs = ALWAYS
        for name, value in node.attributes.items():
            if name == "data-needs":
                continue
            parts = [part for part in self._stand.split(value) if not isinstance(part, Needs)]
            if name in ("href", "src"):
                needs = _needs(parts)
            pieces += [f' {name}="', *self._value(name, parts), '"']
        return [*pieces, ">"], needs

    def _value(self, name: str, parts: Sequence[str | Place]) -> Iterable[Piece]:
        found = [part for part in parts if isinstance(part, str | Field)]
        if name not in _FILLED and len(found) != len([part for part in found if isinstance(part, str)]):
            what = f"An attribute stands in {name}=, where a person's value could break the block."
            self._problems.append(Problem("", what, "Fill in words, links and pictures alone."))
            return []
        if name in ("href", "src"):
            return self._address(name, found)
        return [_quoted(part) if isinstance(part, str) else part for part in found]

    def _address(self, name: str, parts: list[str | Field]) -> Iterable[Piece]:
        formed = list(_formed(parts))
        if name == "src" and len(formed) == 1 and isinstance(formed[0], str):
            return [_quoted(self._embedding.address(formed[0]))]
        scheme = formed[0].lower() if formed and isinstance(formed[0], str) else ""
        whole = bool(formed) and isinstance(formed[0], Field)
        if name == "href" and (whole or scheme.startswith(("http://", "https://"))):
            plain = len(formed) == 1 and isinstance(formed[0], str)
            target = formed[0] if plain and isinstance(formed[0], str) else tuple(formed)
            return [LinkPlace(self._links.number(target))]
        return [_quoted(part) if isinstance(part, str) else part for part in formed]


def _quoted(text: str) -> str:
    """For an attribute in double quotes."""
    return escape(text, quote=False).replace('"', "&quot;")


def _formed(parts: list[str | Field]) -> Iterable[str | Field]:
    """An address's fields in the form that suits where they stand; a telephone number as its digits."""
    number = bool(parts) and isinstance(parts[0], str) and parts[0].lower().startswith("tel:")
    for at, part in enumerate(parts):
        form: Form = "number" if number else "part" if at else "address"
        if isinstance(part, Field):
            yield Field(part.name, part.otherwise, form)
        else:
            yield re.sub(r"\(0\)|[^\d+;=a-zA-Z:]", "", part) if number else part


def _needs(parts: Sequence[str | Place]) -> Needs:
    """What an address needs to be one: nothing empty in front."""
    if any(isinstance(part, Nothing) for part in parts):
        return NEVER
    names = [part.name for part in parts if isinstance(part, Field) and not part.otherwise]
    return Needs(frozenset(names[:1])) if names else ALWAYS


def _segments(children: Sequence[Child]) -> list[list[Child]]:
    """The children, cut after every `<br>`."""
    segments: list[list[Child]] = [[]]
    for child in children:
        segments[-1].append(child)
        if isinstance(child, Node) and child.tag == "br":
            segments.append([])
    return [segment for segment in segments if segment]


def when(needs: Needs | None, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces under a condition."""
    if needs is None or needs.names is None:
        return list(pieces)
    return [When(tuple(sorted(needs.names)), tuple(join(pieces)))] if needs.names else []


def join(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbouring words as one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return found
