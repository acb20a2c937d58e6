"""Embedded pictures put into a mail: as parts of the `multipart/related` that holds the HTML, or of one made round it
(RFC 2387; contract/stamp.md §5). No octet of the author's changes; of the root, the fields about the HTML move with it.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from stationer.mime import Cut, Mail, Part, joined, splice
from stationer.mime.coding import PLAIN
from stationer.mime.fields import Field
from stationer.mime.spans import DEEPEST, MOST_PARTS
from stationer.stamp import pictures
from stationer.stamp.boundary import BodyPart
from stationer.stamp.frames import Tail, boundary_for, related_of, tail_of
from stationer.stamp.insertion import Change, is_flush
from stationer.stamp.order import Block, Order
from stationer.stamp.pictures import Picture
from stationer.stamp.undo import Related, RelatedUndo, Splice, digest_of

#: The root's fields that describe the HTML and not the mail. How it is to be presented (Content-Disposition) is said
#: of the whole, and stays.
MOVED = frozenset(
    {
        b"content-type", b"content-transfer-encoding", b"content-id", b"content-description", b"content-md5",
        b"content-language", b"content-location", b"content-base",
    }
)  # fmt: skip


class Embedding(NamedTuple):
    """An order fitted to one mail: its HTML calls Content-IDs, and these pictures go along."""

    order: Order
    parts: tuple[tuple[Picture, str], ...]


class Carried(NamedTuple):
    """What embedding makes of the changes of a mail: cuts before theirs and behind them, and how the HTML is undone."""

    before: tuple[Cut, ...]
    changes: list[Change]
    behind: tuple[Cut, ...]


def fitted(mail: Mail, bodies: list[BodyPart], order: Order) -> Embedding:
    """The order for this mail: linked pictures by their addresses; embedded ones by a Content-ID that the mail does
    not have yet, a picture of two blocks by one."""
    taken = {part.value(b"content-id").decode("ascii", "replace").strip("<> \t") for part in mail.parts}
    for body in bodies:
        taken |= {found[0] for found in pictures.CONTENT_ID.finditer(body.reading.text)}
    ids: dict[tuple[str, str], str] = {}
    parts: list[tuple[Picture, str]] = []
    blocks: list[Block] = []
    for block in order.blocks:
        embeds = pictures.shown_by(block.html, block.pictures) if block.carry == "embed" else []
        for picture in embeds:
            key = (picture.digest, picture.type)
            if key not in ids:
                ids[key] = pictures.content_id(order.name, block.mark, picture, taken)
                taken.add(ids[key])
                parts.append((picture, ids[key]))
        addresses = {p.name: "cid:" + ids[p.digest, p.type] for p in embeds}
        addresses |= {p.name: p.url for p in block.pictures if block.carry == "link"}
        blocks.append(Block(block.slot, pictures.resolved(block.html, addresses), block.text, block.mark))
    return Embedding(Order(order.name, tuple(blocks)), tuple(parts))


def embedded(
    mail: Mail, embedding: Embedding, changes: list[Change], bodies: list[BodyPart], line_end: bytes
) -> Carried | None:
    """The pictures put in for the HTML part. None when the mail would have more parts or levels than are read."""
    html = next((body.part for body in bodies if body.part.type == "text/html"), None)
    if html is None or not embedding.parts:
        return Carried((), changes, ())
    if len(mail.parts) + len(embedding.parts) + 1 > MOST_PARTS:
        return None
    owner = related_of(html)
    tail = tail_of(owner) if owner else None
    if owner is not None and tail is not None:
        return _added(embedding, changes, html, owner, tail, line_end)
    return _wrapped(mail, embedding, changes, html, line_end)


def _parts(embedding: Embedding, boundary: bytes, line_end: bytes) -> bytes:
    """All picture parts, a delimiter line before each; ends with the line end of the last."""
    line = b"--" + boundary + line_end
    return b"".join(line + pictures.part_of(picture, cid, line_end) for picture, cid in embedding.parts)


def _added(
    embedding: Embedding, changes: list[Change], html: Part, owner: Part, tail: Tail, end: bytes
) -> Carried:
    """The pictures behind the last part of a `multipart/related` that is there already."""
    new = _parts(embedding, owner.boundary, end)
    if not tail.closed:
        data, at = owner.data, tail.at
        flush = data[at : at + 2] == b"--"
        ended = flush and any(cut[:2] == (at, at) for change in changes for cut in change.cuts)
        new = (b"" if ended else _ended(data, at, end)) + (
            new if flush or at == len(data) else new[: -len(end)]
        )
    related = Related(owner.path, len(owner.children), _proof(new))
    return Carried((), _with_undo(changes, html, related), (Cut(tail.at, tail.at, new),))


def _ended(data: bytes, at: int, end: bytes) -> bytes:
    """The line end before a delimiter of ours: behind a CR of the author's, an LF alone would take that along."""
    return b"\r\n" if data[at - 1 : at] == b"\r" else end


def _wrapped(
    mail: Mail, embedding: Embedding, changes: list[Change], html: Part, end: bytes
) -> Carried | None:
    """A `multipart/related` of our own round the HTML part."""
    boundary = boundary_for(mail, embedding.order.name)
    depth = 0 if html.parent is None else len(html.path.split("."))
    if boundary is None or depth >= DEEPEST:
        return None
    flush = is_flush(html)
    ended = b"" if flush else _ended(mail.data, html.end, end)
    tail = ended + _parts(embedding, boundary, end) + b"--" + boundary + b"--"
    tail += end if flush or html.end == len(mail.data) else b""
    behind = (Cut(html.end, html.end, tail),)
    if html.parent is None:
        return _round_root(changes, html, boundary, behind, end)
    lead = _head(html, changes, boundary, end) + end + b"--" + boundary + end
    related = Related(html.path, 1, _proof(tail), _proof(lead))
    before = (Cut(html.start, html.start, lead),)
    return Carried(before, _with_undo(changes, html, related, html.path + ".1"), behind)


def _head(html: Part, changes: list[Change], boundary: bytes, end: bytes) -> bytes:
    """The fields of our own multipart; it is 8bit when what it holds is (RFC 2045 §6.4)."""
    head = (
        b'Content-Type: multipart/related; type="text/html";' + end + b'\tboundary="' + boundary + b'"' + end
    )
    undo = changes[_number(changes, html)].undo
    recoded = any(field.name == "content-transfer-encoding" for field in undo.heads)
    if html.encoding in PLAIN - {"7bit", ""} and not recoded:
        head += b"Content-Transfer-Encoding: " + html.encoding.encode() + end
    return head


def _round_root(
    changes: list[Change], html: Part, boundary: bytes, behind: tuple[Cut, ...], end: bytes
) -> Carried:
    """The HTML is the whole mail: its fields move into the part that it becomes."""
    number = _number(changes, html)
    change = changes[number]
    recoding = [cut for cut in change.cuts if cut.start < html.body]
    moved = [field for field in html.fields if field.name in MOVED]
    inner = [cut.new for cut in recoding if cut.start == cut.end and cut.new[:8].lower() == b"content-"]
    inner += [_as_moved(html, field, recoding) for field in moved]
    lead = b"--" + boundary + end + b"".join(inner) + end
    version = b"" if html.field(b"mime-version") else b"MIME-Version: 1.0" + end
    head = version + _head(html, changes, boundary, end)
    first = next(field for field in moved if field.name == b"content-type")
    cuts = [Cut(field.start, field.end, head if field is first else b"") for field in moved]
    fields, whole = _fields_back(html.data, cuts, first.start, len(version))
    related = Related("", 1, _proof(behind[0].new), _proof(lead), fields, whole)
    plain = Change(
        tuple(cut for cut in change.cuts if cut.start >= html.body),
        msgspec.structs.replace(change.undo, heads=()),
    )
    held = _with_undo([*changes[:number], plain, *changes[number + 1 :]], html, related)
    return Carried((*cuts, Cut(html.body, html.body, lead)), held, behind)


def _as_moved(html: Part, field: Field, recoding: list[Cut]) -> bytes:
    """The field as it stands in the inner part: where the part is recoded, it is written anew."""
    anew = (cut.new for cut in recoding if (cut.start, cut.end) == (field.start, field.end))
    return next(anew, html.data[field.start : field.end])


def _fields_back(data: bytes, cuts: list[Cut], first: int, before: int) -> tuple[tuple[Splice, ...], Splice]:
    """How the root's fields come back, and the whole stretch that proves where they stood. Offsets are counted from
    our Content-Type, which stands `before` octets behind the place of the cut at `first`."""
    start, stop = cuts[0].start, cuts[-1].end
    stretch = joined(splice(data[start:stop], [Cut(c.start - start, c.end - start, c.new) for c in cuts]))
    at: list[int] = []
    moved = 0
    for cut in cuts:
        at.append(cut.start + moved)
        moved += len(cut.new) - (cut.end - cut.start)
    origin = next(place for place, cut in zip(at, cuts, strict=True) if cut.start == first) + before
    back = tuple(
        Splice(place - origin, len(cut.new), digest_of(cut.new), data[cut.start : cut.end])
        for place, cut in zip(at, cuts, strict=True)
    )
    return back, Splice(start - origin, len(stretch), digest_of(stretch))


def _proof(new: bytes) -> Splice:
    """What was put in, by length and digest."""
    return Splice(0, len(new), digest_of(new))


def _number(changes: list[Change], html: Part) -> int:
    return next(number for number, change in enumerate(changes) if change.undo.path == html.path)


def _with_undo(changes: list[Change], html: Part, related: Related, path: str = "") -> list[Change]:
    """The changes, the undo of the HTML part's telling of the pictures too."""
    number = _number(changes, html)
    undo = changes[number].undo
    full = RelatedUndo(path or undo.path, undo.splices, undo.heads, undo.recoded, undo.shown, related)
    return [*changes[:number], Change(changes[number].cuts, full), *changes[number + 1 :]]


__all__ = ["Carried", "Embedding", "embedded", "fitted"]
