"""What answers come to: how many of each, their mean or score, and how far chance alone may have moved it. Pure.

Score of 0 to 10 (NPS): Reichheld, Harvard Business Review, December 2003. Intervals: 95 in 100, normal approximation
of a mean; of a share Wilson's (`statistics.figures.chance`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt

from stationer.portal.statistics.figures.chance import LEAST, Z, wilson
from stationer.wire.words import SCALES, Scale

#: From here on somebody recommends; up to here nobody does.
PROMOTES, DETRACTS = 9, 6


@dataclass(frozen=True)
class Span:
    """A number and between what it surely lies; without ends where there is too little to say."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass
class Tally:
    """Answers of one scale: `counts` by value; `mails` asked."""

    scale: Scale
    counts: dict[int, int] = field(default_factory=dict)
    mails: int = 0

    def add(self, counts: Mapping[int, int]) -> None:
        """Count some more."""
        for value, count in counts.items():
            self.counts[value] = self.counts.get(value, 0) + count

    @property
    def votes(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def enough(self) -> bool:
        """Whether a mean of so few says anything."""
        return self.votes >= LEAST

    def rows(self) -> list[tuple[int, int, float]]:
        """Each answer of the scale, the best first: its value, how many, and their share (0 to 100)."""
        return [
            (value, self.counts.get(value, 0), 100 * self.counts.get(value, 0) / max(1, self.votes))
            for value in reversed(SCALES[self.scale])
        ]

    def recommending(self) -> tuple[int, int, int]:
        """Of 0 to 10: how many recommend, how many are content and no more, how many do neither."""
        yes = sum(many for value, many in self.counts.items() if value >= PROMOTES)
        no = sum(many for value, many in self.counts.items() if value <= DETRACTS)
        return yes, self.votes - yes - no, no

    def mean(self) -> Span | None:
        """The mean answer; None without any, and of 0 to 10, which has a score."""
        return None if self.scale == "nps" else self._span(lambda value: float(value))

    def score(self) -> Span | None:
        """-100 to 100: per cent who recommend, less per cent who do not; None without any, and of other scales."""
        if self.scale != "nps":
            return None
        return self._span(lambda value: 100.0 if value >= PROMOTES else -100.0 if value <= DETRACTS else 0.0)

    def _span(self, worth: Callable[[int], float]) -> Span | None:
        count = self.votes
        if not count:
            return None
        mean = sum(worth(value) * many for value, many in self.counts.items()) / count
        if not self.enough:
            return Span(mean)
        spread = sum(many * (worth(value) - mean) ** 2 for value, many in self.counts.items()) / (count - 1)
        half = Z * sqrt(spread / count)
        least, most = (-100.0, 100.0) if self.scale == "nps" else (1.0, float(SCALES[self.scale][-1]))
        return Span(mean, max(least, mean - half), min(most, mean + half))

    def rate(self) -> Span | None:
        """Answers of 100 mails; None where no mail is known to have asked."""
        if not self.mails:
            return None
        answered = min(self.votes, self.mails)
        share = 100 * answered / self.mails
        if self.mails < LEAST:
            return Span(share)
        low, high = wilson(answered, self.mails)
        return Span(share, 100 * low, 100 * high)
