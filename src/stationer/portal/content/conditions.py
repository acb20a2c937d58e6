"""What people's details must say, one a line: `Department: Sales, Board`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Where = Mapping[str, tuple[str, ...]]


class Conditions(forms.CharField):
    """`called` gives what each detail is called, by its name; either may be written, in any case."""

    def __init__(self, **options: Any) -> None:
        self.called: Mapping[str, str] = {}
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def written(self, where: Where) -> str:
        """The conditions as somebody would type them."""
        return "\n".join(f"{self.called.get(name, name)}: {', '.join(said)}" for name, said in where.items())

    def clean(self, value: Any) -> dict[str, tuple[str, ...]]:
        """By the detail's name. Raises ValidationError with every line that is no condition."""
        found: dict[str, tuple[str, ...]] = {}
        wrong: list[ValidationError] = []
        for line in filter(str.strip, super().clean(value).splitlines()):
            try:
                name, said = self._condition(line)
                found[name] = (*found.get(name, ()), *said)
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return found

    def _condition(self, line: str) -> tuple[str, tuple[str, ...]]:
        detail, colon, values = line.partition(":")
        said = tuple(filter(None, map(str.strip, values.split(","))))
        if not colon or not said:
            sentence = _("“{line}” is no condition: write it as “Department: Sales, Board”.")
            raise ValidationError(sentence.format(line=line.strip()))
        asked = detail.strip().casefold()
        for name, label in self.called.items():
            if asked in (name.casefold(), label.casefold()):
                return name, said
        sentence = _("Nobody has a detail “{name}”. There are: {names}.")
        raise ValidationError(sentence.format(name=detail.strip(), names=", ".join(self.called.values())))
