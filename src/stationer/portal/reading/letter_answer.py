"""Whom an answer goes to, and the form in which it is written."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer import show
from stationer.notice import canonical
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault.models import Grant, SecureMessage

#: Octets of all files of one answer: a mail kept at once has 16 MiB (contract/vault.md §9), and base64 makes three
#: octets four.
MOST_FILES = 11_000_000
#: Characters of an answer, and how many files it may have.
LONGEST, MOST_COUNT = 200_000, 50


@dataclass(frozen=True)
class Circle:
    """Who was on a letter, without whoever answers: `[name, address]` each. `first`: to whom an answer goes by itself,
    the author; of the author's own letter, those whom it was to. `to`, `cc`: where it goes to everyone."""

    first: tuple[tuple[str, str], ...]
    to: tuple[tuple[str, str], ...]
    cc: tuple[tuple[str, str], ...]

    @property
    def everyone(self) -> tuple[tuple[str, str], ...]:
        """All of them."""
        return (*self.to, *self.cc)

    @property
    def is_wider(self) -> bool:
        """Whether everyone is more than those to whom it goes by itself."""
        return len(self.everyone) > len(self.first)


def circle_of(message: SecureMessage, reader: Reader) -> Circle:
    """Whom this reader may answer: those of its people who may read it. Blind recipients are on nobody's list."""
    rows = Grant.objects.filter(message=message).values_list("address", "withdrawn_at")
    there = {address for address, withdrawn in rows if withdrawn is None}
    gone = {address for address, _withdrawn in rows} - there
    mine = {reader.address.lower(), *map(str.lower, reader.addresses)}
    seen = set(mine)

    def fresh(people: list[list[str]]) -> tuple[tuple[str, str], ...]:
        found = []
        for name, address in people:
            if address.lower() not in seen and canonical(address) not in gone:
                seen.add(address.lower())
                found.append((show.person(name, address), address))
        return tuple(found)

    author = fresh([[message.author_name, message.author]])
    to, cc = fresh(message.to), fresh(message.cc)
    return Circle(author or to or cc, (*author, *to), cc)


class Files(forms.FileField):
    """Several files of one field."""

    widget = type("Many", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Each of them."""
        several = data if isinstance(data, list | tuple) else [data]
        return [super(Files, self).clean(one, initial) for one in several if one]


class AnswerForm(forms.Form):
    """An answer. What was typed stays in it whatever happens; a browser gives no file twice by itself."""

    quiet = True
    whom = forms.ChoiceField(label=gettext_lazy("Who gets it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
    )
    added = Files(label=gettext_lazy("Add files"), required=False)
    #: made with the page: the same form sent twice is one answer
    once = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        circle: Circle,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        everyone: bool = False,
        too_large: bool = False,
    ) -> None:
        first = {"whom": "all" if everyone else "first", "once": secrets.token_hex(16)}
        super().__init__(data, files, initial=first)
        self.circle, self._too_large = circle, too_large
        self.fields["whom"].choices = self._choices()  # type: ignore[attr-defined]
        self.fields["whom"].required = circle.is_wider
        self.fields["added"].widget.attrs["multiple"] = True

    def _choices(self) -> list[tuple[str, str]]:
        names = [name for name, _address in self.circle.first]
        first = _("Only {name}").format(name=", ".join(names[:3]) + ("…" if len(names) > 3 else ""))
        count = len(self.circle.everyone)
        return [("first", first), ("all", _("Everyone on the letter ({count})").format(count=count))]

    def clean(self) -> dict[str, Any]:
        """Words or a file are there, and not too much of either."""
        said = super().clean() or self.cleaned_data
        files: list[UploadedFile[bytes]] = said.get("added") or []
        if self._too_large or sum(file.size or 0 for file in files) > MOST_FILES:
            self.add_error("added", _(
                "These files have more than {most} MB together. Choose fewer or smaller ones; your words are here."
            ).format(most=MOST_FILES // 1_000_000))  # fmt: skip
        elif len(files) > MOST_COUNT:
            self.add_error("added", _("More than {most} files at once.").format(most=MOST_COUNT))
        elif not files and not str(said.get("text", "")).strip() and "text" not in self.errors:
            self.add_error("text", _("Nothing is written yet. Write some words or add a file."))
        return said

    @property
    def to_everyone(self) -> bool:
        """Whether it goes to everyone who was on the letter."""
        return self.circle.is_wider and self.cleaned_data.get("whom") == "all"
