"""What the list of visitors shows, whole, as a file that is written while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from django.db.models import QuerySet
from django.utils import translation

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Hit
from stationer.portal.statistics.visiting import spreadsheet
from stationer.portal.statistics.visiting.words import Visit, visits

CHUNK = 500
HEADINGS = (
    "at", "who", "among", "what", "campaign", "sender", "target", "score", "human", "reasons", "corrected", "method",
    "network_address", "agent", "then",
)  # fmt: skip


def as_csv(rows: QuerySet[Hit], pen: Pen) -> Iterator[bytes]:
    """All of these hits, the newest first; each time in the PEN's scope and the language of the request."""
    language = translation.get_language()
    yield spreadsheet.BEGIN + spreadsheet.lines([HEADINGS])
    last: Hit | None = None
    while True:
        with pen_scope(pen), translation.override(language):
            found = visits((rows if last is None else rows.filter(pk__lt=last.pk))[:CHUNK])
            written = spreadsheet.lines(_cells(one) for one in found)
        if not found:
            return
        yield written
        last = found[-1].row


def _cells(one: Visit) -> tuple[object, ...]:
    row = one.row
    stamp = row.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    human = "" if row.human is None else ("yes" if row.human else "no")
    return (
        stamp,
        one.who,
        " ".join(one.among),
        one.what,
        one.campaign,
        one.sender,
        row.target,
        "" if row.score is None else row.score,
        human,
        " ".join(sentence for _, sentence in one.reasons),
        "yes" if row.corrected_at else "no",
        row.method,
        row.address,
        row.agent,
        " ".join(f"{page.whole} {page.seconds}s" for page in one.then),
    )
