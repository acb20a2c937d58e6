"""Pressed content (inside a snapshot) and the block made from it for one person (contract/content.md)."""

from __future__ import annotations

import msgspec

from stationer.wire.words import Kind, Slot


class Field(msgspec.Struct, frozen=True, tag="field"):
    """A person's attribute, escaped for where it stands. `otherwise` is put in when the attribute is empty."""

    name: str
    otherwise: str = ""


class LinkPlace(msgspec.Struct, frozen=True, tag="link"):
    """Where the address of the block's link `number` goes (inside a quoted attribute in HTML, bare in text)."""

    number: int


class When(msgspec.Struct, frozen=True, tag="when"):
    """Pieces that vanish when any of the `needs` attributes is empty (the vanishing line)."""

    needs: tuple[str, ...]
    pieces: tuple[str | Field | LinkPlace | When, ...]


Piece = str | Field | LinkPlace | When


class Content(msgspec.Struct, frozen=True):
    """What `compose.press` makes of a source: HTML and text as pieces, and the plain target of each link."""

    kind: Kind
    slot: Slot
    html: tuple[Piece, ...]
    text: tuple[Piece, ...]
    targets: tuple[str, ...] = ()
    link_base: str = ""


class Block(msgspec.Struct, frozen=True):
    """GET /v1/blocks/{name}: content filled for one person. An integer stands for the address of that link.

    A client writes, for link n, `link_base + token` when the answer gave a token and `targets[n]` otherwise;
    HTML-escaped in `html`, as it is in `text`.
    """

    name: str
    kind: Kind
    slot: Slot
    html: list[str | int]
    text: list[str | int]
    targets: list[str] = []
    link_base: str = ""
