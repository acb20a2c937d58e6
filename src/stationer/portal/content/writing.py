"""The form of one source: its shape's fields, and the plain-text twin. What is saved is a draft and may be unfinished.

A draft is kept even where a field that must be filled is empty: `compose.press` says what is missing, beside the
preview and at Publish. Only what cannot be kept at all (an unknown shape, a text beyond all measure) is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.compose import SHAPES
from stationer.compose.shapes import Shape
from stationer.portal.content.controls import MOST, add_controls
from stationer.portal.content.elements import Elements
from stationer.portal.content.loosening import loosened
from stationer.wire.source import Source
from stationer.wire.words import Kind

#: Shapes that fit any place; they stand last.
ANYWHERE = ("form", "mjml")


def shape_choices(kind: Kind, slots: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The shapes of a kind (and of these slots): name and label."""
    fitting = [
        (name, shape)
        for name, shape in SHAPES.items()
        if name in ANYWHERE or (shape.kind == kind and (not slots or shape.slot in slots))
    ]
    return [(name, _(shape.label)) for name, shape in sorted(fitting, key=lambda item: item[0] in ANYWHERE)]


def first_shape(kind: Kind, slot: str) -> str:
    """The shape that a new piece of content begins with."""
    choices = shape_choices(kind, [slot])
    return choices[0][0]


class SourceForm(forms.Form):
    """One source. `pictures` are (address, name) of the PEN's pictures; unknown ones stay choosable."""

    quiet = True
    twin = forms.CharField(
        label=gettext_lazy("Plain text"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "For people who read mail as text. Write it as you would type it; empty, it is made from the fields."
        ),
    )

    def __init__(
        self,
        source: Source,
        data: Any = None,
        *,
        pictures: Iterable[tuple[str, str]] = (),
        opened: int | None = None,
    ) -> None:
        self.source = source
        self.shape: Shape = SHAPES[source.shape]
        super().__init__(data, initial={"twin": source.text})
        known = list(pictures)
        self._kept = add_controls(self, self.shape.fields, source.values, known, "v_")
        self.order_fields([*(f"v_{field.name}" for field in self.shape.fields), "twin"])
        self.elements = Elements(source, data, known, opened) if source.shape == "form" else None

    def is_valid(self) -> bool:
        """Its own fields and those of its elements."""
        return super().is_valid() and (self.elements is None or self.elements.is_valid())

    def values(self) -> list[forms.BoundField]:
        """The shape's own fields, in its order."""
        return [self[f"v_{field.name}"] for field in self.shape.fields]

    def written(self) -> Source:
        """The source as it now stands. Only after `is_valid`."""
        twin = self.cleaned_data["twin"].replace("\r\n", "\n")
        elements = self.elements.written() if self.elements else ()
        return Source(self.source.shape, self._kept(), twin, elements or msgspec.UNSET)


def reshaped(source: Source, shape: str) -> Source:
    """The same words in another shape. What the new one has no field for is left behind; a form begins with what
    the shape said."""
    if shape == "form":
        return loosened(source)
    known = {field.name for field in SHAPES[shape].fields}
    return Source(shape, {name: value for name, value in source.values.items() if name in known}, source.text)
