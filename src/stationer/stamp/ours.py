"""What looks like a quote inside a block of ours quotes nothing (a customer who is cited): it is read without it."""

from __future__ import annotations

from stationer.stamp.marker import HINT, Placed, placed
from stationer.stamp.reading import Reading, read_html


def read_beside_ours(html: str, answers: bool = True, octets: bytes | None = None) -> Reading:
    """Read an HTML part; where a block of ours stands in the quote found, or may be why it is taken for one, read what
    stands beside our blocks. `octets`: the HTML in UTF-8, where that is at hand."""
    reading = read_html(html, answers, octets)
    if reading.found is None or reading.page is None or HINT not in html:
        return reading
    offset = reading.found.offset
    ours = [
        block
        for block in placed(reading.page)
        if block.intact and not reading.page.walk.cited.hold(block.start)
    ]
    if not any(offset < block.end for block in ours):
        return reading
    return read_html(without(html, ours), answers)._replace(text=html, page=reading.page)


def without(html: str, blocks: list[Placed]) -> str:
    """The HTML with spaces in the place of the blocks: every offset stays."""
    pieces: list[str] = []
    at = 0
    for block in blocks:
        if block.start >= at:
            pieces += [html[at : block.start], " " * (block.end - block.start)]
            at = block.end
    return "".join([*pieces, html[at:]])
