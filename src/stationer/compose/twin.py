"""The plain-text twin: lines with fields, sections and links become pieces; a line vanishes with its attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from stationer.compose.pieces import ALWAYS, Child, Comment, Links, Node, Weight, join, when
from stationer.compose.places import (
    WHOLE,
    Begin,
    End,
    Link,
    Needs,
    Nothing,
    Place,
    Stand,
    in_text,
    target,
)
from stationer.links import fault
from stationer.wire.content import Field, LinkPlace, Piece, Target
from stationer.wire.problem import Problem

_WEB = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']", re.IGNORECASE)


def typed(text: str, stand: Stand) -> str:
    """An author's own twin with stand-ins: attributes, sections, and web addresses as links."""
    found = []
    for part in in_text(text.strip("\n")):
        if isinstance(part, str):
            found.append(part)
        elif part[0] == "#":
            found.append(stand.put(Begin(Needs(frozenset(part[1].split())))))
        elif part[0] == "/":
            found.append(stand.put(End()))
        else:
            found.append(stand.put(Field(part[1], part[2])))
    return linked("".join(found), stand)


def authored(text: str, stand: Stand) -> str:
    """A twin with stand-ins as its author would have typed it: the inverse of `typed`, without what never shows."""
    lines = []
    for line in text.split("\n"):
        parts = stand.split(line)
        said, needed = _said(parts)
        if said.strip() or not needed:
            lines.append(said.rstrip() if said != "-- " else said)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _said(parts: list[str | Place]) -> tuple[str, bool]:
    """A line, and whether it had places."""
    found: list[str] = []
    opened: list[str] = []  # how each section is closed; `hidden` where it never shows
    for part in parts:
        if isinstance(part, Begin):
            names = part.needs.names
            begin = "{{#" + " ".join(sorted(names or ())) + "}}" if names else ""
            shut = "hidden" if names == frozenset() or "hidden" in opened else "{{/}}" if begin else ""
            opened.append(shut)
            found.append("" if shut == "hidden" else begin)
        elif isinstance(part, End):
            shut = opened.pop() if opened else ""
            found.append("" if shut == "hidden" else shut)
        elif "hidden" not in opened:
            found.append(_typed(part))
    return "".join(found), any(not isinstance(part, str) for part in parts)


def _typed(part: str | Place) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Field):
        return "{{" + part.name + (f"|{part.otherwise}" if part.otherwise else "") + "}}"
    if isinstance(part, Link):
        pieces = (part.target,) if isinstance(part.target, str) else part.target
        return "".join(map(_typed, pieces))
    return ""


def converted(children: Iterable[Child]) -> str:
    """A twin from HTML, for raw MJML that came without one: its words line by line, links behind their words."""
    text = "".join(_words(children))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def strayed(text: str) -> list[Problem]:
    """The web addresses of an author's own twin to which nobody may be sent, each with its line."""
    found = [(match.start(), fault(target(match[0]))) for match in _WEB.finditer(text)]
    return [Problem("text", what, WHOLE, text.count("\n", 0, at) + 1) for at, what in found if what]


def linked(text: str, stand: Stand) -> str:
    """A twin with its web addresses as links; an attribute in one is a part of it."""
    return _WEB.sub(lambda match: stand.put(Link(_target(stand.split(match[0])))), text)


def _target(parts: list[str | Place]) -> Target:
    found = [Field(p.name, p.otherwise, "part") if isinstance(p, Field) else p for p in parts]
    kept = tuple(part for part in found if isinstance(part, str | Field))
    return kept[0] if len(kept) == 1 and isinstance(kept[0], str) else kept


def _words(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, str):
            yield unescape(re.sub(r"\s+", " ", child))
            continue
        yield from _element(child)


def _element(node: Node) -> Iterable[str]:
    if node.tag == "br":
        yield "\n"
    elif node.tag == "img":
        yield node.attributes.get("alt", "")
    elif node.tag == "a" and node.attributes.get("href"):
        words = "".join(_words(node.children)).strip()
        address = node.attributes["href"].removeprefix("mailto:").removeprefix("tel:")
        yield address if words in ("", address) else f"{words}: {address}"
    elif node.tag in ("p", "div", "tr", "table", "li", "h1", "h2", "h3", "h4", "h5", "h6"):
        yield "\n"
        yield from _words(node.children)
        yield "\n"
    elif node.tag in ("td", "th"):
        yield from _words(node.children)
        yield " "
    else:
        yield from _words(node.children)


def write(text: str, stand: Stand, links: Links, problems: list[Problem]) -> list[Piece]:
    """The pieces of a twin with stand-ins. Every line but the first brings its own line end in front."""
    pieces: list[Piece] = []
    for number, line in enumerate(text.split("\n")):
        inner, weight, balanced = _line(stand.split(line), links)
        if not balanced:
            what = "A section {{#…}} does not end on its own line."
            problems.append(Problem("text", what, "Close it with {{/}} on the same line.", number + 1))
        verdict = weight.verdict()
        pieces += when(ALWAYS if verdict is None else verdict, ["\n" if number else "", *inner])
    return join(pieces)


def _line(parts: list[str | Place], links: Links) -> tuple[list[Piece], Weight, bool]:
    """A line's pieces, what they weigh, and whether its sections are closed."""
    open_: list[tuple[Needs, list[Piece]]] = [(ALWAYS, [])]
    weight, balanced = Weight(), True
    for part in parts:
        if isinstance(part, Begin):
            open_.append((part.needs, []))
        elif isinstance(part, End):
            balanced &= len(open_) > 1
            if len(open_) > 1:
                needs, inner = open_.pop()
                open_[-1][1].extend(when(needs, inner))
                if len(open_) == 1 and needs != ALWAYS:
                    weight.inner(needs)
        else:
            open_[-1][1].extend(_piece(part, links, weight, len(open_) == 1))
    return [piece for _, inner in open_ for piece in inner], weight, balanced and len(open_) == 1


def _piece(part: str | Place, links: Links, weight: Weight, outside: bool) -> list[Piece]:
    """One part of a line; outside of sections it weighs."""
    if isinstance(part, str):
        weight.words |= outside and bool(part.strip())
        return [part]
    if outside:
        for place in _fields(part):
            weight.place(place)
    if isinstance(part, Link):
        return [LinkPlace(links.number(part.target))]
    return [part] if isinstance(part, Field) else []


def _fields(part: Place) -> list[Place]:
    """What a place weighs as: a link as its fields, or as something that is always there."""
    if not isinstance(part, Link):
        return [part] if isinstance(part, Field | Needs | Nothing) else []
    named: list[Place] = (
        [] if isinstance(part.target, str) else [f for f in part.target if isinstance(f, Field)]
    )
    return named or [Needs(None)]
