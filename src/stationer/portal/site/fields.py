"""What forms of several pages share: tick boxes of which none may be ticked, entries one a line, deleting by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class OneLine(forms.CharField):
    """Words that get into the head of a mail or a title: line breaks and rows of blanks become one blank."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class Many(forms.MultipleChoiceField):
    """Tick boxes; none ticked is an answer too. `long`: their labels are, so that each gets room."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, long: bool = False, **options: Any) -> None:
        self.long = long
        super().__init__(required=False, **options)


class Lines(forms.CharField):
    """One entry a line, each brought into its normal form by `normal`; all mistakes are told at once."""

    def __init__(self, *, normal: Callable[[str], str], **options: Any) -> None:
        self.normal = normal
        super().__init__(
            required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}), **options
        )

    def clean(self, value: Any) -> list[str]:
        found: list[str] = []
        wrong: list[ValidationError] = []
        for line in re.split(r"[\s,;]+", super().clean(value)):
            if not line:
                continue
            try:
                found.append(self.normal(line))
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(found))


class DeleteByName(forms.Form):
    """Deleting asks for the name, typed."""

    typed = forms.CharField(
        label=gettext_lazy("Type its name to delete it"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, name: str, *args: Any, **options: Any) -> None:
        self.name = name
        super().__init__(*args, **options)

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.name.casefold():
            raise forms.ValidationError(
                _("That is not its name. It is called “{name}”.").format(name=self.name)
            )
        return typed
