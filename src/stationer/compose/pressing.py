"""press: a source becomes content, at publish time; or everything that is wrong with it, each with its line."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from stationer.compose import markup, twin
from stationer.compose.bounds import beyond
from stationer.compose.cleaning import clean, from_mjml
from stationer.compose.drawing import Drawn, draw, fields, places
from stationer.compose.embedding import Embedding
from stationer.compose.forming import form
from stationer.compose.pieces import NEVER, Child, Links, Node, Presser, join, read
from stationer.compose.places import Nothing, Stand
from stationer.compose.rating import answered, answers_of, asks_of
from stationer.compose.shapes import KINDS, SHAPES, Shape
from stationer.links import decoy_of, tracked, vote_of
from stationer.wire.content import Content, LinkPlace, Piece, Target, When
from stationer.wire.problem import Problem
from stationer.wire.source import Picture, Source
from stationer.wire.words import Kind, Slot

#: A block's limits (contract/content.md §2): characters of HTML before filling, and pixels.
MOST_HTML, MOST_WIDTH = 30_000, 600
#: Words, a picture, a line or a colour: something that a reader sees.
_SEEN = re.compile(r">[^<]*[^<\s][^<]*|<(?:img|hr)\b|border-top|background|bgcolor", re.IGNORECASE)
_WIDTH = re.compile(r'\bwidth="(\d{1,9})\d*"')
_NO_PICTURES: Mapping[str, Picture] = MappingProxyType({})
_NO_TAGS: Mapping[str, str] = MappingProxyType({})


class Pressed(NamedTuple):
    """The content, or None and why. A problem's `where` is the field it is in, its `line` counts in that value."""

    content: Content | None
    problems: tuple[Problem, ...]


def press(
    source: Source,
    *,
    kind: Kind,
    slot: Slot,
    link_base: str = "",
    pictures: Mapping[str, Picture] = _NO_PICTURES,
    tags: Mapping[str, str] = _NO_TAGS,
    decoy: bool = False,
    asks: bool = True,
) -> Pressed:
    """What an author wrote, made ready to be filled. `pictures` are those that a source may call by name, `tags`
    what its links say to the websites they lead to (contract/content.md §8); with a `decoy` it ends in a link that
    nobody sees, where it has one that is tracked (links.md §6). Unless it `asks`, its survey is left out (surveys.md).

    Never touches the network; never raises for what an author can write.
    """
    content, problems = _made(source, kind, slot, link_base, pictures, tags, decoy, asks)
    return Pressed(None if problems else content, tuple(problems))


def sketch(
    source: Source,
    *,
    kind: Kind,
    slot: Slot,
    link_base: str = "",
    pictures: Mapping[str, Picture] = _NO_PICTURES,
) -> Content:
    """As much of a source as can be shown while it is being written, whatever is wrong with it. Never published."""
    return _made(source, kind, slot, link_base, pictures)[0]


def _made(
    source: Source,
    kind: Kind,
    slot: Slot,
    link_base: str,
    pictures: Mapping[str, Picture],
    tags: Mapping[str, str] = _NO_TAGS,
    decoy: bool = False,
    asks: bool = True,
) -> tuple[Content, list[Problem]]:
    shape = SHAPES.get(source.shape)
    if shape is None:
        near = get_close_matches(source.shape, SHAPES, 1)
        advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(SHAPES)}."
        problem = Problem("shape", f"There is no shape {source.shape!r}.", advice)
        return Content(kind, slot, (), ()), [problem]
    if unread := beyond(source):
        return Content(kind, slot, (), ()), unread
    problems: list[Problem] = []
    stand = _stand(source, shape, pictures)
    drawn = _drawn(source, shape, pictures, stand, problems, link_base, asks)
    typed = answered(source, link_base, asks)
    problems += [*places("text", source.text, sections=True), *twin.strayed(source.text)]
    links, embedding = Links(tags), Embedding(pictures.values())
    tree = read(clean(drawn.html))
    html = join(Presser(stand, links, embedding, problems).write(tree))
    text = twin.typed(typed, stand) if source.text.strip() else drawn.text
    if source.shape == "mjml" and not source.text.strip():
        text = twin.linked(twin.converted(tree), stand)
    words = twin.write(text, stand, links, problems)
    if decoy and tracked(links.targets(), link_base):
        html = join([*html, *_decoy(links.add(decoy_of(link_base)))])
    problems += [*_limits(html), *embedding.problems()]
    shown = embedding.shown() or msgspec.UNSET
    asked = (asks_of(source) if asks else None) or msgspec.UNSET
    problems += _no_vote(links.targets(), answers_of(asked, link_base) if asked else set())
    return Content(kind, slot, tuple(html), tuple(words), links.targets(), link_base, shown, asked), problems


def _no_vote(targets: Iterable[Target], own: Container[str]) -> list[Problem]:
    """An address that only a survey has, and not the block's `own`: whoever followed it would be taken to have answered
    one."""
    strayed = [
        target for target in targets if isinstance(target, str) and vote_of(target) and target not in own
    ]
    advice = "Let the link lead to another page, or put a survey into the block."
    return [Problem("", f"The address {one!r} is that of a survey's answer.", advice) for one in strayed[:1]]


def _decoy(number: int) -> list[Piece]:
    """A link without words, which no keyboard reaches and no screen reader speaks."""
    return ['<a href="', LinkPlace(number), '" tabindex="-1" aria-hidden="true"></a>']


class Laid(NamedTuple):
    """A source as it is drawn and cleaned, with stand-ins for what is filled in."""

    tree: list[Child]
    stand: Stand


def lay(source: Source, pictures: Mapping[str, Picture] = _NO_PICTURES) -> Laid:
    """As much of a source of a known shape as can be drawn, before links are numbered and pictures named."""
    shape = SHAPES[source.shape]
    stand = _stand(source, shape, pictures)
    return Laid(_seen(read(clean(_drawn(source, shape, pictures, stand, []).html)), stand), stand)


def _seen(children: Iterable[Child], stand: Stand) -> list[Child]:
    """The nodes without those that nobody ever sees: looks that were not chosen, pictures that were left out."""
    found = []
    for child in children:
        if isinstance(child, Node):
            if NEVER in stand.split(child.attributes.get("data-needs", "")):
                continue
            src = stand.split(child.attributes.get("src", ""))
            if any(isinstance(part, Nothing) for part in src):
                continue
            child.children = _seen(child.children, stand)
        found.append(child)
    return found


def generated(source: Source, pictures: Mapping[str, Picture] = _NO_PICTURES) -> str:
    """The twin that is made from the values when their author wrote none, as its author would type it."""
    shape = SHAPES.get(source.shape)
    if shape is None or beyond(source):
        return ""
    stand = _stand(source, shape, pictures)
    drawn = _drawn(source, shape, pictures, stand, [])
    if source.shape == "mjml":
        return twin.authored(twin.linked(twin.converted(read(clean(drawn.html))), stand), stand)
    return twin.authored(drawn.text, stand)


@cache
def _designs() -> str:
    """All elements' designs as one text, which never changes."""
    return repr(KINDS)


def _stand(source: Source, shape: Shape, pictures: Mapping[str, Picture]) -> Stand:
    """Stand-ins that occur nowhere in what is drawn."""
    designs = _designs() if source.listed else ""
    return Stand(repr(source) + repr(shape) + designs + repr(pictures))


def _drawn(
    source: Source,
    shape: Shape,
    pictures: Mapping[str, Picture],
    stand: Stand,
    problems: list[Problem],
    link_base: str = "",
    asks: bool = True,
) -> Drawn:
    if source.shape == "form":
        return form(source, pictures, stand, problems, link_base=link_base, asks=asks)
    drawn = draw(shape, source, pictures, stand, problems)
    if source.shape == "mjml":
        return _mjml(source.values.get("mjml", ""), pictures, stand, problems)
    return drawn


def _mjml(source: str, pictures: Mapping[str, Picture], stand: Stand, problems: list[Problem]) -> Drawn:
    """Raw MJML: `src="picture:NAME"` is a picture by its name."""
    source = markup.bare(source)
    found = [*markup.check(source), *places("mjml", source)]
    named = re.sub(r'\bsrc="picture:([^"]*)"', lambda match: _named(match, source, pictures, found), source)
    problems += found
    if found or not source:
        return Drawn("", "")
    try:
        html = from_mjml(fields(named, stand, str))
    except ValueError as error:
        problems.append(
            Problem("mjml", f"This is not MJML: {error}.", "Close every element, and nest them rightly.")
        )
        return Drawn("", "")
    if not _SEEN.search(clean(html)):
        problems.append(
            Problem("mjml", "Nothing of it would be seen in a mail.", "Write some words in mj-text.")
        )
    return Drawn(html, "")


def _named(match: re.Match[str], source: str, pictures: Mapping[str, Picture], found: list[Problem]) -> str:
    picture = pictures.get(match[1])
    if picture is None:
        line = source.count("\n", 0, match.start()) + 1
        found.append(Problem("mjml", f"There is no picture {match[1]!r}.", "Add it, or mend its name.", line))
    return f'src="{picture.url}"' if picture else ""


def _limits(html: Iterable[Piece]) -> list[Problem]:
    whole = "".join(unfilled(html))
    found = []
    if len(whole) > MOST_HTML:
        what = f"The block has {len(whole)} characters of HTML; mail programs cut off more than {MOST_HTML}."
        found.append(Problem("", what, "Shorten it.", rule="too-long"))
    widest = max((int(width) for width in _WIDTH.findall(whole)), default=0)
    if widest > MOST_WIDTH:
        what = f"Something in it is {widest} pixels wide; a block is at most {MOST_WIDTH}."
        found.append(Problem("", what, f"Make it {MOST_WIDTH} pixels or less.", rule="too-wide"))
    return found


def length(content: Content) -> int:
    """How many characters of HTML it has, before filling."""
    return len("".join(unfilled(content.html)))


def unfilled(pieces: Iterable[Piece], link: str = "", *, otherwise: bool = False) -> Iterable[str]:
    """What stands there before filling: conditions met, each link as `link`, and of a person's details nothing, or
    what stands there `otherwise`."""
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, When):
            yield from unfilled(piece.pieces, link, otherwise=otherwise)
        elif isinstance(piece, LinkPlace):
            yield link
        elif otherwise:
            yield piece.otherwise
