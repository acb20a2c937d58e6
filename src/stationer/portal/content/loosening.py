"""A source of a ready-made shape as a block form, so that somebody can go on where the shape ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stationer.compose import KINDS, SHAPES
from stationer.wire.source import Element, Source

Values = Mapping[str, str]
#: What each shape becomes: (element, field of the element ← field of the shape), and the form's own values.
_CONTACT = {name: name for name in ("phone", "mobile", "website", "address")}
_PERSON = {name: name for name in ("picture", "monogram", "name", "title", "company")} | _CONTACT
_LINES: dict[str, tuple[list[tuple[str, dict[str, str]]], dict[str, str]]] = {
    "banner": (
        [
            ("heading", {"words": "headline"}),
            ("text", {"words": "line"}),
            ("button", {"label": "button", "link": "link"}),
        ],
        {"ground": "pale", "edge": "left"},
    ),
    "banner-picture": ([("picture", {"picture": "picture", "alt": "alt", "link": "link"})], {}),
    "note": (
        [("text", {"words": "words"}), ("button", {"label": "label", "link": "link"})],
        {"edge": "left"},
    ),
    "survey": (
        [
            ("heading", {"words": "question"}),
            ("text", {"words": "hint"}),
            ("answers", {f"{word}_{n}": f"{word}_{n}" for n in (1, 2, 3) for word in ("answer", "link")}),
        ],
        {"edge": "double"},
    ),
    "disclaimer": (
        [
            ("divider", {}),
            ("disclaimer", {"words": "words"}),
            ("button", {"label": "label", "link": "link"}),
        ],
        {},
    ),
    "letterhead": (
        [
            ("logo", {"picture": "picture", "company": "company", "link": "website"}),
            ("text", {"words": "line"}),
        ],
        {"edge": "below", "space": "below"},
    ),
    "signature": ([("person", _PERSON)], {"space": "none", "dashes": "yes"}),
    "signature-short": (
        [("person", {name: name for name in ("name", "title", "company", "phone")})],
        {"space": "none", "edge": "left"},
    ),
}
#: What an element says by itself and these shapes never said.
_NOT_SAID = {
    "signature": {"person": {"email": ""}},
    "signature-short": {"person": {"picture": "", "mobile": "", "email": "", "website": "", "address": ""}},
}


def loosened(source: Source) -> Source:
    """The same words as a block form; a shape that says nothing of its elements gives an empty text."""
    lines, own = _LINES.get(source.shape, ([("text", {})], {}))
    shape = SHAPES.get(source.shape)
    given = (
        {field.name: source.values.get(field.name, field.otherwise) for field in shape.fields}
        if shape
        else {}
    )
    found = [_element(source.shape, kind, fields, given) for kind, fields in lines]
    kept = tuple(element for element in found if element is not None)
    values = own | ({"colour": given["colour"]} if given.get("colour") else {})
    return Source("form", values, source.text, kept or (Element("text"),))


def _element(shape: str, kind: str, fields: Mapping[str, str], given: Values) -> Element | None:
    """One element; None for one that would say nothing."""
    values = {to: given.get(source, "") for to, source in fields.items()}
    if fields and not any(values.values()):
        return None
    usual: Callable[[str], str] = {field.name: field.otherwise for field in KINDS[kind].fields}.__getitem__
    values |= _NOT_SAID.get(shape, {}).get(kind, {})
    if kind == "button":
        values["look"] = "filled" if shape == "banner" else "link"
    return Element(kind, {name: value for name, value in values.items() if value != usual(name)})
