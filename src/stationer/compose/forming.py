"""The shape `form`: a list of elements, drawn one below the other into one table (contract/content.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import msgspec

from stationer.compose.colours import is_colour, palette
from stationer.compose.drawing import Drawn, Sheet, values_of
from stationer.compose.places import Begin, End, Needs, Stand, attributes
from stationer.compose.rating import RATING, one_alone, tones_of
from stationer.compose.shapes import KINDS, SHAPES, Kind
from stationer.wire.problem import Problem
from stationer.wire.source import Element, Picture, Source

#: So many elements at most; a block has room for fewer (contract/content.md §2).
MOST_ELEMENTS = 40
_WIDTH, _GUTTER, _AIR = 600, 20, 16
#: Between columns, in pixels.
_BETWEEN = 16
#: What the first of two columns takes of the width, in per cent.
_SHARES = {"even": 50, "narrow": 30, "wide": 62}


def form(
    source: Source,
    pictures: Mapping[str, Picture],
    stand: Stand,
    problems: list[Problem],
    *,
    link_base: str = "",
    asks: bool = True,
) -> Drawn:
    """The whole form. A mistake's place is `elements/2/link`, or a field of the form itself. Where it must not ask
    (`asks`), a survey is left out; what is wrong with it is told all the same."""
    shape = SHAPES["form"]
    problems += one_alone(source)
    values = values_of(shape, source.values)
    tones = _tones(values)
    found = [one for n, element in enumerate(source.listed) if (one := _known(n, element, problems))]
    if not source.listed:
        problems.append(Problem("elements", "There is nothing in it.", "Add an element."))
    if len(source.listed) > MOST_ELEMENTS:
        what = f"It has {len(source.listed)} elements; a form has at most {MOST_ELEMENTS}."
        problems.append(Problem("elements", what, "Take some away."))
        return Drawn("", "")
    html, text = [], []
    for place, (number, kind, element) in enumerate(found):
        here = {**tones, "above": str(kind.space if place else 0), **_columns(element, int(tones["width"]))}
        if element.kind == RATING:
            here |= tones_of(element, stand, link_base)
        drawn = _element(number, kind, element, here, pictures, stand, problems)
        if element.kind == RATING and not asks:
            continue
        html.append(drawn.html)
        text.append("\n" + drawn.text if place and kind.apart else drawn.text)
    if found and not html:  # a survey alone, which must not be asked
        return Drawn("", "")
    ends = _ends(found, tones)
    frame = Sheet(
        shape, source.values, pictures, stand, problems, {**tones, **ends, "elements": "".join(html)}
    )
    dashes = [_dashes(source, stand)] if values["dashes"] == "yes" else []
    return Drawn(frame.drawn().html, "\n".join([*dashes, *text]))


def _tones(values: Mapping[str, str]) -> dict[str, str]:
    """What every template may write: colours, widths, the letters of headings."""
    shape = SHAPES["form"]
    chosen = {
        field.name: field.option(values[field.name]) for field in shape.fields if field.kind == "choice"
    }
    colour = values["colour"] if is_colour(values["colour"]) else _field_default("colour")
    tones = palette(colour, chosen["ground"].value)
    edge, paper = chosen["edge"], tones["paper"]
    gutter = _GUTTER if paper or edge.value == "frame" else 12 if edge.value == "left" else 0
    width = _WIDTH - int(edge.tones["wide"])
    return tones | {
        "face": chosen["face"].tones["css"],
        "bgcolor": f'bgcolor="{paper}"' if paper else "",
        "ground_css": f"background-color:{paper};" if paper else "",
        "edge_css": edge.tones["css"].replace("{accent}", tones["accent"]),
        "gutter": str(gutter),
        "air": str(
            _AIR if paper or edge.value == "frame" else 10 if edge.value not in ("none", "left") else 0
        ),
        "bleed": "0" if paper else str(gutter),
        "width": str(width - 2 * gutter),
        "widest": str(width if paper else width - 2 * gutter),
        "between": str(_BETWEEN),
    }


def _field_default(name: str) -> str:
    return next(field.otherwise for field in SHAPES["form"].fields if field.name == name)


def _known(number: int, element: Element, problems: list[Problem]) -> tuple[int, Kind, Element] | None:
    kind = KINDS.get(element.kind)
    if kind is None:
        near = get_close_matches(element.kind, KINDS, 1)
        advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(KINDS)}."
        problems.append(Problem(f"elements/{number}", f"There is no element {element.kind!r}.", advice))
        return None
    return number, kind, element


def _ends(found: list[tuple[int, Kind, Element]], tones: Mapping[str, str]) -> dict[str, str]:
    """Air above the first element and below the last; a picture that bleeds takes it away."""
    air = {"top": tones["air"], "bottom": tones["air"]}
    for end, at in (("top", 0), ("bottom", -1)):
        if found and found[at][1].bleeds and tones["paper"] and _whole(found[at][2]):
            air[end] = "0"
    return air


def _whole(element: Element) -> bool:
    return element.values.get("size", "whole") == "whole"


def _columns(element: Element, width: int) -> dict[str, str]:
    """How wide each column is; a third one makes all the same."""
    used = [
        n
        for n in (1, 2, 3)
        if any(element.values.get(f"{x}_{n}", "") for x in ("heading", "words", "picture"))
    ]
    if len(used) > 2:
        return {f"column_{n}": str(width // 3) for n in (1, 2, 3)}
    share = _SHARES.get(element.values.get("split", "even"), 50)
    first = width * share // 100
    return {"column_1": str(first), "column_2": str(width - first), "column_3": str(width - first)}


def _element(
    number: int,
    kind: Kind,
    element: Element,
    tones: Mapping[str, str],
    pictures: Mapping[str, Picture],
    stand: Stand,
    problems: list[Problem],
) -> Drawn:
    mine: list[Problem] = []
    widest = int(tones["widest"] if kind.bleeds else tones["width"])
    if element.kind == "columns":
        widest = int(tones["column_1"]) - _BETWEEN
    drawn = Sheet(kind, element.values, pictures, stand, mine, tones, widest).drawn()
    mine += _missing(element)
    place = f"elements/{number}/"
    problems.extend(msgspec.structs.replace(problem, where=place + problem.where) for problem in mine)
    return drawn


def _missing(element: Element) -> list[Problem]:
    """A column's picture needs its words as any other does."""
    if element.kind != "columns":
        return []
    said = element.values
    what, advice = "The picture has no words.", "Write what it shows; many see only this."
    return [
        Problem(f"alt_{n}", what, advice, rule="picture-without-words")
        for n in (1, 2, 3)
        if said.get(f"picture_{n}", "").strip() and not said.get(f"alt_{n}", "").strip()
    ]


def _dashes(source: Source, stand: Stand) -> str:
    """`-- ` alone on its line (RFC 3676 §4.3); gone where all of the block is."""
    names: set[str] = set()
    for element in source.listed:
        kind = KINDS.get(element.kind)
        shown = [field for field in kind.fields if field.kind not in ("choice", "picture")] if kind else []
        for field in shown:
            value = element.values.get(field.name, field.otherwise)
            needs = attributes(value).names
            if needs is None:
                return "-- "
            names |= needs
    return f"{stand.put(Begin(Needs(frozenset(names))))}-- {stand.put(End())}"
