"""Pressed content (inside a snapshot) and the block made from it for one person (contract/content.md)."""

from __future__ import annotations

from typing import Literal

import msgspec

from stationer.wire.words import Kind, PictureType, Scale, Slot

#: How a value is written: as it is; as a whole web address; as a part of one (percent-encoded, RFC 3986 §2.1);
#: as the digits of a `tel:` (RFC 3966); as a web address without its scheme, for reading.
Form = Literal["text", "address", "part", "number", "host"]


class Field(msgspec.Struct, frozen=True, tag="field", omit_defaults=True):
    """A person's attribute, escaped for where it stands. `otherwise` is put in when the attribute is empty."""

    name: str
    otherwise: str = ""
    form: Form = "text"


class LinkPlace(msgspec.Struct, frozen=True, tag="link"):
    """Where the address of the block's link `number` goes (inside a quoted attribute in HTML, bare in text)."""

    number: int


class When(msgspec.Struct, frozen=True, tag="when"):
    """Pieces that vanish when all of the `needs` attributes are empty (the vanishing line)."""

    needs: tuple[str, ...]
    pieces: tuple[str | Field | LinkPlace | When, ...]


Piece = str | Field | LinkPlace | When

#: A link's plain address; with fields in it when it differs from person to person.
Target = str | tuple[str | Field, ...]


class Embedded(msgspec.Struct, frozen=True):
    """A picture that HTML calls `cid:name`: its octets by their digest and how many they are; `url` to link it."""

    name: str
    digest: str
    type: PictureType
    size: int
    url: str


class Asks(msgspec.Struct, frozen=True):
    """What a survey asks, and how it is answered (contract/surveys.md §1). `words` are those of the scale's ends, or
    of each face."""

    scale: Scale
    question: str
    words: tuple[str, ...] = ()


class Content(msgspec.Struct, frozen=True):
    """What `compose.press` makes of a source: HTML and text as pieces, the plain target of each link, the pictures
    that may travel along and what it asks; unset where there are none, so that such a content has the digest it
    always had.
    """

    kind: Kind
    slot: Slot
    html: tuple[Piece, ...]
    text: tuple[Piece, ...]
    targets: tuple[Target, ...] = ()
    link_base: str = ""
    pictures: tuple[Embedded, ...] | msgspec.UnsetType = msgspec.UNSET
    asks: Asks | msgspec.UnsetType = msgspec.UNSET

    @property
    def called(self) -> tuple[Embedded, ...]:
        """The pictures that the HTML calls `cid:name`."""
        return self.pictures or ()


class Block(msgspec.Struct, frozen=True):
    """GET /v1/blocks/{name}: content filled for one person. An integer stands for the address of that link.

    A client writes, for link n, `link_base + token` when the answer gave a token and `targets[n]` otherwise;
    HTML-escaped in `html`, as it is in `text`. Where the HTML calls a picture it carries it, or writes its `url`.
    """

    name: str
    kind: Kind
    slot: Slot
    html: list[str | int]
    text: list[str | int]
    targets: list[str] = []
    link_base: str = ""
    pictures: list[Embedded] = []
