"""Routes about audit. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from stationer.client.calling import Caller
from stationer.client.shapes import EntryShown


class AuditRoutes(Caller):
    """What can be asked about audit."""

    def list_audit(
        self,
        *,
        limit: int | None = None,
        noun: str | None = None,
        by: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[EntryShown]:
        """Who did what, the oldest first. A key needs `see-audit`."""
        return self.each(
            "/audit",
            EntryShown,
            query={"limit": limit, "noun": noun, "by": by, "since": since, "until": until},
        )
