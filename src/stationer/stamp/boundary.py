"""Where the author's own words end, and what kind of mail this is (contract/stamp.md §6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from stationer.mime import Mail, Part, read
from stationer.mime.charset import codec, codec_for, text_of
from stationer.mime.coding import decoded
from stationer.stamp import words
from stationer.stamp.body import body_parts, continued
from stationer.stamp.lines import lines_of_text, plain
from stationer.stamp.order import Boundary, Kind, PartBoundary
from stationer.stamp.ours import read_beside_ours
from stationer.stamp.place import place_of
from stationer.stamp.reading import Reading, read_again, read_text
from stationer.stamp.told import Told, told_by
from stationer.wire.words import Variant

ENCODED_WORD = re.compile(rb"=\?([^?\s]+)\?([bqBQ])\?([^?]*)\?=\s*")
TAG = re.compile(
    r"[\s\[(]*([^\s:：\[\]()]{1,12}|trả lời|chuyển tiếp|إعادة توجيه)\s*+(?:\[\d+\]|\(\d+\)|\^\d+)?\s*+[:：]"
)
#: So many lines above and below its first quoted one a part tells its twin of.
ABOVE = 20

#: What people write stays far below (contract/stamp.md §2): lines and tags of a body, its octets, and its octets where
#: characters beyond U+FFFF make each character four octets in memory.
MOST_PIECES = 75_000
#: A tag takes as long as so many lines; what is shorter than this cannot have too many of either.
TAG_COST = 4
ALWAYS_FEW = MOST_PIECES // TAG_COST
MOST_OCTETS = 8_000_000
MOST_WIDE = 3_000_000
WIDE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")


class BodyPart(NamedTuple):
    """A body part with its decoded text, and where in it things are."""

    part: Part
    plain: bytes
    codec: str
    reading: Reading

    @property
    def place(self) -> int:
        """Where a signature goes, in code points."""
        return place_of(self.reading)


def body_of(part: Part, answers: bool = True) -> BodyPart | None:
    """Decode and read one body part; None when its transfer encoding or charset is not known, or it is too rich."""
    plain_bytes = decoded(part.encoded, part.encoding)
    name = codec_for(part.charset, plain_bytes) if plain_bytes is not None else None
    if plain_bytes is None or name is None or is_too_rich(plain_bytes):
        return None
    text = text_of(plain_bytes, name)
    if part.type != "text/html":
        return BodyPart(part, plain_bytes, name, read_text(text, answers))
    octets = plain_bytes if name == "utf-8" else None
    return BodyPart(part, plain_bytes, name, read_beside_ours(text, answers, octets))


def is_too_rich(plain_bytes: bytes, more: bytes = b"") -> bool:
    """Whether there is more of it than a mail has that somebody wrote; `more` goes in."""
    length = len(plain_bytes) + len(more)
    if length <= ALWAYS_FEW:
        return False
    if length > MOST_OCTETS or (length > MOST_WIDE and any(o in plain_bytes or o in more for o in WIDE)):
        return True
    tags = more.count(b"<") + (plain_bytes.count(b"<") if b"<" in plain_bytes else 0)
    # lines are counted only where there may be too many: counting them takes longer than decoding
    if length + (TAG_COST - 1) * tags <= MOST_PIECES:
        return False
    return plain_bytes.count(b"\n") + more.count(b"\n") + TAG_COST * tags > MOST_PIECES


def bodies_of(mail: Mail) -> list[BodyPart]:
    """All body parts that can be read. Twins agree: a part without a marker looks for the other's first quoted line."""
    answers = may_answer(mail.root)
    bodies = [body for part in body_parts(mail.root) if (body := last_of(part, answers))]
    told = next((told_of(body.reading) for body in bodies if body.reading.found), None)
    if told:
        bodies = [
            body if body.reading.found else body._replace(reading=read_again(body.reading, told))
            for body in bodies
        ]
    return bodies


def last_of(part: Part, answers: bool) -> BodyPart | None:
    """The body part; of one that is split by pictures, the piece in which the author's last words stand."""
    first = body_of(part, answers)
    if first is None or first.reading.found or not (more := continued(part)):
        return first
    pieces = [first]
    for near in more:
        if (body := body_of(near, answers)) is None:
            return first
        pieces.append(body)
        if body.reading.found:
            break
    return next((body for body in reversed(pieces) if has_own_words(body.reading)), first)


def has_own_words(reading: Reading) -> bool:
    """Whether the author says anything here, above a quote or among it."""
    if reading.after:
        return True
    lines = reading.lines or (reading.page.walk.lines if reading.page else lines_of_text(reading.text))
    until = reading.found.offset if reading.found else len(reading.text)
    return any(line.text.strip() and line.start < until for line in lines)


def may_answer(root: Part) -> bool:
    """Whether the header tells that the mail answers or forwards another, or has no subject to tell it by."""
    fields = root.values
    if b"in-reply-to" in fields or b"references" in fields or b"subject" not in fields:
        return True
    return subject_tag(root) in words.ANSWER_TAGS | words.FORWARD_TAGS


def _quoted_at(reading: Reading) -> int | None:
    """The number of the first quoted line, where one is shown."""
    line = reading.found.line if reading.found is not None else len(reading.lines)
    return line if line < len(reading.lines) else None


def first_line(reading: Reading) -> str | None:
    """The first quoted line as shown."""
    at = _quoted_at(reading)
    return None if at is None else reading.lines[at].text.strip()


def told_of(reading: Reading) -> Told | None:
    """What this part tells its twin of its quote."""
    at = _quoted_at(reading)
    near = max((at or 0) - ABOVE, 0)
    texts = [line.text for line in reading.lines[near : (at or 0) + ABOVE]]
    return None if at is None else told_by(texts, at - near)


def kind_of(mail: Mail, bodies: Sequence[BodyPart]) -> Kind:
    """New, reply, forward or interleaved: what the markers tell, then the subject, then In-Reply-To."""
    tag = subject_tag(mail.root)
    tells_forward = tag in words.FORWARD_TAGS and tag not in words.ANSWER_TAGS
    found = [body.reading.found for body in bodies if body.reading.found]
    if any(body.reading.after for body in bodies):
        return "interleaved"
    if any(marker.kind == "forward" for marker in found) or tells_forward:
        return "forward" if found or any(part.type == "message/rfc822" for part in mail.parts) else "new"
    if found:
        return "reply"
    answers = b"in-reply-to" in mail.root.values or b"references" in mail.root.values
    return "reply" if answers else "new"


def subject_tag(root: Part) -> str:
    """The first tag of the subject (`re`, `fwd`, `aw` …) in lower case; empty when it has none."""
    subject = subject_of(root.value(b"subject"))
    found = TAG.match(subject) if ":" in subject or "：" in subject else None
    return plain(found[1]) if found else ""


def subject_of(value: bytes) -> str:
    """The subject with its encoded words (RFC 2047) read."""

    def word(found: re.Match[bytes]) -> bytes:
        charset = codec(found[1].decode("ascii", "replace").partition("*")[0].lower()) or "utf-8"
        quoted = found[3].replace(b"_", b" ") if found[2] in b"qQ" else found[3]
        raw = decoded(quoted, "quoted-printable" if found[2] in b"qQ" else "base64")
        return (raw or b"").decode(charset, "replace").encode("utf-8", "replace")

    if b"=?" not in value:
        return value.decode("utf-8", "replace")
    return ENCODED_WORD.sub(word, value).decode("utf-8", "replace")


def boundary(mail: bytes) -> Boundary:
    """What kind of mail this is, and where in each body part the quote begins. Never raises."""
    seen = read(mail)
    bodies = bodies_of(seen)
    parts = tuple(
        PartBoundary(
            body.part.type,
            body.part.path,
            body.reading.found.offset if body.reading.found else None,
            first_line(body.reading),
            body.place,
            body.reading.found.rule if body.reading.found else "nothing quoted",
        )
        for body in bodies
    )
    return Boundary(kind_of(seen, bodies), parts)


def variant(mail: bytes) -> Variant:
    """The variant of the pick that this mail takes; an interleaved answer takes the reply's."""
    kind = boundary(mail).kind
    return "reply" if kind == "interleaved" else kind
