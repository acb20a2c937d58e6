"""stamp(mail, order) and unstamp(mail): look, ask for consent, take out what is ours, put in what is ordered.

Nothing here raises for a mail: what cannot be done exactly is not done, and the mail stays as it is.
"""

from __future__ import annotations

from stationer.mime import Cut, Mail, joined, line_end, read, splice
from stationer.mime.fields import top_of
from stationer.stamp.boundary import BodyPart, bodies_of
from stationer.stamp.consent import MOST_BYTES, refusal_of
from stationer.stamp.insertion import Change, changed, wanted
from stationer.stamp.marker import placed
from stationer.stamp.order import Order, Stamped, Unstamped, Untouched
from stationer.stamp.removal import exact_removal, marked_removal, own_blocks
from stationer.stamp.undo import field_of, record_of, trace_of


def stamp(
    mail: bytes, order: Order, *, key: bytes | None = None, max_size: int = MOST_BYTES
) -> Stamped | Untouched:
    """Put the order's blocks into the mail; a stamp that is there already is replaced (contract/stamp.md).

    Never raises. A mail that may not be cut, or cannot be cut exactly, is `Untouched` with its reason.
    """
    if len(mail) > max_size:
        return Untouched("too-large")
    seen = read(mail)
    if reason := refusal_of(seen):
        return Untouched(reason)
    end = line_end(seen.data)
    trace = trace_of(seen.data, seen.root.fields, key)
    removal = exact_removal(seen, trace, end) if trace else None
    bodies = [] if removal else bodies_of(seen)
    if removal is None and (trace or any(placed(body.reading.page) for body in bodies if body.reading.page)):
        removal = marked_removal(seen, bodies, trace, end)
    if removal and removal.outcome == "edited":
        return Untouched("edited-block")
    if removal and removal.outcome == "removed":
        seen = read(joined(removal.segments))
        bodies = bodies_of(seen)
    return with_blocks(seen, bodies, order, key, end)


def with_blocks(
    mail: Mail, bodies: list[BodyPart], order: Order, key: bytes | None, end: bytes
) -> Stamped | Untouched:
    """The cuts for every body part that the order has something for, and the header on top."""
    meant = [body for body in bodies if any(wanted(body, order))]
    if not meant:
        return Untouched("no-body" if bodies else "unparseable")
    changes: list[Change] = []
    for body in meant:
        change = changed(body, order, end)
        if change is None:
            return Untouched("unparseable")
        changes.append(change)
    if would_part(mail, changes):
        return Untouched("unparseable")
    record = record_of(tuple(change.undo for change in changes))
    header = field_of(order.name, record, key, end)
    top = top_of(mail.data)
    cuts = [Cut(top, top, header), *(cut for change in changes for cut in change.cuts)]
    return Stamped(splice(mail.data, cuts), order.name, record)


def would_part(mail: Mail, changes: list[Change]) -> bool:
    """Whether a block holds one of the mail's own delimiters, and so would end a part (RFC 2046 §5.1.1)."""
    delimiters = [b"--" + part.boundary for part in mail.parts if part.boundary]
    return any(line in cut.new for change in changes for cut in change.cuts for line in delimiters)


def unstamp(mail: bytes, *, key: bytes | None = None) -> Unstamped | Untouched:
    """Take our blocks out of the author's own part, never out of the quote. Never raises.

    `no-body`: there is nothing of ours. `edited-block`: its author has changed it, so it is theirs now.
    """
    seen = read(mail)
    trace = trace_of(seen.data, seen.root.fields, key)
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
