"""The form in which a person says what the columns of a file are, and what the file may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.people.attributes import called, in_use
from stationer.portal.people.importing import columns, files
from stationer.portal.people.importing.files import Manner
from stationer.portal.people.models import Import

EMPTY = [
    ("keep", gettext_lazy("leave what is there")),
    ("clear", gettext_lazy("take it away")),
]
GROUPS = [
    ("add", gettext_lazy("put people into them")),
    ("exact", gettext_lazy("put people into them, and out of all others")),
]
GONE = [
    ("keep", gettext_lazy("leave them as they are")),
    ("remove", gettext_lazy("take them out, but for those who can sign in")),
]


class ColumnsForm(forms.Form):
    """One choice a column, the file's manner, and three questions."""

    quiet = True
    encoding = forms.ChoiceField(label=gettext_lazy("Written in"), choices=list(files.ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=gettext_lazy("Cells end with"))
    heading = forms.BooleanField(label=gettext_lazy("The first line holds headings"), required=False)
    empty = forms.ChoiceField(
        label=gettext_lazy("Where a cell is empty"), choices=EMPTY, widget=forms.RadioSelect
    )
    groups = forms.ChoiceField(
        label=gettext_lazy("The groups in the file"), choices=GROUPS, widget=forms.RadioSelect
    )
    gone = forms.ChoiceField(
        label=gettext_lazy("People who are not in the file"), choices=GONE, widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Any,
        *,
        heading: Sequence[str],
        samples: Sequence[Sequence[str]],
        manner: Manner,
        row: Import,
        fresh: bool,
    ) -> None:
        self.headings, self.samples = list(heading), [list(one) for one in samples]
        guessed = columns.guess(heading, samples, list(in_use())) if fresh else row.columns
        initial: dict[str, Any] = {"empty": row.empty, "groups": row.groups, "gone": row.gone}
        initial |= {f"c{place}": target for place, target in enumerate(guessed)} | manner._asdict()
        super().__init__(data, initial=initial)
        named = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("upright stroke")}
        self.fields["delimiter"].choices = list(named.items())  # type: ignore[attr-defined]
        targets = self._targets()
        for place, title in enumerate(self.headings):
            self.fields[f"c{place}"] = forms.ChoiceField(
                label=title or _("Column {number}").format(number=place + 1),
                choices=[*targets, *self._own(title, targets)],
                required=False,
            )

    def _targets(self) -> list[tuple[str, str]]:
        fixed = {
            "": _("leave it out"),
            "address": _("E-mail address"),
            "aliases": _("Further addresses"),
            "groups": _("Groups"),
            "package": _("Package"),
            "a:first_name": _("First name"),
            "a:last_name": _("Last name"),
        }
        details = {f"a:{name}": called(one) for name, one in in_use().items()}
        return list((fixed | details).items())

    def _own(self, title: str, targets: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """A detail of its own, called as the column is."""
        name = columns.own_name(title)
        there = not name or f"a:{name}" in dict(targets)
        return [] if there else [(f"a:{name}", _("a new detail, {name}").format(name=f"{{{{{name}}}}}"))]

    def table(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's choice, and what stands in its first lines."""
        return [
            (
                self[f"c{place}"],
                [one[place] for one in self.samples if one[place : place + 1] and one[place]][:3],
            )
            for place in range(len(self.headings))
        ]

    def questions(self) -> list[forms.BoundField]:
        """What the file may do."""
        return [self["empty"], self["groups"], self["gone"]]

    def targets(self) -> list[str]:
        """What each column was said to be. Only after `is_valid`."""
        return [self.cleaned_data[f"c{place}"] for place in range(len(self.headings))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        said = [data.get(f"c{place}", "") for place in range(len(self.headings))]
        if "address" not in said:
            raise forms.ValidationError(
                _("Say which column is the e-mail address: people are told apart by it.")
            )
        names = dict(self._targets())
        for target in {one for one in said if one and said.count(one) > 1}:
            sentence = _("Two columns are “{name}”: leave one of them out.")
            self.add_error(None, sentence.format(name=names.get(target, target.removeprefix("a:"))))
        return data

    def keep(self, row: Import) -> None:
        """Note it down."""
        row.columns = self.targets()
        for name in ("encoding", "delimiter", "heading", "empty", "groups", "gone"):
            setattr(row, name, self.cleaned_data[name])
