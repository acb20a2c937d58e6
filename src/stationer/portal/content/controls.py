"""The fields of a shape or of an element as controls of a form, and what was typed into them as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from stationer.compose.shapes import ShapeField

#: Characters of one field, at most.
MOST = 30_000


def add_controls(
    form: forms.Form,
    fields: Sequence[ShapeField],
    values: Mapping[str, str],
    pictures: Sequence[tuple[str, str]],
    prefix: str = "",
) -> Callable[[], dict[str, str]]:
    """Put the fields into a form, filled with the values; gives what later reads them from it.

    `pictures` are (name, label) of those that can be chosen; one that is in use and unknown stays choosable.
    """
    for field in fields:
        now = values.get(field.name, field.otherwise)
        name = prefix + field.name
        form.fields[name] = control(field, _choosable(field, now, pictures))
        form.fields[name].must = field.required  # type: ignore[attr-defined]
        form.initial[name] = now

    def kept() -> dict[str, str]:
        found = {}
        for field in fields:
            value = str(form.cleaned_data.get(prefix + field.name, "")).replace("\r\n", "\n")
            if field.kind == "choice" and not value:
                continue  # an older page did not ask
            if value != field.otherwise:  # left out, `compose` takes `otherwise`; left empty, it is empty
                found[field.name] = value
        return found

    return kept


def _choosable(field: ShapeField, now: str, pictures: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    if field.kind != "picture":
        return ()
    own = [("{{photo}}", _("each person’s own portrait"))]
    known = [*pictures, *own]
    return known if not now or now in dict(known) else [*known, (now, _("the one in use"))]


def control(field: ShapeField, pictures: Sequence[tuple[str, str]]) -> forms.Field:
    """One field as its control."""
    options: dict[str, Any] = {
        "label": _(field.label),
        "help_text": escape(_(field.hint)) if field.hint else "",
    }
    options |= {"required": False}
    if field.kind == "picture":
        return forms.ChoiceField(choices=[("", _("no picture")), *pictures], **options)
    if field.kind == "choice":
        choices = [(one.value, _(one.label)) for one in field.options]
        return forms.ChoiceField(choices=choices, **options)
    return forms.CharField(widget=_widget(field), max_length=MOST, **options)


def _widget(field: ShapeField) -> forms.Widget:
    if field.kind == "lines":
        return forms.Textarea(attrs={"rows": 3})
    if field.kind == "rich":
        return forms.Textarea(attrs={"rows": 4, "class": "is-rich"})
    if field.kind == "mjml":
        attrs = {"rows": 18, "spellcheck": "false", "class": "is-code", "wrap": "off"}
        return forms.Textarea(attrs=attrs)
    if field.kind == "link":
        return forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"})
    if field.kind == "colour":
        return forms.TextInput(attrs={"type": "color", "class": "is-auto"})
    return forms.TextInput()
