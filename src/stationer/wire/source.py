"""What an author writes in the portal or in a company file: the source of one piece of content."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from stationer.wire.words import PictureType


class Element(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of a form: its kind (contract/content.md §7) and its values."""

    kind: str
    values: dict[str, str] = {}


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named shape and its values; the shape `mjml` takes raw MJML in `values["mjml"]`, `form` a list of elements.

    Values may hold `{{attribute}}` or `{{attribute|otherwise}}`. `text` is the plain-text twin; empty means that
    it is made from the values. Shapes: contract/content.md §4. `elements` is unset where there are none, so that a
    source of another shape is written as it always was.
    """

    shape: str
    values: dict[str, str] = {}
    text: str = ""
    elements: tuple[Element, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def listed(self) -> tuple[Element, ...]:
        """The elements of a form, in their order."""
        return self.elements or ()

    def written(self) -> Iterator[tuple[str, str]]:
        """Every value with its place: `headline`, `elements/2/words`. Without the twin."""
        yield from self.values.items()
        for number, element in enumerate(self.listed):
            for name, value in element.values.items():
                yield f"elements/{number}/{name}", value


class Utm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a campaign's links tell the websites they lead to (contract/content.md §8); empty: nothing."""

    source: str = ""
    medium: str = ""
    campaign: str = ""

    def tags(self, content: str = "") -> dict[str, str]:
        """Name in the query → value. `content` is the message's own, said only where the campaign says something."""
        said = {"utm_source": self.source, "utm_medium": self.medium, "utm_campaign": self.campaign}
        found = {name: value for name, value in said.items() if value}
        return found | ({"utm_content": content} if found and content else {})


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hosted picture: its address and its size in pixels. A source names it; `press` is told what it is.

    With `digest`, `type` and `size` (octets) it may travel with the mail (contract/content.md §5).
    """

    url: str
    width: int
    height: int
    digest: str = ""
    type: PictureType = "image/png"
    size: int = 0
