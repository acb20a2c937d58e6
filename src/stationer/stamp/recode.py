"""A text part that must change its charset to UTF-8, or its transfer encoding, to take a block: the new body, the new
fields, and what brings the old ones back."""

from __future__ import annotations

import re
from typing import NamedTuple

from stationer.mime import Cut, Part
from stationer.mime.coding import PLAIN, base64_lines, decoded, quoted
from stationer.mime.fields import unfolded
from stationer.mime.parameters import token_and_parameters
from stationer.stamp.boundary import BodyPart
from stationer.stamp.undo import Head, Recoded, Splice, digest_of

CHARSET = re.compile(rb'(;\s*charset\s*=\s*)("[^"]*"|[^;\s]*)', re.IGNORECASE)
#: An original that recoding would not give back travels in the record, up to this many octets.
MOST_KEPT = 30_000


class Recoding(NamedTuple):
    """The new body, the cuts of the part's header, and the undo."""

    body: bytes
    heads: tuple[Cut, ...]
    undo_heads: tuple[Head, ...]
    splices: tuple[Splice, ...]
    recoded: Recoded


def recoded(body: BodyPart, insertions: list[tuple[int, str]], line_end: bytes) -> Recoding | None:
    """The part in UTF-8 with the texts put in. None when the old one would not come back."""
    part = body.part
    try:
        text = body.plain.decode(body.codec)
        exact = text.encode(body.codec) == body.plain
        pieces = [body.plain[: insertions[0][0]].decode(body.codec).encode("utf-8")]
    except UnicodeError:
        return None
    if not exact:
        return None
    splices: list[Splice] = []
    for number, (offset, new) in enumerate(insertions):
        until = insertions[number + 1][0] if number + 1 < len(insertions) else len(body.plain)
        held = new.encode("utf-8", "replace")
        splices.append(Splice(sum(map(len, pieces)), len(held), digest_of(held)))
        pieces += [held, body.plain[offset:until].decode(body.codec).encode("utf-8")]
    encoding = new_encoding(part, pieces)
    coded = encoded_by(b"".join(pieces), encoding, line_end)
    if decoded(coded, encoding) != b"".join(pieces):
        return None
    made = new_heads(part, encoding, line_end)
    if made is None:
        return None
    heads, undo_heads = made
    return with_old(
        body, Recoding(coded, heads, undo_heads, tuple(splices), Recoded(body.codec, part.encoding)), line_end
    )


def with_old(body: BodyPart, recoding: Recoding, line_end: bytes) -> Recoding | None:
    """Keep the old body in the record when recoding back would not give it; None when it is too large for that."""
    old = body.part.encoded
    if encoded_by(body.plain, body.part.encoding, line_end) == old:
        return recoding
    if len(old) > MOST_KEPT:
        return None
    return recoding._replace(recoded=Recoded(body.codec, body.part.encoding, old))


def new_encoding(part: Part, pieces: list[bytes]) -> str:
    """7bit becomes quoted-printable; so does anything with a line that is too long. The others stay."""
    longest = max((len(line) for piece in pieces for line in piece.split(b"\n")), default=0)
    if part.encoding in ("quoted-printable", "base64"):
        return part.encoding
    return part.encoding if part.encoding in ("8bit", "binary") and longest <= 900 else "quoted-printable"


def encoded_by(plain: bytes, encoding: str, line_end: bytes) -> bytes:
    """A whole body in this transfer encoding."""
    if encoding in PLAIN:
        return plain
    if encoding == "quoted-printable":
        return quoted(plain, line_end)
    coded = base64_lines(plain, line_end)
    return coded[: -len(line_end)]


def new_heads(part: Part, encoding: str, line_end: bytes) -> tuple[tuple[Cut, ...], tuple[Head, ...]] | None:
    """The cuts that make the header say UTF-8 and the new encoding, and what was there before. None when the
    header could not say it."""
    top = part.fields[0].start if part.fields else part.start
    if not part.fields and not part.data[part.start : part.body].strip(b"\r") == b"\n":
        return None
    cuts: list[Cut] = []
    undo: list[Head] = []
    for name, new in FIELDS:
        field = part.field(name.encode())
        start, end = (field.start, field.end) if field else (top, top)
        old = part.data[start:end]
        written = new(part, old, encoding, line_end)
        if written != old:
            cuts.append(Cut(start, end, written))
            undo.append(Head(name, digest_of(written), old))
        if name == "content-type" and written and not says_utf8(written):
            return None
    return tuple(sorted(cuts, key=lambda cut: cut[:2])), tuple(undo)


def says_utf8(field: bytes) -> bool:
    """Whether the written field reads back as it is meant."""
    token, parameters = token_and_parameters(unfolded(field.partition(b":")[2]))
    return token in ("text/plain", "text") and parameters.get("charset", b"").lower() in (b"utf-8", b"utf8")


def _type_field(part: Part, old: bytes, encoding: str, line_end: bytes) -> bytes:
    """The Content-Type field with charset UTF-8, its other parameters as they are."""
    if not old:
        return b"Content-Type: text/plain; charset=utf-8" + line_end
    if part.charset in ("utf-8", "utf8"):
        return old
    if CHARSET.search(old):
        return CHARSET.sub(rb"\1utf-8", old, count=1)
    kept = old.rstrip()
    return kept + b"; charset=utf-8" + old[len(kept) :]


def _encoding_field(part: Part, old: bytes, encoding: str, line_end: bytes) -> bytes:
    """The Content-Transfer-Encoding field."""
    if part.encoding == encoding:
        return old
    return b"Content-Transfer-Encoding: " + encoding.encode() + line_end


def _version_field(part: Part, old: bytes, encoding: str, line_end: bytes) -> bytes:
    """A mail that had no MIME fields needs MIME-Version now (RFC 2045 §4)."""
    return old if old or part.parent is not None else b"MIME-Version: 1.0" + line_end


FIELDS = (
    ("mime-version", _version_field),
    ("content-type", _type_field),
    ("content-transfer-encoding", _encoding_field),
)
