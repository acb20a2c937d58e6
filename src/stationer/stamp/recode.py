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

CHARSET = re.compile(rb'(;\s*charset\s*=[ \t]*)("[^"\n]*"|[^;\s]*)', re.IGNORECASE)
#: RFC 5322 §2.1.1, the line end counted.
LONGEST = 998
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
    """The part with the texts put in: in its own charset when that holds them, else in UTF-8. None when the old
    one would not come back."""
    charset = body.codec if holds(body, insertions) else "utf-8"
    try:
        pieces, splices = pieced(body, insertions, charset)
    except UnicodeError:
        return None
    whole = b"".join(pieces)
    if charset != body.codec and whole_back(pieces, body.codec) != body.plain:
        return None
    encoding = new_encoding(body.part, whole)
    coded = encoded_by(whole, encoding, line_end)
    made = new_heads(body.part, encoding, line_end, charset != body.codec)
    if made is None or decoded(coded, encoding) != whole:
        return None
    was = Recoded("" if charset == body.codec else body.codec, body.part.encoding)
    return with_old(body, Recoding(coded, *made, splices, was), line_end)


def holds(body: BodyPart, insertions: list[tuple[int, str]]) -> bool:
    """Whether the part's charset has all characters that go in; of one that is not stated that is ASCII."""
    try:
        "".join(text for _, text in insertions).encode(body.codec)
    except UnicodeError:
        return False
    return True


def pieced(
    body: BodyPart, insertions: list[tuple[int, str]], charset: str
) -> tuple[list[bytes], tuple[Splice, ...]]:
    """The body in `charset`, old and new pieces by turns beginning with an old one. Raises UnicodeError."""

    def old(start: int, end: int) -> bytes:
        held = body.plain[start:end]
        return held if charset == body.codec else held.decode(body.codec).encode(charset)

    pieces: list[bytes] = [old(0, insertions[0][0])]
    splices: list[Splice] = []
    for number, (offset, text) in enumerate(insertions):
        until = insertions[number + 1][0] if number + 1 < len(insertions) else len(body.plain)
        new = text.encode(charset)
        splices.append(Splice(sum(map(len, pieces)), len(new), digest_of(new)))
        pieces += [new, old(offset, until)]
    return pieces, tuple(splices)


def whole_back(pieces: list[bytes], charset: str) -> bytes | None:
    """The old pieces in the old charset."""
    try:
        return b"".join(pieces[::2]).decode("utf-8").encode(charset)
    except UnicodeError:
        return None


def with_old(body: BodyPart, recoding: Recoding, line_end: bytes) -> Recoding | None:
    """Keep the old body in the record when recoding back would not give it; None when it is too large for that."""
    old = body.part.encoded
    if encoded_by(body.plain, body.part.encoding, line_end) == old:
        return recoding
    if len(old) > MOST_KEPT:
        return None
    return recoding._replace(recoded=Recoded(body.codec, body.part.encoding, old))


def new_encoding(part: Part, whole: bytes) -> str:
    """7bit that cannot stay so becomes quoted-printable; so does anything with a line that is too long."""
    if part.encoding in ("quoted-printable", "base64"):
        return part.encoding
    if max(map(len, whole.split(b"\n"))) > LONGEST or (not whole.isascii() and is_seven_bit(part)):
        return "quoted-printable"
    return part.encoding


def is_seven_bit(part: Part) -> bool:
    """Whether ASCII alone may go in: as the part says itself or, while it holds nothing else, as a multipart that it
    is in says (RFC 2045 §6.4)."""
    if part.encoding not in PLAIN:
        return False
    if part.encoding in ("7bit", ""):
        return True
    owner = part.parent
    while owner is not None:
        if owner.encoding == "7bit" and owner.field(b"content-transfer-encoding"):
            return part.encoded.isascii()
        owner = owner.parent
    return False


def encoded_by(plain: bytes, encoding: str, line_end: bytes) -> bytes:
    """A whole body in this transfer encoding."""
    if encoding in PLAIN:
        return plain
    if encoding == "quoted-printable":
        return quoted(plain, line_end)
    coded = base64_lines(plain, line_end)
    return coded[: -len(line_end)]


def new_heads(
    part: Part, encoding: str, line_end: bytes, to_utf8: bool
) -> tuple[tuple[Cut, ...], tuple[Head, ...]] | None:
    """The cuts that make the header say the new charset and encoding, and what was there before. None when it
    could not say so."""
    top = part.fields[0].start if part.fields else part.start
    if not part.fields and part.data[part.start : part.body].strip(b"\r") != b"\n":
        return None
    if sum(field.name == b"content-type" for field in part.fields) > 1:  # they would no longer agree
        return None
    cuts: list[Cut] = []
    undo: list[Head] = []
    for name, new in FIELDS if to_utf8 else FIELDS[::2]:
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
    if CHARSET.search(old):
        return CHARSET.sub(rb"\1utf-8", old, count=1)
    kept = old.rstrip()
    return kept + (b"" if kept.endswith(b";") else b";") + b" charset=utf-8" + old[len(kept) :]


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
