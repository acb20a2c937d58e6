"""The gallery: every starter as the real thing, in the PEN's colour, in a frame that may do nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from stationer import compose
from stationer.compose import SHAPES
from stationer.portal.access.presence import needs, presence
from stationer.portal.access.roll import person
from stationer.portal.content.letter import POLICY
from stationer.portal.content.models import Asset
from stationer.portal.content.pictures import keep_picture
from stationer.portal.content.starters import STARTERS, Starter, drawing, starters
from stationer.portal.content.writing import shape_choices
from stationer.portal.people.models import Pen
from stationer.wire.source import Element, Picture, Source
from stationer.wire.words import Kind, Slot


@dataclass(frozen=True)
class Exhibit:
    """One starter on the wall."""

    name: str
    label: str
    hint: str
    url: str


def wall(kind: Kind, slot: str = "") -> list[Exhibit]:
    """The starters of a kind, in their order."""
    return [
        Exhibit(name, one.label(), one.hint(), reverse("starter", args=[name]))
        for name, one in starters(kind, slot).items()
    ]


def begin(starter: Starter, pen: Pen) -> Source:
    """The source to go on with; the starter's drawings become pictures of the PEN, under names that are free."""
    source = starter.begun(brand(pen))
    for name in starter.pictures:
        if not Asset.objects.filter(name=name).exists():
            alt = next(one.values["alt"] for one in source.listed if one.values.get("picture") == name)
            keep_picture(drawing(name), name=name, alt=alt)
    return source


def designs(kind: Kind, slots: Sequence[str] = ()) -> list[tuple[str, str]]:
    """All that something can begin with: starters, then plain shapes; name and label."""
    fitting = [(name, one.label()) for slot in slots or ("",) for name, one in starters(kind, slot).items()]
    return [*fitting, *shape_choices(kind, slots)]


def begun(name: str, pen: Pen) -> Source:
    """What a starter or a shape of that name begins with."""
    if name in STARTERS:
        return begin(STARTERS[name], pen)
    if name != "form":
        return Source(name)
    colour = {"colour": brand(pen)} if brand(pen) else {}
    return Source(name, colour, elements=(Element("heading"), Element("text")))


def slot_of(name: str) -> Slot:
    """Where a starter or a shape usually stands."""
    return STARTERS[name].slot if name in STARTERS else SHAPES[name].slot


def on_wall(kind: Kind, slots: Sequence[str] = ()) -> dict[str, Any]:
    """What the gallery's template is told."""
    exhibits = [one for slot in slots or ("",) for one in wall(kind, slot)]
    return {"wall": exhibits, "shapes": shape_choices(kind, slots), "legend": _("What do you want to do?")}


def brand(pen: Pen) -> str:
    """The PEN's colour, where it has one that mail programs know."""
    colour = str(pen.looks().get("colour", ""))
    return colour if compose.is_colour(colour) else ""


@require_GET
@needs("change-content")
@xframe_options_sameorigin
def starter(request: HttpRequest, starter: str) -> HttpResponse:
    """A starter alone on white, filled with one's own details, and with examples where one has none."""
    if starter not in STARTERS:
        raise Http404(starter)
    one, me = STARTERS[starter], presence(request).member
    colour = brand(presence(request).pen)
    source = one.source()
    if colour:
        source = Source(source.shape, source.values | {"colour": colour}, elements=source.elements)
    shown = {name: Picture(_drawn(name), *_size(name)) for name in one.pictures}
    content = compose.press(source, kind=one.kind, slot=one.slot, pictures=shown).content
    if content is None:
        raise Http404(starter)
    examples = {
        "title": _("Customer care"), "phone": "+44 1632 960000", "website": "https://www.example.com/",
        "linkedin": "https://www.example.com/l", "xing": "https://www.example.com/x",
        "photo": _drawn("portrait"),
    }  # fmt: skip
    known = {name: value for name, value in person(me).attributes.items() if value}
    own = {"name": me.name, "email": me.address, "company": presence(request).pen.name}
    html, _text = compose.complete(compose.fill(content, examples | own | known, name=starter))
    body = render(
        request,
        "content/starter.html",
        {"html": _inside(html, (*one.pictures, "portrait")), "label": one.label()},
    )
    body.headers["Content-Security-Policy"] = POLICY
    return body


def _drawn(name: str) -> str:
    """An address that stands for a drawing, until its octets are written in its place."""
    return f"https://drawing.invalid/{name}.png"


def _inside(html: str, names: Iterable[str]) -> str:
    """The drawings within the page: a frame that may do nothing fetches nothing."""
    for name in names:
        data = base64.b64encode(drawing(name)).decode()
        html = html.replace(f'src="{_drawn(name)}"', f'src="data:image/png;base64,{data}"')
    return html


def _size(name: str) -> tuple[int, int]:
    shot = compose.measure(drawing(name))
    assert shot is not None  # our own drawing
    return shot.width, shot.height
