"""Which pages followed a click, in words: `/pricing, 2 minutes`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from stationer.portal.statistics.addressing import pieces
from stationer.portal.visits.models import Handed, View

#: Pages of one click that are shown.
MOST = 20


@dataclass(frozen=True)
class Page:
    """A page, and for how many seconds it was seen, all its views together."""

    host: str
    path: str
    seconds: int

    @property
    def whole(self) -> str:
        """Host and path."""
        return f"{self.host}{self.path}"


def pages(hits: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Page]]:
    """By hit of the PEN in scope, the pages in the order in which they were opened first."""
    of = {
        visit: hit
        for some in pieces(list(hits))
        for visit, hit in Handed.objects.filter(hit__in=some).values_list("visit", "hit")
    }
    found: dict[uuid.UUID, dict[tuple[str, str], int]] = defaultdict(dict)
    for some in pieces(list(of)):
        for row in View.objects.filter(visit__in=some).order_by("id"):
            at = (row.host, row.path)
            found[of[row.visit]][at] = found[of[row.visit]].get(at, 0) + row.seconds
    return {
        hit: [Page(*at, seconds) for at, seconds in list(some.items())[:MOST]] for hit, some in found.items()
    }
