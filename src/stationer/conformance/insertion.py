"""One body before and after: what was put in, where, and whether the rest is the author's.

By removal: what both have in common at the front and at the end is the author's; what lies between in the new one
must hold the block, and in the old one nothing may lie between.
"""

from __future__ import annotations

from functools import cached_property

from stationer.conformance import pairing, shown
from stationer.conformance.cases import Body
from stationer.mime.parts import Part


class Insertion:
    """A body part of the written mail beside its counterpart in the answer."""

    def __init__(self, truth: Body, old: Part, new: Part | None, token: str) -> None:
        self.truth = truth
        self.old = old
        self.new = new
        self.token = token
        self.is_html = truth.type == "text/html"
        self.before = pairing.text(old)
        self.after = pairing.text(new) if new is not None else ""

    @property
    def name(self) -> str:
        """The part in a sentence."""
        return "the HTML" if self.is_html else "the text"

    @cached_property
    def count(self) -> int:
        """How many blocks came in."""
        return self._tokens(self.after) - self._tokens(self.before)

    def _tokens(self, text: str) -> int:
        return "".join(shown.words(text, self.is_html)).count("".join(self.token.split()))

    @cached_property
    def common(self) -> tuple[int, int]:
        """How many characters both share at the front and at the end (the two may overlap in the old one)."""
        return shared(self.before, self.after), shared(self.before[::-1], self.after[::-1])

    @property
    def is_exact(self) -> bool:
        """Whether the new body is the old one with one contiguous insertion, or the same."""
        front, back = self.common
        return front + back >= len(self.before) and len(self.after) >= len(self.before)

    @cached_property
    def added(self) -> str:
        """What came in; when the insertion is not exact, everything between the common front and end."""
        front, back = self.common
        start = min(front, len(self.before))
        return self.after[
            start : len(self.after) - min(back, len(self.after) - start, len(self.before) - start)
        ]

    @cached_property
    def shown_before(self) -> list[str]:
        """The author's words as a reader sees them."""
        return shown.words(self.before, self.is_html)

    @cached_property
    def shown_after(self) -> list[str]:
        """The words that a reader sees now."""
        return shown.words(self.after, self.is_html)

    def lost(self) -> str:
        """What a reader misses or finds changed, as the end of a sentence; empty when nothing."""
        old, new = self.shown_before, self.shown_after
        front = shared(old, new)
        back = shared(old[::-1], new[::-1])
        if front + back >= len(old) and len(new) >= len(old):
            return ""
        gone = " ".join(old[front : max(front + 1, len(old) - back)])[:60]
        stands = " ".join(new[front : max(front + 1, len(new) - back)])[:60]
        return f"{gone!r} became {stands!r}"

    def is_placed(self) -> bool:
        """Whether the block may stand where it stands."""
        if not self.is_exact:
            return any(self._is_within(first, last) for first, last in self.truth.zones)
        front, back = self.common
        places = range(max(0, len(self.before) - back), min(front, len(self.before)) + 1)
        allowed = [place for place in places if any(a <= place <= b for a, b in self.truth.zones)]
        return any(self._may_stand(place) for place in allowed)

    def _may_stand(self, place: int) -> bool:
        """Not in the middle of a line; in HTML between elements, and where a block element may be."""
        front, behind = self.before[:place][-1:], self.before[place : place + 1]
        if not self.is_html:
            return front in ("", "\n") or behind in ("", "\n")
        return (front in "> \n" or behind in "< \n") and shown.may_stand(self.before, place)

    def _is_within(self, first: int, last: int) -> bool:
        """The same by words: those before the zone stand before the block, those behind it behind."""
        head = "".join(shown.words(self.before[:first], self.is_html))
        tail = "".join(shown.words(self.before[last:], self.is_html))
        now = "".join(self.shown_after)
        at = now.find("".join(self.token.split()), len(head))
        return at >= 0 and now.startswith(head) and now[at:].endswith(tail)

    def where(self) -> str:
        """Where the block stands, for a sentence: the words in front of it."""
        now = " ".join(self.shown_after)
        token = " ".join(self.token.split())
        old = " ".join(self.shown_before)
        at = now.find(token, min(shared(old, now), now.rfind(token)))
        return (
            f"behind {now[:at].strip()[-50:]!r}" if at > 0 and now[:at].strip() else "before the first word"
        )


def shared(one: str | bytes | list[str], other: str | bytes | list[str]) -> int:
    """How many items both begin with, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
