"""Certificates that mail and links rest on: valid for the name, and for how much longer."""

from __future__ import annotations

from stationer.repute.book import Book
from stationer.repute.findings import Finding

DAY_MS = 86_400_000
#: So long before its end a certificate is spoken of: what renews itself does so earlier.
SOON_MS = 14 * DAY_MS


def check(place: str, now: int, book: Book) -> list[Finding]:
    """`place` is NAME:PORT; `now` in ms since 1970."""
    answer = book.get(place, "TLS")
    if answer.state == "failed":
        return [Finding("tls-silent", {"place": place, "reason": answer.said})]
    if answer.state == "none":
        return [Finding("tls-wrong", {"place": place, "reason": answer.said})]
    left = int(answer.records[0]) - now
    return (
        [] if left > SOON_MS else [Finding("tls-ends", {"place": place, "days": str(max(0, left // DAY_MS))})]
    )
