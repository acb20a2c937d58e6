"""The laws about the mail as a whole: left alone, broken input, twice, a reply to a stamped mail.

A check answers None when its law does not ask anything of this mail, "" when it holds, else what happened.
"""

from __future__ import annotations

import re

from stationer.conformance import bodies, pairing, shown
from stationer.conformance.insertion import shared
from stationer.conformance.trip import Trip
from stationer.mime.parts import Part


def left_alone(trip: Trip) -> str:
    """The body byte for byte and every field; fields may have been added on top, as relays do."""
    if trip.output == trip.mail:
        return ""
    old, new = trip.written.root, trip.answer.root
    if trip.mail[old.body :] != trip.output[new.body :]:
        at = shared(trip.mail[old.body :], trip.output[new.body :])
        was = trip.mail[old.body + at : old.body + at + 25].decode("latin-1")
        now = trip.output[new.body + at : new.body + at + 25].decode("latin-1")
        return f"it was changed: {was!r} became {now!r}"
    left = iter(pairing.fields(new))
    for name, raw in pairing.fields(old):
        if not any(raw == other for _, other in left):
            return f"its field {name.decode('latin-1')} was changed"
    return ""


def nothing_lost(mail: bytes, output: bytes, refused: bool) -> str:
    """Refused, the same, every line of it still there in its order, or, where it was recoded, every word."""
    if refused:
        return "" if not output or output == mail else "it was refused and yet something else came out"
    if not output.strip() and mail.strip():
        return "it came back empty"
    left = iter(_lines(output))
    for line in _lines(mail):
        if not any(line == other for other in left):
            return "" if _words_kept(mail, output) else f"the line {line[:40].decode('latin-1')!r} was lost"
    return ""


def _words_kept(mail: bytes, output: bytes) -> bool:
    """Whether a reader finds the same fields, words and contents, each part's in one part of the answer."""
    old, new = pairing.mail_of(mail), pairing.mail_of(output)
    names = {b"from", b"to", b"subject", b"date", b"message-id"}
    now = pairing.fields(new.root)
    kept = all(field in now for field in pairing.fields(old.root) if field[0] in names)
    seen = [_contents(part) for part in pairing.leaves(new)]
    return kept and all(
        any(_within(_contents(part), other) for other in seen) for part in pairing.leaves(old)
    )


def _contents(part: Part) -> list[str]:
    """The words of a text, the content of anything else as one."""
    if part.type.startswith("text/"):
        return shown.words(pairing.text(part), part.type == "text/html")
    return [(pairing.content(part) or part.encoded).decode("latin-1").strip()]


def _within(some: list[str], more: list[str]) -> bool:
    """Whether `more` holds `some`, in order."""
    left = iter(more)
    return all(any(word == other for other in left) for word in some)


def _lines(data: bytes) -> list[bytes]:
    """The lines that hold anything, whatever ends them."""
    return [line.rstrip() for line in re.split(rb"[\r\n]+", data) if line.strip()]


def twice(once: Trip, again: Trip) -> str:
    """`again` is the written mail beside the second answer: one block, and the author's words."""
    for first, second in zip(once.insertions, again.insertions, strict=True):
        if first.count < 1:
            return f"nothing was put into {first.name}"
        if second.count > 1:
            return f"after the second time {second.name} has {second.count} blocks"
        if second.count < 1:
            return f"after the second time the block is gone from {second.name}"
        if lost := second.lost():
            return f"after the second time, in {second.name} {lost}"
    return ""


def thread(trip: Trip) -> str:
    """`trip` is the reply that quotes a stamped mail: one more block, above the quote, the quote as it was."""
    for insertion in trip.insertions:
        if insertion.count == 0:
            return f"no new block came into {insertion.name}: the one in the quote was taken for it"
        if insertion.count < 0:
            return f"the older block was taken out of the quote in {insertion.name}"
    return bodies.inserted(trip) or bodies.place(trip) or bodies.as_shown(trip) or ""
