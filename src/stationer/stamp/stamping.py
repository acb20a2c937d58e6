"""stamp(mail, order) and unstamp(mail): look, ask for consent, take out what is ours, put in what is ordered.

Nothing here raises for a mail: what cannot be done exactly is not done, and the mail stays as it is.
"""

from __future__ import annotations

from stationer.mime import Cut, Mail, joined, line_end, read, splice
from stationer.mime.coding import decoded
from stationer.mime.fields import top_of
from stationer.stamp.body import body_parts
from stationer.stamp.boundary import ALWAYS_FEW, BodyPart, bodies_of, is_too_rich
from stationer.stamp.consent import MOST_BYTES, refusal_of
from stationer.stamp.insertion import Change, changed, wanted
from stationer.stamp.marker import placed
from stationer.stamp.order import Order, Stamped, Unstamped, Untouched
from stationer.stamp.related import Carried, embedded, fitted
from stationer.stamp.removal import exact_removal, marked_removal, own_blocks
from stationer.stamp.twin import without_text
from stationer.stamp.undo import LOWER, PartUndo, Trace, field_of, record_of, trace_of

#: The lines and tags that a block brings along besides its own.
LINED = "\n<" * 8
#: Ours replace one another, so a mail has one; of one that was put together from several no more are taken out.
MOST_STAMPS = 8


def stamp(
    mail: bytes, order: Order, *, key: bytes | None = None, max_size: int = MOST_BYTES
) -> Stamped | Untouched:
    """Put the order's blocks into the mail; a stamp that is there already is replaced (contract/stamp.md).

    Never raises. A mail that may not be cut, or cannot be cut exactly, is `Untouched` with its reason.
    """
    if len(mail) > max_size:
        return Untouched("too-large")
    lost = False
    for _ in range(MOST_STAMPS):
        seen = read(mail)
        if reason := refusal_of(seen):
            return Untouched(reason)
        end = line_end(seen.data)
        trace = trace_in(seen, key)
        removal = exact_removal(seen, trace, end) if trace else None
        if trace is None or removal is None:
            return without_marked(seen, trace, order, key, end, lost=lost)
        lost = lost or any(undo.left for undo in trace.parts)
        mail = joined(removal.segments)
        del seen, removal  # nothing of the old mail is held while the new one is read
    return Untouched("edited-block")


def without_marked(
    seen: Mail, trace: Trace | None, order: Order, key: bytes | None, end: bytes, *, lost: bool = False
) -> Stamped | Untouched:
    """A mail whose record, if there is one, does not hold: our blocks are told by their markers. `lost`: a record that
    held told of a text that was left."""
    bodies, marked = bodies_of(seen), lost
    if trace or any(placed(body.reading.page) for body in bodies if body.reading.page):
        removal = marked_removal(seen, bodies, trace, end)
        if removal.outcome == "edited":
            return Untouched("edited-block")
        if removal.outcome == "removed":
            bodies = []
            seen = read(joined(removal.segments))
            if reason := refusal_of(seen):
                return Untouched(reason)
            end = line_end(seen.data)
            bodies = bodies_of(seen)
            marked = lost or trace is None or any(undo.left for undo in trace.parts)
    return without_header(seen, bodies, order, key, end, marked=marked)


def without_header(
    mail: Mail, bodies: list[BodyPart], order: Order, key: bytes | None, end: bytes, *, marked: bool
) -> Stamped | Untouched:
    """A mail that has no header of ours any longer: a new one, or one whose header was lost. Where a marker told of
    that (`marked`), the text gets no second block; nor does a text alone that holds these very words at this place.
    """
    html = [body for body in bodies if body.part.type == "text/html"]
    if html and not marked:
        return with_blocks(mail, bodies, order, key, end)
    found = without_text(mail, bodies, order, end)
    if found and html:
        return with_blocks(*found, order, key, end)
    left = next((body.part.path for body in bodies if body.part.type == "text/plain"), None)
    if (html and left) or found:
        return with_blocks(mail, html, order, key, end, left=left)
    return with_blocks(mail, bodies, order, key, end)


def with_blocks(
    mail: Mail,
    bodies: list[BodyPart],
    order: Order,
    key: bytes | None,
    end: bytes,
    *,
    left: str | None = None,
) -> Stamped | Untouched:
    """The cuts for every body part that the order has something for, and the header on top. `left`: the path of a
    text that stays as it is, since words of ours stand in it already."""
    embedding = fitted(mail, bodies, order) if order.illustrated else None
    order = embedding.order if embedding else order
    meant = [body for body in bodies if any(wanted(body, order))]
    if not meant and (left is None or bodies):
        return Untouched("no-body" if bodies else "unparseable")
    if leaves_out(mail, bodies) or any(would_be_too_rich(body, order) for body in meant):
        return Untouched("unparseable")
    changes: list[Change] = []
    for body in meant:
        change = changed(body, order, end)
        if change is None:
            return Untouched("unparseable")
        changes.append(change)
    carried = embedded(mail, embedding, changes, meant, end) if embedding else Carried((), changes, ())
    if carried is None or would_part(mail, carried.changes):
        return Untouched("unparseable")
    undos = [change.undo for change in carried.changes]
    record = record_of((*undos, *([] if left is None else [PartUndo(left, ())])))
    header = field_of(order.name, record, key, end)
    top = top_of(mail.data)
    within = (cut for change in carried.changes for cut in change.cuts)
    cuts = [Cut(top, top, header), *carried.before, *within, *carried.behind]
    return Stamped(splice(mail.data, cuts), order.name, record)


def trace_in(mail: Mail, key: bytes | None) -> Trace | None:
    """What the mail's own fields tell of an earlier stamp."""
    return trace_of(mail.data, mail.root.fields, key) if LOWER in mail.root.values else None


def leaves_out(mail: Mail, bodies: list[BodyPart]) -> bool:
    """Whether one of the body parts is too rich to be read: then its twin does not get the blocks alone."""
    if len(bodies) > 1 or len(mail.data) <= ALWAYS_FEW or not mail.root.children:
        return False
    read_paths = {body.part.path for body in bodies}
    left = [part for part in body_parts(mail.root) if part.path not in read_paths]
    return any(is_too_rich(decoded(part.encoded, part.encoding) or b"") for part in left)


def would_be_too_rich(body: BodyPart, order: Order) -> bool:
    """Whether a body could not be read again with what goes in: its stamp could not be told without the header."""
    top, rest = wanted(body, order)
    if len(body.plain) + order.longest + len(LINED) * len(order.blocks) <= ALWAYS_FEW:
        return False
    html = body.part.type == "text/html"
    new = "".join(LINED + (block.html if html else block.text) for block in top + rest)
    if len(body.plain) + len(new) <= ALWAYS_FEW:
        return False
    return is_too_rich(body.plain, new.encode("utf-8", "replace"))


def would_part(mail: Mail, changes: list[Change]) -> bool:
    """Whether a block holds one of the mail's own delimiters, and so would end a part (RFC 2046 §5.1.1)."""
    hyphened = [cut.new for change in changes for cut in change.cuts if b"--" in cut.new]
    return any(b"--" + part.boundary in new for new in hyphened for part in mail.parts if part.boundary)


def unstamp(mail: bytes, *, key: bytes | None = None) -> Unstamped | Untouched:
    """Take our blocks out of the author's own part, never out of the quote. Never raises.

    `no-body`: there is nothing of ours. `edited-block`: its author has changed it, so it is theirs now.
    """
    seen = read(mail)
    trace = trace_in(seen, key)
    end = line_end(seen.data)
    removal = exact_removal(seen, trace, end) if trace else None
    if removal is None:
        removal = marked_removal(seen, bodies_of(seen), trace, end)
    if removal.outcome == "removed":
        return Unstamped(removal.segments, removal.exact)
    return Untouched("edited-block" if removal.outcome == "edited" else "no-body")


def marks_of_ours(mail: bytes) -> frozenset[str]:
    """The marks of our blocks in the author's own part."""
    return frozenset(block.mark for body in bodies_of(read(mail)) for block in own_blocks(body))


def marks_in_quote(mail: bytes) -> frozenset[str]:
    """The marks that stand in the quote already."""
    marks: set[str] = set()
    for body in bodies_of(read(mail)):
        if body.reading.page is not None:
            own = {block.start for block in own_blocks(body)}
            marks |= {block.mark for block in placed(body.reading.page) if block.start not in own}
    return frozenset(marks)
