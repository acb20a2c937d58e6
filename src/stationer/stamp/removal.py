"""Take our blocks out again: the very bytes by the undo record, or by marker and hash the exact decoded text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from stationer.mime import Cut, Mail, Part, splice
from stationer.mime.charset import byte_offset
from stationer.mime.coding import decoded
from stationer.mime.cuts import Segments
from stationer.mime.rewrite import rewritten
from stationer.stamp.boundary import BodyPart
from stationer.stamp.marker import Placed, placed
from stationer.stamp.recode import encoded_by
from stationer.stamp.undo import PartUndo, RelatedUndo, Trace, digest_of, shown_digest
from stationer.stamp.unrelated import exact_pictures, marked_pictures

#: Characters looked at to find the texts of a part by their digests, each look counting as `LEAST_HASHED` at least; a
#: record that asks for more is no record of ours.
MOST_HASHED = 100_000_000
LEAST_HASHED = 500
#: So many characters from where a splice begins its text may: what it is coded with may stand before it.
NEAR = (0, 1, 2, -1, -2)
#: What is known of our blocks in a mail: none · taken out · one of them was edited, so nothing is.
Outcome = Literal["none", "removed", "edited"]


class Removal(NamedTuple):
    """The mail without our blocks."""

    outcome: Outcome
    segments: Segments
    exact: bool


def exact_removal(mail: Mail, trace: Trace, line_end: bytes) -> Removal | None:
    """By the record alone; None unless it is proven and everything that was put in is there, unchanged."""
    if not trace.proven:
        return None
    cuts = [Cut(trace.field.start, trace.field.end, b"")]
    for undo in trace.parts:
        part = mail.part(undo.path)
        found = exact_cuts(part, undo, line_end) if part else None
        if found is None:
            return None
        cuts += found
    return Removal("removed", splice(mail.data, cuts), True) if are_apart(cuts) else None


def are_apart(cuts: list[Cut]) -> bool:
    """Whether no two cuts overlap; a record may ask for anything."""
    ordered = sorted(cuts, key=lambda cut: cut[:2])
    return all(one.end <= next_.start for one, next_ in pairwise(ordered))


def marked_removal(mail: Mail, bodies: Sequence[BodyPart], trace: Trace | None, line_end: bytes) -> Removal:
    """By markers and digests, all parts and the header or none: nothing when one of ours was edited or is not found."""
    nothing = Removal("none", (mail.data,), True)
    own = {body.part.path: own_blocks(body) for body in bodies}
    undos = {undo.path: undo for undo in trace.parts} if trace else {}
    if trace is None and not any(own.values()):
        return nothing
    edited = nothing._replace(outcome="edited")
    if any(not block.intact for blocks in own.values() for block in blocks):
        return edited
    if not set(undos) <= {body.part.path for body in bodies}:
        return edited
    cuts = [Cut(trace.field.start, trace.field.end, b"")] if trace else []
    for body in bodies:
        undo = undos.get(body.part.path)
        believed = trace is not None and trace.proven
        found = part_cuts(body, undo, own[body.part.path], line_end, believed=believed)
        if found is None:
            return edited
        cuts += found
    return Removal("removed", splice(mail.data, cuts), False) if are_apart(cuts) else edited


def part_cuts(
    body: BodyPart, undo: RelatedUndo | None, own: Sequence[Placed], line_end: bytes, *, believed: bool
) -> list[Cut] | None:
    """What takes ours out of one part: the record where it holds, else its markers, else the digest of its text.

    A record that is not `believed` brings nothing back: whoever wrote it could make a mail say something else.
    """
    if believed and undo and (found := exact_cuts(body.part, undo, line_end)) is not None:
        return found
    if own:
        cuts = marked_cuts(body, own, line_end)
        return cuts and cuts + marked_pictures(body, own)
    return shown_cuts(body, undo, line_end) if undo and not undo.left else []


def own_blocks(body: BodyPart) -> list[Placed]:
    """Our blocks above the quote; what stands in the quote is an older mail's."""
    page = body.reading.page
    if page is None:
        return []
    found = body.reading.found
    blocks = placed(page)
    if found is None:
        return blocks
    last = body.reading.after[-1].start if body.reading.after else -1
    return [block for block in blocks if block.start < found.offset or is_among(body, block, last)]


def is_among(body: BodyPart, block: Placed, last: int) -> bool:
    """In an interleaved answer our block stands behind the author's words, between quotes; never inside one."""
    page = body.reading.page
    if page is None or last < 0:
        return False
    return not page.walk.cited.hold(block.start)


def exact_cuts(part: Part, undo: RelatedUndo, line_end: bytes) -> list[Cut] | None:
    """The cuts that bring the very bytes back; None unless everything that was put in is there, unchanged."""
    heads = head_cuts(part, undo)
    around = exact_pictures(part, undo.related) if undo.related else []
    if heads is None or around is None:
        return None
    heads += around
    if undo.recoded is not None:
        body = recoded_back(part, undo, line_end)
        return None if body is None else [*heads, Cut(part.body, part.end, body)]
    cuts: list[Cut] = []
    for item in undo.splices:  # where a part was empty, our last line end is now its delimiter's
        start = part.body + item.offset
        end = start + item.length
        if (
            item.offset < 0
            or item.length < 0
            or end > part.end + 2
            or digest_of(part.data[start:end]) != item.digest
        ):
            return None
        cuts.append(Cut(start, end, item.old))
    return heads + cuts


def head_cuts(part: Part, undo: PartUndo) -> list[Cut] | None:
    """The part's old fields in the place of the new ones."""
    cuts: list[Cut] = []
    for head in undo.heads:
        field = part.field(head.name.encode("ascii", "replace"))
        if field is None or digest_of(part.data[field.start : field.end]) != head.digest:
            return None
        cuts.append(Cut(field.start, field.end, head.old))
    return cuts


def recoded_back(part: Part, undo: RelatedUndo, line_end: bytes) -> bytes | None:
    """The old body of a part that was recoded."""
    recoded = undo.recoded
    plain = decoded(part.encoded, part.encoding)
    # its old body fits only the transfer encoding that its header states again
    restated = (
        part.encoding == (recoded.encoding if recoded else "")
        or any(head.name == "content-transfer-encoding" for head in undo.heads)
        or (undo.related is not None and bool(undo.related.fields))
    )
    if plain is None or recoded is None or not restated:
        return None
    pieces: list[bytes] = []
    at = 0
    for item in undo.splices:
        end = item.offset + item.length
        if item.offset < at or item.length < 0 or digest_of(plain[item.offset : end]) != item.digest:
            return None
        pieces.append(plain[at : item.offset])
        at = end
    pieces.append(plain[at:])
    if recoded.old is not None:
        return recoded.old
    try:
        old = b"".join(pieces)
        old = old.decode("utf-8").encode(recoded.charset) if recoded.charset else old
    except (ValueError, LookupError):  # the charset is what a header says: it may be anything
        return None
    return encoded_by(old, recoded.encoding, line_end)


def shown_cuts(body: BodyPart, undo: PartUndo, line_end: bytes) -> list[Cut] | None:
    """For a text part that a relay has recoded: what was put in, found by its digest."""
    found = body.reading.found
    before = found.offset if found and not body.reading.after else len(body.reading.text)
    spans = spans_of(body.reading.text, undo.shown, before, told_starts(body, undo))
    return taken_out(body, spans, line_end) if spans else None


def told_starts(body: BodyPart, undo: PartUndo) -> list[int]:
    """Where about the record says that each text begins, with line ends as `\\n`; two that one splice holds (base64)
    stand behind one another."""
    part, starts = body.part, list[int]()
    for item in undo.splices:
        octets = body.plain if undo.recoded else part.encoded
        above = octets[: max(item.offset, 0)]
        if not undo.recoded:
            above = decoded(above, part.encoding) or b""
        starts.append(len(above.decode(body.codec, "replace").replace("\r\n", "\n")))
    if len(starts) == 1:
        starts += [starts[0] + length for _, length in undo.shown[:1]]
    return starts


def spans_of(
    text: str, shown: Sequence[tuple[bytes, int]], before: int, told: Sequence[int] = ()
) -> list[tuple[int, int]] | None:
    """The stretches of `text` that begin with a line, have these lengths with line ends as `\\n`, and these digests;
    None unless all are found. Of several the one that the record has `told` of; else the first when the text begins
    with it (the top), else the last that begins `before` the quote: what the author wrote in the same words stands
    above ours, and what is quoted below."""
    even = text.replace("\r\n", "\n")
    limit = before - text.count("\r\n", 0, before)
    starts = {0, *(at for found in re.finditer("\n", even) for at in found.span())}
    ordered = sorted(starts, key=lambda at: (at > 0, at >= limit, at if at >= limit else -at))
    spans: list[tuple[int, int]] = []
    left = MOST_HASHED  # one for all texts
    for number, (digest, length) in enumerate(shown):
        if length < 1:
            return None
        first = [at + near for at in told[number : number + 1] for near in NEAR if at + near in starts]
        fitting = [at for at in first + ordered if at + length <= len(even)]
        cost = max(length, LEAST_HASHED)
        tried = enumerate(fitting[: left // cost], 1)
        looks, start = next(
            (look for look in tried if shown_digest(even[look[1] : look[1] + length])[0] == digest), (0, -1)
        )
        if not looks:
            return None
        left -= looks * cost
        spans.append((wide(text, start), wide(text, start + length)))
    return spans


def wide(text: str, offset: int) -> int:
    """The offset in `text` of what is at `offset` when CRLF counts one."""
    if "\r\n" not in text:
        return offset
    at = offset
    while True:
        further = offset + text.count("\r\n", 0, at + 1)  # a pair is whole or before it
        if further == at:
            return at
        at = further


def marked_cuts(body: BodyPart, blocks: Sequence[Placed], line_end: bytes) -> list[Cut] | None:
    """Our elements, taken out of the decoded part."""
    return taken_out(body, [(block.start, block.end) for block in blocks], line_end)


def taken_out(body: BodyPart, spans: list[tuple[int, int]], line_end: bytes) -> list[Cut] | None:
    """The cuts of the mail that take these stretches (code points) out of the part; None when they overlap."""
    cuts: list[Cut] = []
    for start, end in sorted(spans):
        first = byte_offset(body.plain, body.codec, body.reading.text, start)
        last = byte_offset(body.plain, body.codec, body.reading.text, end)
        if first is None or last is None or last < first or (cuts and first < cuts[-1].end):
            return None
        cuts.append(Cut(first, last, b""))
    part = body.part
    if part.encoding == "base64" and len(cuts) > 1:  # neighbours may share a group of three
        kept = b"".join(body.plain[one.end : next_.start] for one, next_ in pairwise(cuts))
        cuts = [Cut(cuts[0].start, cuts[-1].end, kept)]
    found = [rewritten(part.encoded, part.encoding, body.plain, cut, line_end) for cut in cuts]
    if any(cut is None for cut in found):
        return None
    return [Cut(cut.start + part.body, cut.end + part.body, cut.new) for cut in found if cut]
