"""The laws about everything round the bodies: tree, header fields, transfer encodings, lines, attachments, messages.

A check answers None when its law does not ask anything of this mail, "" when it holds, else what happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stationer.conformance import pairing, transfer
from stationer.conformance.trip import Trip
from stationer.mime.parts import Part

#: Fields that say how a body is written: they may change where the body had to.
CODING = frozenset(
    {b"content-type", b"content-transfer-encoding", b"content-length", b"lines", b"content-md5"}
)
#: RFC 6376 §5.4.1, and what signers add to it.
SIGNED = frozenset(
    b"from sender reply-to subject date to cc resent-from resent-date resent-to resent-cc in-reply-to references "
    b"list-id list-help list-unsubscribe list-unsubscribe-post list-subscribe list-post list-owner list-archive "
    b"message-id mime-version".split()
)
LONGEST_LINE = 998


def structure(trip: Trip) -> str | None:
    """The same tree of parts."""
    if trip.pairs.same_tree:
        return ""
    was, became = pairing.tree(trip.written.root), pairing.tree(trip.answer.root)
    return f"{was[:90]} became {became[:120]}"


def headers(trip: Trip) -> str | None:
    """Fields that need not change are the same bytes in the same order; those of the bodies too."""
    may = (
        CODING
        if trip.written.root.path == "1"
        else frozenset({b"content-length", b"lines", b"content-transfer-encoding"})
    )
    if lost := _lost(trip.written.root, trip.answer.root, may):
        return lost
    if trip.written.root.path == "1" and (lost := _type_changed(trip.written.root, trip.answer.root)):
        return lost
    for insertion in trip.insertions:
        if insertion.new is None or insertion.old.parent is None:
            continue
        if lost := _lost(insertion.old, insertion.new, CODING) or _type_changed(insertion.old, insertion.new):
            return f"in {insertion.name}'s header {lost}"
    return ""


def _lost(old: Part, new: Part, may: frozenset[bytes]) -> str:
    """The first field that is no longer there, byte for byte and in order."""
    left = iter(pairing.fields(new, may))
    for name, raw in pairing.fields(old, may):
        if not any(raw == other for _, other in left):
            value = raw.partition(b":")[2].strip()[:50].decode("utf-8", "replace")
            return f"{name.decode('latin-1')} ({value!r}) was changed, moved or dropped"
    return ""


def _type_changed(old: Part, new: Part) -> str:
    """A Content-Type whose type or a parameter other than the charset is another."""
    was = {name: value for name, value in old.parameters.items() if name != "charset"}
    now = {name: value for name, value in new.parameters.items() if name != "charset"}
    if old.type != new.type and new.type != "multipart/related":
        return f"content-type {old.type} became {new.type}"
    gone = [name for name, value in was.items() if now.get(name) != value]
    if gone and old.type == new.type:
        return f"content-type lost its {gone[0]}={was[gone[0]].decode('latin-1')}"
    return ""


def dkim(trip: Trip) -> str | None:
    """Signed fields in their relaxed form: the same, and as many."""
    was, now = _canonical(trip.written.root), _canonical(trip.answer.root)
    for name, value in was:
        if (name, value) not in now:
            return f"{name.decode('latin-1')} ({value[:50].decode('utf-8', 'replace')!r}) is another"
    for name in {name for name, _ in was}:
        if sum(1 for one, _ in was if one == name) != sum(1 for one, _ in now if one == name):
            return f"there is one more {name.decode('latin-1')}"
    return ""


def _canonical(root: Part) -> list[tuple[bytes, bytes]]:
    """RFC 6376 §3.4.2: unfolded, white space one space, trimmed. Content-Type too where the root is a multipart."""
    names = SIGNED | ({b"content-type"} if root.is_multipart else frozenset())
    return [
        (name, re.sub(rb"\s+", b" ", raw.partition(b":")[2]).strip())
        for name, raw in pairing.fields(root)
        if name in names
    ]


def coding(trip: Trip) -> str | None:
    """Each part keeps the rules of its transfer encoding, unless the author's did not."""
    for old, new in trip.pairs.pairs:
        if new is not None and (fault := transfer.fault_of(new)) and not transfer.fault_of(old):
            return f"the part {new.path} ({new.type}): {fault}"
    for new in [*trip.pairs.added, *trip.pairs.images]:
        if fault := transfer.fault_of(new):
            return f"the new part {new.path} ({new.type}): {fault}"
    fault = transfer.uncovered(trip.answer)
    return fault if fault and not transfer.uncovered(trip.written) else ""


def lines(trip: Trip) -> str | None:
    """No line over 998 octets that is longer than the author's longest."""
    longest = max(map(len, trip.output.split(b"\n")), default=0)
    if longest > LONGEST_LINE + 1 and longest > max(map(len, trip.mail.split(b"\n"))):
        return f"a line has {longest} octets"
    return ""


def line_ends(trip: Trip) -> str | None:
    """CRLF stays CRLF, LF stays LF (not asked of a mail that mixes them itself)."""
    was, now = _ends(trip.mail), _ends(trip.output)
    if len(was) != 1:
        return None
    return (
        ""
        if now <= was
        else f"the mail has {' and '.join(sorted(was))}, the answer {' and '.join(sorted(now))}"
    )


def _ends(data: bytes) -> set[str]:
    crlf, lf, cr = data.count(b"\r\n"), data.count(b"\n"), data.count(b"\r")
    counts = {"CRLF": crlf, "bare LF": lf - crlf, "bare CR": cr - crlf}
    return {name for name, count in counts.items() if count}


def attachments(trip: Trip) -> str | None:
    """Parts that are neither a body nor a message, as a reader has them (asked where there are any)."""
    return _kept(trip, "attachment", pairing.seen)


def messages(trip: Trip) -> str | None:
    """Messages inside, byte for byte (asked where there are any)."""
    return _kept(trip, "message inside", lambda part: pairing.raw(part).rstrip(b"\n"))


def _kept(trip: Trip, what: str, of: Callable[[Part], object]) -> str | None:
    """The same of each, in the same order."""
    is_message = what != "attachment"
    asked = [(old, new) for old, new in trip.others if old.type.startswith("message/") == is_message]
    if not asked:
        return None
    for old, new in asked:
        if new is None:
            return f"the {what} {old.path} ({old.type}) is gone"
        if of(old) != of(new):
            return f"the {what} {old.path} ({old.type}) was changed"
    order = [new.start for _, new in asked if new is not None]
    return "" if order == sorted(order) else f"the {what}s stand in another order"
