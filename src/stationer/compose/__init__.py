"""Template, message and a person's attributes become a block: source → press → fill → complete (contract/content.md).

The same functions serve publishing, preview, trial, edge and agent; nothing else makes a block. Pure, but for the
shapes that are read from the package once (`shapes`). Nothing here touches the network.
"""

from stationer.compose.colours import is_colour
from stationer.compose.filling import complete, fill
from stationer.compose.pictures import Shot, digest_of, measure
from stationer.compose.pressing import MOST_HTML, Pressed, generated, length, press, sketch
from stationer.compose.shapes import KINDS, SHAPES, Kind, Shape, ShapeField
from stationer.wire.problem import Problem

__all__ = [
    "KINDS",
    "MOST_HTML",
    "SHAPES",
    "Kind",
    "Pressed",
    "Problem",
    "Shape",
    "ShapeField",
    "Shot",
    "complete",
    "digest_of",
    "fill",
    "generated",
    "is_colour",
    "length",
    "measure",
    "press",
    "sketch",
]
