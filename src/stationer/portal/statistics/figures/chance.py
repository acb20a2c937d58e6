"""What chance alone could have made of two shares. Pure arithmetic.

Wilson: JASA 22 (1927) 209–212. Newcombe: Statistics in Medicine 17 (1998) 873–890, method 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

#: The normal distribution's 0.975 quantile: 95 in 100 intervals.
Z = 1.959963984540054
#: Fewer on one side say nothing; an interval round 0 that is wider says nothing either.
LEAST, WIDEST = 20, 0.10

Verdict = Literal["not-enough", "more", "less", "same"]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval of a share. `of` is at least 1."""
    share = hits / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Share:
    """So many out of so many; `sample`: of more, of whom only these were looked at."""

    hits: int
    of: int
    sample: bool = False

    @property
    def value(self) -> float:
        """0 to 1."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True)
class Difference:
    """What the first share has more than the second, and between what it surely lies (95 in 100)."""

    one: Share
    other: Share
    most_likely: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """What may be said of it."""
        if min(self.one.of, self.other.of) < LEAST:
            return "not-enough"
        if self.low > 0:
            return "more"
        if self.high < 0:
            return "less"
        return "not-enough" if self.high - self.low > WIDEST else "same"


def difference(one: Share, other: Share) -> Difference:
    """By Newcombe's method 10. A side with nobody in it leaves everything open."""
    if not one.of or not other.of:
        return Difference(one, other, 0.0, -1.0, 1.0)
    (low_1, high_1), (low_2, high_2) = wilson(one.hits, one.of), wilson(other.hits, other.of)
    found = one.value - other.value
    low = found - sqrt((one.value - low_1) ** 2 + (high_2 - other.value) ** 2)
    high = found + sqrt((high_1 - one.value) ** 2 + (other.value - low_2) ** 2)
    return Difference(one, other, found, low, high)
