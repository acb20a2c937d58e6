"""What stands in contract/vectors/stamp/*.json, as types: `contract.make` makes the JSON Schema of them."""

from __future__ import annotations

import msgspec

from stationer.stamp import Kind
from stationer.wire.words import Reason, Slot


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All of these: nothing unknown, and what is usual is left out."""


class VectorPicture(Shape, frozen=True):
    """A picture of a block. `data` is base64."""

    name: str
    type: str
    data: bytes = b""
    url: str = ""


class VectorBlock(Shape, frozen=True):
    """A block of an order."""

    slot: Slot
    html: str = ""
    text: str = ""
    mark: str = ""
    pictures: tuple[VectorPicture, ...] = ()
    carry: str = "embed"


class VectorOrder(Shape, frozen=True):
    """An order. Without `id`, the digest of its blocks names it."""

    blocks: tuple[VectorBlock, ...]
    id: str | None = None


class StampCase(Shape, frozen=True):
    """`mail` stamped with `order`, or unstamped where there is none: the answer is `result` or `untouched`. `key`,
    `mail` and `result` are base64; `exact` is told of what was unstamped."""

    name: str
    mail: bytes
    order: VectorOrder | None = None
    key: bytes | None = None
    max_size: int = 50_000_000
    result: bytes | None = None
    untouched: Reason | None = None
    exact: bool | None = None


class ConsentCase(Shape, frozen=True):
    """Whether `mail` (base64) may be cut: `reason`, or null when it may."""

    name: str
    mail: bytes
    reason: Reason | None


class HashCase(Shape, frozen=True):
    """HTML, its normalised text, and the hash of that."""

    html: str
    shown: str
    hash: str


class FoundBlock(Shape, frozen=True):
    """A block of ours as it is found. `start` and `end` count code points."""

    start: int
    end: int
    id: str
    slot: Slot
    mark: str
    intact: bool
    quoted: bool


class RecognitionCase(Shape, frozen=True):
    """HTML, and the blocks of ours in it; `quoted` ones stand in the quote."""

    name: str
    html: str
    blocks: tuple[FoundBlock, ...]


class BoundaryPart(Shape, frozen=True):
    """A body part, decoded. `char` and `place` count code points."""

    type: str
    text: str
    char: int | None
    line: str | None
    place: int
    rule: str


class BoundaryCase(Shape, frozen=True):
    """A mail as an add-in sees it. `subject` is base64 of the field's octets; `answers`: it has an In-Reply-To."""

    name: str
    subject: bytes
    answers: bool
    kind: Kind
    marks_in_quote: tuple[str, ...]
    parts: tuple[BoundaryPart, ...]


class IndexEntry(Shape, frozen=True):
    """A file: how many cases it has, and its SHA-256 in hex."""

    cases: int
    sha256: str


class StampVectors(msgspec.Struct, frozen=True):
    """Each file of contract/vectors/stamp by its name without `.json`, and what it holds."""

    boundary: list[BoundaryCase]
    consent: list[ConsentCase]
    dress: list[StampCase]
    index: dict[str, IndexEntry]
    marker: list[HashCase]
    pictures: list[StampCase]
    recognition: list[RecognitionCase]
    restamp: list[StampCase]
    stamp: list[StampCase]
    unstamp: list[StampCase]
