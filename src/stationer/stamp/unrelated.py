"""Embedded pictures taken out again: exactly, by the undo record; or those that our own blocks call and whose octets
are those that their Content-ID names, and the `multipart/related` that a stamp made for them."""

from __future__ import annotations

from collections.abc import Sequence

from stationer.mime import Cut, Part
from stationer.mime.coding import decoded
from stationer.stamp import pictures
from stationer.stamp.boundary import BodyPart
from stationer.stamp.frames import delimiter_at, is_ours, related_of
from stationer.stamp.marker import Placed
from stationer.stamp.undo import Related, Splice, digest_of


def exact_pictures(html: Part, related: Related) -> list[Cut] | None:
    """By the record; None unless everything that was put in is there, unchanged."""
    owner = html.parent
    while owner is not None and owner.path != related.path:
        owner = owner.parent
    if owner is None or not 0 < related.kept <= len(owner.children):
        return None
    last = owner.children[related.kept - 1].end
    found = [_proven(owner.data, last + line_end, related.tail) for line_end in (0, 1, 2)]
    cuts = [next((cut for cut in found if cut), None)]
    if related.lead:
        cuts.append(_proven(owner.data, owner.start if owner.parent else owner.body, related.lead))
    if related.whole:
        if sum(abs(item.length) for item in related.fields) > related.whole.length:
            return None  # they stand side by side in it
        field = owner.field(b"content-type")
        base = field.start if field else 0
        if _proven(owner.data, base + related.whole.offset, related.whole) is None:
            return None
        cuts += [_proven(owner.data, base + item.offset, item) for item in related.fields]
    return None if None in cuts else [cut for cut in cuts if cut]


def _proven(data: bytes, start: int, item: Splice) -> Cut | None:
    """The cut that puts `old` back, when the digest of what stands there is right."""
    end = start + item.length
    if start < 0 or item.length < 0 or end > len(data) or digest_of(data[start:end]) != item.digest:
        return None
    return Cut(start, end, item.old)


def marked_pictures(body: BodyPart, blocks: Sequence[Placed]) -> list[Cut]:
    """The pictures that these blocks of ours call, and nothing else in the part does."""
    owner = related_of(body.part)
    if owner is None:
        return []
    html = body.reading.text
    called = {cid for block in blocks for cid in _called(html[block.start : block.end])}
    rest, at = [], 0
    for block in sorted(blocks):
        rest.append(html[at : block.start])
        at = max(at, block.end)
    called -= _called("".join([*rest, html[at:]]))
    ours = [part for part in owner.children if _is_ours(part, called)]
    if not ours:
        return []
    return _unwrapped(owner, body.part, ours) or _out(owner, ours)


def _called(html: str) -> set[str]:
    """The Content-IDs of our form that stand in this HTML."""
    return {found[0] for found in pictures.CONTENT_ID.finditer(html)}


def _is_ours(part: Part, called: set[str]) -> bool:
    """Whether the part is one of these pictures, octet for octet."""
    cid = part.value(b"content-id").decode("ascii", "replace").strip("<> \t")
    if cid not in called or part.children:
        return False
    found = pictures.CONTENT_ID.fullmatch(cid)
    plain = decoded(part.encoded, part.encoding)
    return found is not None and plain is not None and pictures.digest_of(plain) == found[1]


def _out(owner: Part, ours: Sequence[Part]) -> list[Cut]:
    """The parts, each with the delimiter line before it; behind the last of a multipart that is never closed,
    the line end above its delimiter as well."""
    data = owner.data
    cuts: list[Cut] = []
    for part in ours:
        start = data.rfind(b"\n", 0, part.start - 1) + 1
        end = delimiter_at(owner, part.end)
        if end is None:
            end = part.end
            first = cuts.pop().start if cuts and cuts[-1].end == start else start
            start = first - (2 if data[first - 2 : first] == b"\r\n" else 1)
        cuts.append(Cut(start, end, b""))
    return cuts


def _unwrapped(owner: Part, html: Part, ours: list[Part]) -> list[Cut] | None:
    """The HTML without the multipart that a stamp made round it; None when there is more in it than we put there."""
    data, delimiter = owner.data, b"--" + owner.boundary
    behind = data[ours[-1].end : owner.end]
    if not is_ours(owner) or owner.children != [html, *ours] or behind.strip() != delimiter + b"--":
        return None
    if data[owner.body : html.start].strip() != delimiter:
        return None
    fields = [field for field in owner.fields if field.name[:8] == b"content-"]
    closing = data.index(delimiter, ours[-1].end) + len(delimiter) + 2
    # the line end behind it belongs to the delimiter that follows, if one does
    tail = Cut(html.end, owner.end if owner.end == len(data) else closing, b"")
    if owner.parent is not None:
        return [Cut(owner.start, html.start, b""), tail] if len(fields) == len(owner.fields) else None
    ours_alone = [f for f in fields if f.name in (b"content-type", b"content-transfer-encoding")]
    if len({field.name for field in ours_alone}) != len(ours_alone):
        return None
    inner = b"".join(data[field.start : field.end] for field in html.fields)
    cuts = [Cut(f.start, f.end, inner if f.name == b"content-type" else b"") for f in ours_alone]
    return [*cuts, Cut(owner.body, html.body, b""), tail]
