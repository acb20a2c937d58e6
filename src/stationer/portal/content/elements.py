"""The elements of a block form on its page: their fields, and what the buttons beside them do to the list.

Every element has a number on the page that stays with it while it moves, so that what is typed, opened and focused
stays where it was. A page sends the numbers in order (`e`), and for each its kind and fields (`e3-kind`, `e3-words`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from stationer.compose import KINDS, Kind
from stationer.portal.content.controls import add_controls
from stationer.wire.source import Element, Source

#: What the buttons do: `up 3`, `down 3`, `copy 3`, `drop 3`, `add heading`.
DEEDS = ("up", "down", "copy", "drop", "add")
#: So many elements are read from a page; more are a mistake of the page.
MOST_READ = 60


class ElementForm(forms.Form):
    """One element. `number` is its own on the page."""

    quiet = True

    def __init__(self, number: int, element: Element, data: Any, pictures: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, prefix=f"e{number}")
        self.number, self.kind_name, self.kind = number, element.kind, KINDS[element.kind]
        self.said = element
        self._kept = add_controls(self, self.kind.fields, element.values, pictures)
        self.open = False
        self.focus = ""  # which of its buttons the keyboard stands on

    def called(self) -> str:
        """What kind of thing it is."""
        return _(self.kind.label)

    def gist(self) -> str:
        """Its first words."""
        fields = [field for field in self.kind.fields if field.kind in ("text", "rich", "lines", "picture")]
        values = (self.said.values.get(field.name, field.otherwise) for field in fields)
        return next((" ".join(value.replace("*", "").split())[:60] for value in values if value), "")

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField], list[forms.BoundField]]]:
        """Its fields by columns, if it has some: the heading, those often used, and those seldom changed."""
        for part in dict.fromkeys(field.part for field in self.kind.fields):
            mine = [field for field in self.kind.fields if field.part == part]
            often = [self[field.name] for field in mine if not field.rare]
            rare = [self[field.name] for field in mine if field.rare]
            yield _("Column {number}").format(number=part) if part else "", often, rare

    def written(self) -> Element:
        """The element as it now stands. Only after `is_valid`."""
        return Element(self.kind_name, self._kept())


class Elements:
    """All elements of a form, in their order."""

    def __init__(
        self, source: Source, data: Any, pictures: Sequence[tuple[str, str]], opened: int | None
    ) -> None:
        self._pictures = pictures
        known = [(n, one) for n, one in enumerate(source.listed) if one.kind in KINDS]
        rows = [*_sent(data)] if data is not None else known
        self.forms = [ElementForm(number, element, data, pictures) for number, element in rows]
        for place, form in enumerate(self.forms):
            form.open = len(self.forms) <= 3 if opened is None else place == opened
        self.said = ""

    def __iter__(self) -> Iterator[ElementForm]:
        return iter(self.forms)

    def kinds(self) -> list[tuple[str, Kind, str, str]]:
        """What can be added: name, kind, label, hint."""
        ordered = sorted(KINDS.items(), key=lambda item: item[1].order)
        return [(name, kind, _(kind.label), _(kind.hint)) for name, kind in ordered]

    def is_valid(self) -> bool:
        """Whether each can be kept."""
        return all([form.is_valid() for form in self.forms])

    def written(self) -> tuple[Element, ...]:
        """All as they now stand."""
        return tuple(form.written() for form in self.forms)

    def do(self, said: str) -> int | None:
        """What a button says; returns the place of the element it was about, or None for no such deed. Only after
        `is_valid`."""
        deed, _blank, what = said.partition(" ")
        if deed == "add" and what in KINDS:
            return self._put(len(self.forms), Element(what))
        place = next((n for n, form in enumerate(self.forms) if str(form.number) == what), None)
        if place is None or deed not in DEEDS:
            return None
        form = self.forms[place]
        if deed == "copy":
            return self._put(place + 1, form.written())
        self.forms.pop(place)
        if deed == "drop":
            self.said = _("{element} taken out").format(element=form.called())
            return max(0, min(place, len(self.forms) - 1))
        to = max(0, min(len(self.forms), place + (1 if deed == "down" else -1)))
        self.forms.insert(to, form)
        end = to in (0, len(self.forms) - 1) and (to == 0) == (deed == "up")
        form.focus = ("down" if deed == "up" else "up") if end else deed
        words = _("{element} is now number {number} of {all}")
        self.said = words.format(element=form.called(), number=to + 1, all=len(self.forms))
        return to

    def _put(self, place: int, element: Element) -> int:
        number = max((form.number for form in self.forms), default=-1) + 1
        form = ElementForm(number, element, None, self._pictures)
        form.open, form.focus = True, "first"
        self.forms.insert(place, form)
        self.said = _("{element} added").format(element=form.called())
        return place

    def listed(self) -> tuple[Element, ...]:
        """All as they stand after a deed: those that were sent as they were sent, a new one as it begins."""
        return tuple(form.written() if form.is_bound else form.said for form in self.forms)


def _sent(data: Any) -> Iterator[tuple[int, Element]]:
    """Number and kind of each element that a page sent, in its order; each number once."""
    seen: set[int] = set()
    for text in data.getlist("e")[:MOST_READ]:
        kind = data.get(f"e{text}-kind", "")
        if text.isascii() and text.isdigit() and len(text) < 6 and kind in KINDS and int(text) not in seen:
            seen.add(int(text))
            yield int(text), Element(kind)
