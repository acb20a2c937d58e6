"""The fields of a shape and of elements as the linter reads them: their words, their links, their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stationer.compose.lint.findings import Finding
from stationer.compose.lint.leading import Said
from stationer.compose.lint.page import Page
from stationer.compose.lint.showing import Known, Pictured, known_by
from stationer.compose.lint.words import check_words
from stationer.compose.rich import LINK
from stationer.compose.shapes import KINDS, SHAPES, Kind, Shape
from stationer.wire.source import Source

#: Where the words of a link stand: for `link_2` in the first of these that its design has, with `_2`.
_WORDS = ("label", "answer", "button", "words")


class Part:
    """One design with its values: a shape, or an element of a form."""

    def __init__(
        self, design: Shape | Kind, values: Mapping[str, str], place: str, found: list[Finding]
    ) -> None:
        self.design = design
        self.pages = {
            field.name: Page(place + field.name, values.get(field.name, field.otherwise), found)
            for field in design.fields
        }

    def check(self) -> None:
        """What its words say."""
        for field in self.design.fields:
            page = self.pages[field.name]
            if field.kind in ("text", "lines"):
                check_words(page, 0, len(page.text))
            elif field.kind == "rich":
                at = 0
                for match in LINK.finditer(page.text):
                    check_words(page, at, match.start())
                    check_words(page, match.start(1), match.end(1))
                    at = match.end()
                check_words(page, at, len(page.text))

    def links(self) -> Iterator[Said]:
        """Its links that have words; a place that is filled leads where nobody knows."""
        for field in self.design.fields:
            page = self.pages[field.name]
            if field.kind == "rich":
                for match in LINK.finditer(page.text):
                    yield Said(
                        match[1],
                        page,
                        match.start(1),
                        match.end(1),
                        match[2],
                        page,
                        match.start(2),
                        match.end(2),
                    )
            elif field.kind == "link" and page.text.strip():
                words = self._words_of(field.name)
                said = words or page
                picture = words is None
                text = words.text if words else ""
                yield Said(text, said, 0, len(text), page.text, page, 0, len(page.text), picture)

    def _words_of(self, link: str) -> Page | None:
        tail = link.removeprefix("link") if link.startswith("link") else None
        if tail is None:
            return None
        names = (f"{name}{tail}" for name in _WORDS)
        found = next((self.pages[name] for name in names if name in self.pages), None)
        return found if found is not None and found.text.strip() else None

    def pictures(self, album: Mapping[str, Known]) -> Iterator[Pictured]:
        """Its pictures; a place that is filled shows nobody knows what."""
        for field in self.design.fields:
            page = self.pages[field.name]
            src = page.text.strip()
            if field.kind != "picture" or not src or src.startswith("{{"):
                continue
            words = self.pages.get(field.name.replace("picture", "alt"))
            said = words if words is not None else page
            alt = words.text if words else None
            yield Pictured(src, page, 0, alt, said, 0, len(said.text), known_by(album, src))


def parts(source: Source, found: list[Finding]) -> list[Part]:
    """The shape's own fields, and those of every element that there is."""
    shape = SHAPES[source.shape]
    all_of = [Part(shape, source.values, "", found)]
    for number, element in enumerate(source.listed):
        if (kind := KINDS.get(element.kind)) is not None:
            all_of.append(Part(kind, element.values, f"elements/{number}/", found))
    return all_of
