"""Which block quotations of an HTML part quote an earlier mail, and which the author set as such.

Where the program marks its quotes, one without a mark is the author's own (a paragraph that is indented, words of a
book), unless an attribution or a client's element introduces it, or it quotes something itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice

from stationer.stamp.attribution import MOST_LINES, attribution
from stationer.stamp.lines import Line

#: More block quotations without a mark are not looked at: they quote.
MOST_BARE = 500


class Spans:
    """Elements of one kind, in the order of their starts; they may nest."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.furthest: list[int] = []

    def close(self) -> None:
        """All elements are known: be ready for questions."""
        self.furthest = list(accumulate(self.ends, max))

    def hold(self, offset: int) -> bool:
        """Whether one of the elements holds this offset."""
        at = bisect_right(self.starts, offset)
        return bool(at) and offset < self.furthest[at - 1]

    def without(self, others: Spans) -> Spans:
        """Those that no element of the others holds."""
        kept = Spans()
        for start, end in zip(self.starts, self.ends, strict=True):
            if not others.hold(start):
                kept.starts.append(start)
                kept.ends.append(end)
        kept.close()
        return kept

    def next_from(self, offset: int) -> int | None:
        """The start of the first element that starts at or behind this offset."""
        at = bisect_right(self.starts, offset - 1)
        return self.starts[at] if at < len(self.starts) else None


class Quotations:
    """What a walk notes: block quotations `nested` in others, those without a mark (`bare`) that are not, clients'
    elements `around` quotes, and whether it is `sure` that the program marks its own: a marked one is not nested."""

    def __init__(self) -> None:
        self.nested = Spans()
        self.bare = Spans()
        self.around = Spans()
        self.sure = False

    def own(self, lines: Sequence[Line]) -> Spans:
        """The block quotations that are the author's own."""
        own = Spans()
        for spans in (self.nested, self.bare, self.around):
            spans.close()
        if self.sure:
            for start, end in islice(zip(self.bare.starts, self.bare.ends, strict=True), MOST_BARE):
                within = self.nested.next_from(start)
                if (within is None or within >= end) and not self._is_introduced(lines, start):
                    own.starts.append(start)
                    own.ends.append(end)
        own.close()
        return own

    def _is_introduced(self, lines: Sequence[Line], start: int) -> bool:
        """Whether a client's element or an attribution stands above the block quotation that starts here."""
        at = bisect_left(lines, start, key=lambda line: line.start)
        if self.around.hold(start) or (at and self.around.hold(lines[at - 1].start)):
            return True
        return any(attribution(lines, n) == at - n for n in range(max(at - MOST_LINES, 0), at))


def unquoted(line: Line) -> Line:
    """A line of the author's own."""
    return line._replace(quoted=line.text[0] == ">")
