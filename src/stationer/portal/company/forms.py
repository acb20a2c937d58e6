"""A company file that is sent: as a file, or as it was written into the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

#: A file of so many characters is offered for editing in the page; a page has at most 100 KB.
MOST_HERE = 50_000
#: What is taken from a page's own text field.
MOST_WRITTEN = 2_000_000


class Absent(forms.Form):
    """What becomes of what the file does not name."""

    quiet = True
    absent = forms.ChoiceField(
        label=gettext_lazy("What the file does not name"),
        choices=[("keep", gettext_lazy("stays as it is")), ("remove", gettext_lazy("is taken out"))],
        initial="keep",
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Whoever can sign in always stays, and so do pictures. Templates, campaigns, messages, groups and lists "
            "go into the bin."
        ),
    )


class FileForm(Absent):
    """A file."""

    file = forms.FileField(
        label=gettext_lazy("A company file"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
        allow_empty_file=True,
        help_text=gettext_lazy("YAML in UTF-8, at most 10 MB."),
    )
    field_order = ("file", "absent")


class TextForm(Absent):
    """The text itself."""

    text = forms.CharField(
        label=gettext_lazy("The company, as YAML"),
        max_length=MOST_WRITTEN,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "is-code", "wrap": "off"}),
    )
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    field_order = ("text", "absent")

    def clean_text(self) -> str:
        """With the line ends that a file has."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def called(self, otherwise: Any) -> str:
        """What the file was called where it came from."""
        return str(self.cleaned_data["name"] or otherwise)
