"""The element `rating`: a question of which every answer is a link (contract/surveys.md §1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stationer.compose.drawing import fields, values_of
from stationer.compose.places import PLACE, Link, Stand
from stationer.compose.shapes import KINDS
from stationer.links import vote_target
from stationer.links.voting import NOWHERE
from stationer.wire.content import Asks
from stationer.wire.problem import Problem
from stationer.wire.source import Element, Source
from stationer.wire.words import SCALES, Scale

RATING = "rating"
_ANSWER = re.compile(re.escape(NOWHERE) + r"(vote/[a-z]+/\d+)")
_FACES = ("bad", "fair", "good")
_ONE = Problem(
    "",
    "A block asks one question; its answers could not be told apart.",
    "Take one of the surveys away, or put it into another block.",
)


def asks_of(source: Source) -> Asks | None:
    """What a source asks; None where it has no survey. Attributes of a person are left out."""
    element = next((one for one in source.listed if one.kind == RATING), None)
    if source.shape != "form" or element is None:
        return None
    values = {name: _plain(value) for name, value in values_of(KINDS[RATING], element.values).items()}
    scale = _scale(values)
    ends = (values["low"], values["high"])
    words = tuple(values[name] for name in _FACES) if scale == "faces" else ends if any(ends) else ()
    return Asks(scale, values["question"], words)


def answers_of(asked: Asks, link_base: str) -> set[str]:
    """Where its answers lead: no other link of the block may lead to an answer."""
    return {vote_target(link_base, asked.scale, value) for value in SCALES[asked.scale]}


def answered(source: Source, link_base: str, asks: bool) -> str:
    """An author's own twin with the answers where they lead now: it was typed from one in which they led nowhere yet.
    Where nothing is asked, their lines are gone."""
    if not source.text or asks_of(source) is None:
        return source.text
    lines = source.text.split("\n")
    kept = [line for line in lines if asks or not _ANSWER.search(line)]
    return _ANSWER.sub(lambda found: (link_base or NOWHERE) + found[1], "\n".join(kept))


def one_alone(source: Source) -> list[Problem]:
    """What is wrong with a form of two surveys: the second one."""
    numbers = [n for n, one in enumerate(source.listed) if one.kind == RATING]
    return [Problem(f"elements/{n}", _ONE.what, _ONE.next) for n in numbers[1:]]


def tones_of(element: Element, stand: Stand, link_base: str) -> dict[str, str]:
    """What the element's templates write besides its values: where each answer leads, and the lines of the twin."""
    values = values_of(KINDS[RATING], element.values)
    scale = _scale(values)
    targets = {value: vote_target(link_base, scale, value) for value in SCALES[scale]}
    lines = [
        f"{_said(scale, value, values, stand)}: {stand.put(Link(target))}"
        for value, target in targets.items()
    ]
    # the template holds every scale; what is not asked is taken out of it
    addresses = {f"vote_{value}": targets.get(value, "#") for value in SCALES["nps"]}
    return {**addresses, "votes": "\n".join(lines)}


def _scale(values: Mapping[str, str]) -> Scale:
    return next((one for one in SCALES if one == values["scale"]), "stars")


def _said(scale: Scale, value: int, values: Mapping[str, str], stand: Stand) -> str:
    """An answer in the twin."""
    if scale == "faces":
        return fields(values[_FACES[value - 1]], stand, str)
    ends = {SCALES[scale][0]: values["low"], SCALES[scale][-1]: values["high"]}
    mark = " ★" if scale == "stars" else ""
    words = fields(ends.get(value, ""), stand, str)
    return f"{value}{mark}" + (f" ({words})" if words else "")


def _plain(text: str) -> str:
    """Without places of attributes; a fallback stays."""
    return re.sub(r"\s+", " ", PLACE.sub(lambda match: (match[3] or "").strip(), text)).strip()
