"""The values of this craft: what is asked for, and what comes back."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec

from stationer.mime import Segments, joined
from stationer.stamp import pictures
from stationer.stamp.pictures import Carry, Picture
from stationer.stamp.whole import clean, whole
from stationer.wire.words import SLOTS, Reason, Slot

ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MARK = re.compile(r"[a-z2-7]{8}")

#: How a mail relates to an earlier one.
Kind = Literal["new", "reply", "forward", "interleaved"]


def base32(digest: bytes) -> str:
    """Lower-case base32 without padding (RFC 4648 §6)."""
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Block:
    """What goes into one slot, as HTML and as text (lines separated by `\\n`). An empty side is not put in. Both sides
    are made to stand for themselves: clean text, HTML whose elements and comments all end in it. `pictures` are those
    that the HTML calls `cid:NAME`; `carry` says how they reach the reader.

    Raises ValueError for an unknown slot, for a mark that is not 8 characters of a–z2–7, for pictures that do not
    fit the HTML; an empty mark becomes a digest of the block.
    """

    slot: Slot
    html: str
    text: str
    mark: str = ""
    pictures: tuple[Picture, ...] = ()
    carry: Carry = "embed"

    def __post_init__(self) -> None:
        if self.slot not in SLOTS:
            raise ValueError(f"{self.slot!r} is no slot: use {', '.join(SLOTS)}")
        object.__setattr__(self, "html", whole(self.html))
        object.__setattr__(self, "text", clean(self.text))
        if self.pictures or self.carry != "embed":
            pictures.check(self.html, self.pictures, self.carry)
        if not self.mark:
            packed = msgspec.msgpack.encode((self.slot, self.html, self.text, *self.illustration()))
            object.__setattr__(self, "mark", base32(hashlib.sha256(packed).digest()[:5]))
        if not MARK.fullmatch(self.mark):
            raise ValueError(f"{self.mark!r} is no mark: 8 characters of a-z and 2-7")

    def __hash__(self) -> int:
        """By the mark, mostly a digest of the rest: what is dressed once is quickly found again by its blocks."""
        return hash(self.mark)

    def illustration(self) -> tuple[object, ...]:
        """What a digest of the block has to hold of its pictures; nothing when there are none."""
        if not self.pictures:
            return ()
        return (self.carry, [(p.name, p.type, p.digest, p.url) for p in self.pictures])


#: The blocks for the top and for the place, in the order of slots.
Places = tuple[tuple[Block, ...], tuple[Block, ...]]


@dataclass(frozen=True)
class Order:
    """The blocks of one stamp. Without an id, the digest of the blocks. Raises ValueError for an id of
    other letters, and for embedded pictures of more than 1,000,000 bytes or more than 40.
    """

    id: str | None
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if self.id is not None and not ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is no stamp id: 1 to 64 of A-Z a-z 0-9 . _ -")
        if self.illustrated:
            pictures.check_sizes(p for b in self.blocks if b.carry == "embed" for p in b.pictures)

    @cached_property
    def name(self) -> str:
        """The stamp id."""
        if self.id is not None:
            return self.id
        packed = msgspec.msgpack.encode(
            [(b.slot, b.html, b.text, b.mark, *b.illustration()) for b in self.blocks]
        )
        return base32(hashlib.sha256(packed).digest()[:10])

    @cached_property
    def for_html(self) -> Places:
        """What goes into an HTML part."""
        return self._places([block for block in self.blocks if block.html.strip()])

    @cached_property
    def for_text(self) -> Places:
        """What goes into a text part."""
        return self._places([block for block in self.blocks if block.text.strip()])

    def _places(self, held: list[Block]) -> Places:
        rest = (block for slot in SLOTS[1:] for block in held if block.slot == slot)
        return tuple(block for block in held if block.slot == "top"), tuple(rest)

    @cached_property
    def longest(self) -> int:
        """No side of all blocks together has more characters."""
        return sum(len(block.html) + len(block.text) for block in self.blocks)

    @cached_property
    def illustrated(self) -> bool:
        """Whether any block has pictures."""
        return any(block.pictures for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Stamped:
    """The stamped mail in segments (what was not changed is a view of the mail given), its id, and its undo record."""

    segments: Segments
    id: str
    undo: str

    def bytes(self) -> bytes:
        """The whole mail."""
        return joined(self.segments)


@dataclass(frozen=True, slots=True)
class Unstamped:
    """The mail without our blocks. `exact`: the very bytes that were stamped; otherwise the exact decoded text."""

    segments: Segments
    exact: bool

    def bytes(self) -> bytes:
        """The whole mail."""
        return joined(self.segments)


@dataclass(frozen=True, slots=True)
class Untouched:
    """The mail is left byte for byte as written (contract/stamp.md §2)."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class PartBoundary:
    """One text part (contract/stamp.md §6). Offsets count code points; `rule` is the marker that decided."""

    type: str
    path: str
    char: int | None
    line: str | None
    place: int
    rule: str


@dataclass(frozen=True, slots=True)
class Boundary:
    """What kind of mail this is, and for each body part where the quote begins and where a signature goes."""

    kind: Kind
    parts: tuple[PartBoundary, ...]
