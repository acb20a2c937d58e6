"""The undo record: what was put where, so that the very bytes come back (contract/stamp.md §4).

Offsets count from the start of a part's body, as it travels; in a part that had to be recoded as a whole they count
in the body without its transfer encoding. The record travels in the header `Stationer-Stamp`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import zlib
from typing import Annotated, NamedTuple

import msgspec

from stationer.mime.fields import Field, value_of

NAME = "Stationer-Stamp"
LOWER = NAME.lower().encode()
LONGEST_RECORD = 400_000
FIELD = re.compile(r"v=1;id=([A-Za-z0-9._-]{1,64});u=([A-Za-z0-9_-]+)(?:;d=([A-Za-z0-9_-]{22}))?;?")

#: Ours hold fewer entries of a kind (texts, splices, fields, parts); a record that holds more is never ours.
MOST_ENTRIES = msgspec.Meta(max_length=8)


class Splice(msgspec.Struct, frozen=True, array_like=True):
    """`length` octets at `offset`, whose digest is `digest`, stand in the place of `old`."""

    offset: int
    length: int
    digest: bytes
    old: bytes = b""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The field `name` of the part's header has digest `digest` and was `old` (raw, its line end included)."""

    name: str
    digest: bytes
    old: bytes


class Recoded(msgspec.Struct, frozen=True, array_like=True):
    """The body was recoded: its old charset (empty: kept) and transfer encoding; `old`, when recoding back would not
    give it."""

    charset: str
    encoding: str
    old: bytes | None = None


class PartUndo(msgspec.Struct, frozen=True, array_like=True):
    """One part. `shown`: digest and length of each text that was put in, line ends as `\\n`, to find it again after
    a relay has recoded the part."""

    path: str
    splices: Annotated[tuple[Splice, ...], MOST_ENTRIES]
    heads: Annotated[tuple[Head, ...], MOST_ENTRIES] = ()
    recoded: Recoded | None = None
    shown: Annotated[tuple[tuple[bytes, int], ...], MOST_ENTRIES] = ()

    @property
    def left(self) -> bool:
        """Whether nothing was put in, as words of ours stood there already."""
        return not self.splices and not self.shown


class Related(msgspec.Struct, frozen=True, array_like=True):
    """Embedded pictures. `path`: of the `multipart/related` that has them; `kept`: how many parts it has without them.
    `tail` stands where the last of those ends; `lead` and what follows only where the multipart is ours: `lead` stands
    where it begins (of the root: its body). `fields`: the root's, counted from its Content-Type, and `whole` is the
    stretch that they stand in."""

    path: str
    kept: int
    tail: Splice
    lead: Splice | None = None
    fields: tuple[Splice, ...] = ()
    whole: Splice | None = None


class RelatedUndo(PartUndo, frozen=True, array_like=True):
    """The undo of an HTML part whose blocks have embedded pictures."""

    related: Related | None = None


class Trace(NamedTuple):
    """A read `Stationer-Stamp` field. `proven`: no key was asked for, or the key proves it; what is not proven says
    where ours may lie, and is believed only where the digests agree, never about what was there before."""

    field: Field
    id: str
    parts: tuple[RelatedUndo, ...]
    proven: bool = True


def digest_of(held: bytes | memoryview) -> bytes:
    """The first 8 bytes of SHA-256."""
    return hashlib.sha256(held).digest()[:8]


def shown_digest(text: str) -> tuple[bytes, int]:
    """Digest and length of a text whose line ends are `\\n`."""
    even = text.replace("\r\n", "\n")
    return digest_of(even.encode("utf-8", "surrogatepass")), len(even)


def record_of(parts: tuple[PartUndo, ...]) -> str:
    """The record as it stands in `u`."""
    packer = zlib.compressobj(
        6, zlib.DEFLATED, 9, 1
    )  # a small window: records are short, and so is the start
    return _letters(packer.compress(msgspec.msgpack.encode(parts)) + packer.flush())


def parts_of(record: str) -> tuple[RelatedUndo, ...] | None:
    """The record read; None for anything that `record_of` did not write."""
    try:
        unpacker = zlib.decompressobj()
        packed = unpacker.decompress(_bytes(record), LONGEST_RECORD)
        parts: tuple[RelatedUndo, ...] = msgspec.msgpack.decode(
            packed, type=Annotated[tuple[RelatedUndo, ...], MOST_ENTRIES]
        )
        return parts
    except (zlib.error, msgspec.DecodeError, ValueError, binascii.Error):
        return None


def field_of(stamp_id: str, record: str, key: bytes | None, line_end: bytes) -> bytes:
    """The header field, folded at 78."""
    text = f"{NAME}: v=1; id={stamp_id}; u="
    proof = f"; d={_proof(stamp_id, record, key)}" if key is not None else ""
    lines = [text]
    rest = record + proof
    room = 77 - len(text)
    while rest:
        if room < 8:
            lines.append(" ")
            room = 77
        lines[-1] += rest[:room]
        rest, room = rest[room:], 0
    return b"".join(line.encode("ascii") + line_end for line in lines)


def trace_of(data: bytes, fields: list[Field], key: bytes | None) -> Trace | None:
    """The topmost of our fields that the key proves (without a key: any), else the topmost that can be read."""
    unproven: Trace | None = None
    for field in fields:
        if field.name != LOWER:
            continue
        text = re.sub(rb"\s+", b"", value_of(data, field)).decode("ascii", "replace")
        found = FIELD.fullmatch(text)
        if not found or (parts := parts_of(found[2])) is None:
            continue
        if key is None or hmac.compare_digest(found[3] or "", _proof(found[1], found[2], key)):
            return Trace(field, found[1], parts)
        unproven = unproven or Trace(field, found[1], parts, proven=False)
    return unproven


def _proof(stamp_id: str, record: str, key: bytes) -> str:
    """BLAKE2b, 16 bytes, keyed, over `id NUL u`. A key longer than BLAKE2b takes is digested first."""
    short = key if len(key) <= 64 else hashlib.sha256(key).digest()
    return _letters(hashlib.blake2b(f"{stamp_id}\0{record}".encode(), key=short, digest_size=16).digest())


def _letters(held: bytes) -> str:
    return base64.urlsafe_b64encode(held).rstrip(b"=").decode("ascii")


def _bytes(letters: str) -> bytes:
    return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
