"""An MJML source as the linter reads it: tag by tag where its author wrote it, and as it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from stationer.compose.cleaning import from_mjml
from stationer.compose.lint.inking import Stretch, check_inks, stretches
from stationer.compose.lint.leading import Said
from stationer.compose.lint.looks import check_looks
from stationer.compose.lint.page import Page
from stationer.compose.lint.showing import Known, Pictured, known_by
from stationer.compose.lint.structure import check_structure
from stationer.compose.lint.tags import declared, tags
from stationer.compose.lint.words import check_words
from stationer.compose.markup import bare
from stationer.compose.pieces import read
from stationer.compose.places import PLACE

_WORDS = re.compile(r">([^<]+)")
_TAGS = re.compile(r"<[^>]*(?:>|\Z)")


class Design:
    """One MJML source."""

    def __init__(self, page: Page) -> None:
        self.page, self.tags = page, tags(page.text)

    def check(self) -> None:
        """What its author wrote."""
        check_structure(self.page, self.tags)
        check_looks(self.page, declared(self.page.text, self.tags))
        head = 0
        heads = [(tag.start, tag.inner) for tag in self.tags if tag.name == "mj-head"]
        for match in _WORDS.finditer(self.page.text):
            while heads and heads[0][0] <= match.start():
                head = max(head, heads.pop(0)[1])
            if match.start() >= head:
                check_words(self.page, match.start(1), match.end(1))

    def links(self) -> Iterator[Said]:
        """Its links."""
        page = self.page
        for tag in self.tags:
            href = tag.attributes.get("href")
            if href is None or tag.name not in ("a", "mj-button", "mj-image"):
                continue
            start, end = tag.end, tag.inner
            words, picture = unescape(_TAGS.sub(" ", page.text[start:end])), tag.name == "mj-image"
            if not words.strip() and "<img" in page.text[start:end].lower():
                picture = True
            yield Said(words, page, start, end, href.value, page, href.start, href.end, picture)

    def pictures(self, album: Mapping[str, Known]) -> Iterator[Pictured]:
        """Its pictures; a place that is filled shows nobody knows what."""
        for tag in self.tags:
            src = tag.attributes.get("src")
            if src is None or tag.name not in ("img", "mj-image") or src.value.startswith("{{"):
                continue
            alt = tag.attributes.get("alt")
            start, end = (alt.start, alt.end) if alt else (tag.place, tag.place)
            value = alt.value if alt else None
            known = known_by(album, src.value)
            yield Pictured(src.value, self.page, src.start, value, self.page, start, end, known, tag)

    def inks(self) -> None:
        """Whether its words can be read. Only for a source that can be drawn."""
        check_inks(self.page, self.drawn(), self.tags)

    def drawn(self) -> list[Stretch]:
        """All words as they are drawn, each with the tag that it is in. Raises ValueError for what is no MJML."""
        source = bare(self._numbered())
        if not source.strip():
            return []
        html = from_mjml(PLACE.sub(lambda match: match[3] or match[2] or "x", source))
        return list(stretches(read(html[max(0, html.find("<body")) :])))

    def _numbered(self) -> str:
        """The source with every tag's number in it, in a way that outlives drawing."""
        found, at = [], 0
        for tag in self.tags:
            if tag.name in ("mjml", "mj-body") or any(one.name == "mj-head" for one in tag.around()):
                continue
            name = "css-class" if tag.name.startswith("mj-") else "data-at"
            if tag.name == "mj-raw" or name in tag.attributes:
                continue
            found += [self.page.text[at : tag.place], f' {name}="at-{tag.number}"']
            at = tag.place
        return "".join([*found, self.page.text[at:]])
