"""The text of an order in a mail that lost our header: told by standing exactly where the order would put it.

Nothing in a text part proves by itself that words are ours. What is proven here is that taking them out and putting the
order in again gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from stationer.mime import Mail, joined, read, splice
from stationer.stamp import dress
from stationer.stamp.boundary import BodyPart, bodies_of
from stationer.stamp.insertion import Insertion, insertions_of, own_line_end, wanted
from stationer.stamp.order import Block, Order
from stationer.stamp.removal import taken_out

Span = tuple[int, int]
#: Places looked at, and guesses tried, before a text counts as the author's.
MOST_PLACES = 20
MOST_TRIES = 12
#: Letters of a text that may be told by its words alone; a name that the author signs with is shorter.
LEAST_LETTERS = 12
PADDINGS = ("", " ", "\n", "\r\n", "\n\n")


def without_text(
    mail: Mail, bodies: list[BodyPart], order: Order, line_end: bytes
) -> tuple[Mail, list[BodyPart]] | None:
    """The mail without the order's text, and its bodies; None when that does not stand at its place."""
    body = next((body for body in bodies if body.part.type == "text/plain"), None)
    if body is None:
        return None
    for spans in islice(guesses(body, order, line_end), MOST_TRIES):
        # where the bytes cannot be parted nothing is cut, so nothing is found to stand there
        shorter = read(joined(splice(mail.data, taken_out(body, spans, line_end) or [])))
        found = bodies_of(shorter)
        twin = next((twin for twin in found if twin.part.path == body.part.path), None)
        if twin and stands(body.reading.text, spans, insertions_of(twin, order, line_end) or []):
            return shorter, found
    return None


def stands(text: str, spans: list[Span], insertions: list[Insertion]) -> bool:
    """Whether these stretches of the text are what would be put in there; white space at their ends may differ, as
    padding does when the part was recoded."""
    moved, wanted_there = 0, []
    for insertion, (start, stop) in zip(insertions, spans, strict=False):
        wanted_there.append((insertion.char + moved, insertion.text.rstrip()))
        moved += stop - start
    return len(insertions) == len(spans) and wanted_there == [
        (start, text[start:stop].rstrip()) for start, stop in spans
    ]


def guesses(body: BodyPart, order: Order, line_end: bytes) -> Iterator[list[Span]]:
    """Stretches of the text that the order may have put in: the top's and the place's, or both as one."""
    top, rest = wanted(body, order)
    # of several ways to part it from the author's words: no blank line above those, and one below them
    above = sorted(spans_of(body, top, line_end), key=lambda span: (span[0], -span[1])) if top else []
    below = sorted(spans_of(body, rest, line_end), key=lambda span: (-span[0], span[1])) if rest else []
    if top and rest:
        yield from ([first, last] for first in above for last in below if first[1] <= last[0])
        yield from ([span] for span in spans_of(body, top + rest, line_end))
    else:
        yield from ([span] for span in above + below)


def holds(body: BodyPart, held: str) -> bool:
    """Whether these words stand in the text. Octets are searched several times as fast."""
    if body.codec == "utf-8" and "\ufffd" not in held:
        return held.encode() in body.plain
    return held in body.reading.text


def spans_of(body: BodyPart, blocks: tuple[Block, ...], line_end: bytes) -> Iterator[Span]:
    """Where these blocks stand with the blank lines that `dress.spaced` would give them there."""
    end, text = own_line_end(body, line_end), body.reading.text
    flowed = body.part.parameters.get("format", b"").strip().lower() == b"flowed"
    held = dress.text_of(blocks, end, flowed)
    if len("".join(held.split())) < LEAST_LETTERS or not holds(body, held):
        return
    pads = PADDINGS if body.part.encoding == "base64" else PADDINGS[:1]
    every = dict.fromkeys(("", end, *(end + pad + more for pad in pads for more in ("", end))))
    at = text.find(held)
    for _ in range(MOST_PLACES):
        if at < 0:
            break
        for lead in dict.fromkeys(("", end, end * 2, "\r\n" + end)):
            start = at - len(lead)
            if start < 0 or not text.startswith(lead, start):
                continue
            for tail in every:
                stop = at + len(held) + len(tail)
                if text.startswith(tail, at + len(held)):
                    lead_there, bare = dress.spaced(held, text[:start], text[stop:], end)
                    padded = {bare, *(end + pad + bare[len(end) :] for pad in pads if bare)}
                    if not start and stop == len(text):  # nothing else: its line end may be the delimiter's
                        padded.add("")
                    if lead == lead_there and tail in padded:
                        yield start, stop
        at = text.find(held, at + 1)
