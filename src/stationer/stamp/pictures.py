"""Pictures of a block: what they are, how HTML names them, and the MIME part that one becomes (contract/stamp.md §1).

In a block's HTML `cid:NAME` stands for a picture's address. Linked, it becomes the picture's own `https:` address;
embedded, the Content-ID of a part that travels along (RFC 2392).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from stationer.mime.coding import base64_lines
from stationer.stamp.tags import tokens
from stationer.wire import base32

#: How a block's pictures reach the reader: as parts of the mail, or from a server when the mail is read.
Carry = Literal["embed", "link"]
#: What all embedded pictures of one order may hold together, in octets, and how many they may be.
MOST_BYTES = 1_000_000
MOST_PICTURES = 40
#: The types that mail programs show, with the ending of a file's name.
TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
}
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Octets that stand for themselves in HTML, in CSS and in an address (RFC 3986 §2).
ADDRESS = re.compile(r"https://[A-Za-z0-9._~:/?#\[\]@!$&*+,;=%-]+")
REFERENCE = re.compile(r"(?<![A-Za-z0-9.+-])cid:([A-Za-z0-9._-]{1,64})(?![A-Za-z0-9._@%-])", re.IGNORECASE)
#: A Content-ID of ours: who ordered it for which block, and the digest of the picture.
CONTENT_ID = re.compile(r"stationer\.[a-z2-7]{16}\.([a-z2-7]{16})@stationer\.invalid")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that HTML calls `cid:name`: its type, its octets (to embed), its address (to link).

    Raises ValueError for a name, a type or an address of another form.
    """

    name: str
    type: str
    data: bytes = b""
    url: str = ""
    digest: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no picture's name: 1 to 64 of A-Z a-z 0-9 . _ -")
        if self.type not in TYPES:
            raise ValueError(
                f"picture {self.name!r}: {self.type!r} is no type of picture: use {', '.join(TYPES)}"
            )
        if self.url and not ADDRESS.fullmatch(self.url):
            raise ValueError(
                f"picture {self.name!r}: {self.url!r} is no https: address; other letters are written as %XX"
            )
        object.__setattr__(self, "digest", digest_of(self.data))

    @property
    def filename(self) -> str:
        """The name with the ending of its type."""
        ending = "." + TYPES[self.type]
        return self.name if self.name.lower().endswith((ending, ".jpeg")) else self.name + ending


def digest_of(data: bytes) -> str:
    """The first 10 bytes of SHA-256, in lower-case base32."""
    return base32.encode(hashlib.sha256(data).digest()[:10])


def named(html: str) -> set[str]:
    """The names of the pictures that this HTML calls."""
    return set(REFERENCE.findall(html)) if "cid:" in html.lower() else set()


def check(html: str, pictures: Collection[Picture], carry: Carry) -> None:
    """Raises ValueError when the block and its pictures do not fit together."""
    if carry not in ("embed", "link"):
        raise ValueError(f"{carry!r} is no way to carry pictures: use embed or link")
    names = [picture.name for picture in pictures]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two pictures of one block are called {twice[0]!r}")
    if missing := sorted(named(html) - set(names)):
        raise ValueError(f"the HTML calls cid:{missing[0]}, and the block has no picture of this name")
    for picture in pictures:
        if carry == "embed" and not picture.data:
            raise ValueError(f"picture {picture.name!r} has no data, so it cannot be embedded")
        if carry == "link" and not picture.url:
            raise ValueError(f"picture {picture.name!r} has no url, so it cannot be linked")


def check_sizes(embedded: Iterable[Picture]) -> None:
    """Raises ValueError when an order's pictures are too many or too large; one that is there twice counts once."""
    each = {picture.digest: len(picture.data) for picture in embedded}
    if len(each) > MOST_PICTURES:
        raise ValueError(f"{len(each)} pictures are too many to embed: at most {MOST_PICTURES} in one order")
    if sum(each.values()) > MOST_BYTES:
        raise ValueError(
            f"the pictures hold {sum(each.values()):,} bytes, too many to embed: at most {MOST_BYTES:,} in one order"
        )


def resolved(html: str, addresses: Mapping[str, str]) -> str:
    """The HTML with each `cid:NAME` inside a tag, a comment or a style replaced by its address."""

    def in_tag(found: re.Match[str]) -> str:
        return escape(addresses[found[1]]) if found[1] in addresses else found[0]

    def in_style(found: re.Match[str]) -> str:
        return addresses.get(found[1], found[0])

    pieces: list[str] = []
    for token in tokens(html):
        held = html[token.start : token.end]
        if token.name:  # of `!`, what is no comment is the content of a style: it has no references
            held = REFERENCE.sub(in_tag if held[:1] == "<" else in_style, held)
        pieces.append(held)
    return "".join(pieces)


def shown_by(html: str, pictures: Iterable[Picture]) -> list[Picture]:
    """The pictures that this HTML calls, in their order."""
    names = named(html)
    return [picture for picture in pictures if picture.name in names]


def content_id(stamp_id: str, mark: str, picture: Picture, taken: Collection[str]) -> str:
    """A Content-ID, without its brackets, that is not `taken` in this mail; the same for the same stamp and picture."""
    number = 0
    while True:
        held = f"{stamp_id}\0{mark}\0{picture.digest}\0{number}".encode()
        found = f"stationer.{digest_of(held)}.{picture.digest}@stationer.invalid"
        if found not in taken:
            return found
        number += 1


def part_of(picture: Picture, cid: str, line_end: bytes) -> bytes:
    """The picture as a part: header, blank line, base64 in lines of 76; it ends with a line end (RFC 2045 §6.8)."""
    fields = (
        f'Content-Type: {picture.type}; name="{picture.filename}"',
        "Content-Transfer-Encoding: base64",
        f"Content-ID: <{cid}>",
        f'Content-Disposition: inline; filename="{picture.filename}"',
        "",
    )
    head = b"".join(line.encode("ascii") + line_end for line in fields)
    return head + base64_lines(picture.data, line_end)
