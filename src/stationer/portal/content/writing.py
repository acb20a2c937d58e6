"""The form of one source: its shape's fields, and the plain-text twin. What is saved is a draft and may be unfinished.

A draft is kept even where a field that must be filled is empty: `compose.press` says what is missing, beside the
preview and at Publish. Only what cannot be kept at all (an unknown shape, a text beyond all measure) is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.compose import SHAPES
from stationer.compose.shapes import Shape, ShapeField
from stationer.wire.source import Source
from stationer.wire.words import Kind

MOST = 30_000


def shape_choices(kind: Kind, slots: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The shapes of a kind (and of these slots): name and label."""
    fitting = [
        (name, shape)
        for name, shape in SHAPES.items()
        if name == "mjml" or (shape.kind == kind and (not slots or shape.slot in slots))
    ]
    return [(name, _(shape.label)) for name, shape in sorted(fitting, key=lambda item: item[0] == "mjml")]


def first_shape(kind: Kind, slot: str) -> str:
    """The shape that a new piece of content begins with."""
    choices = shape_choices(kind, [slot])
    return choices[0][0]


def _control(field: ShapeField, pictures: Sequence[tuple[str, str]]) -> forms.Field:
    options: dict[str, Any] = {"label": _(field.label), "help_text": _(field.hint) if field.hint else ""}
    options |= {"required": False, "max_length": MOST}
    if field.kind == "lines":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **options)
    if field.kind == "mjml":
        return forms.CharField(
            widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "is-code"}), **options
        )
    if field.kind == "link":
        return forms.CharField(
            widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}), **options
        )
    if field.kind == "colour":
        return forms.CharField(widget=forms.TextInput(attrs={"type": "color", "class": "is-auto"}), **options)
    if field.kind == "picture":
        options.pop("max_length")
        return forms.ChoiceField(choices=[("", _("no picture")), *pictures], **options)
    return forms.CharField(widget=forms.TextInput(), **options)


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
        self, source: Source, *args: Any, pictures: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        self.source = source
        self.shape: Shape = SHAPES[source.shape]
        initial = {f"v_{name}": value for name, value in source.values.items()} | {"twin": source.text}
        for field in self.shape.fields:
            initial.setdefault(f"v_{field.name}", field.otherwise)
        options["initial"] = initial
        super().__init__(*args, **options)
        known = list(pictures)
        for field in self.shape.fields:
            now = source.values.get(field.name, "")
            there = (
                known
                if field.kind != "picture" or not now or now in dict(known)
                else [*known, (now, _("the one in use"))]
            )
            self.fields[f"v_{field.name}"] = _control(field, there)
            self.fields[f"v_{field.name}"].must = field.required  # type: ignore[attr-defined]
        self.order_fields([*(f"v_{field.name}" for field in self.shape.fields), "twin"])

    def values(self) -> list[forms.BoundField]:
        """The shape's own fields, in its order."""
        return [self[f"v_{field.name}"] for field in self.shape.fields]

    def written(self) -> Source:
        """The source as it now stands. Only after `is_valid`."""
        kept = {}
        for field in self.shape.fields:
            value = str(self.cleaned_data.get(f"v_{field.name}", "")).replace("\r\n", "\n")
            if value != field.otherwise:  # left out, `compose` takes `otherwise`; left empty, it is empty
                kept[field.name] = value
        return Source(self.source.shape, kept, self.cleaned_data["twin"].replace("\r\n", "\n"))


def reshaped(source: Source, shape: str) -> Source:
    """The same words in another shape. What the new one has no field for is left behind."""
    known = {field.name for field in SHAPES[shape].fields}
    return Source(shape, {name: value for name, value in source.values.items() if name in known}, source.text)
