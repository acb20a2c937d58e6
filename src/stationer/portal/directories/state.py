"""How a directory stands, in one word for its badge: off, failing, waits, reading, new, on."""

from __future__ import annotations

from django.utils import timezone

from stationer.portal.directories.models import Directory, Sync


def state_of(row: Directory, open_: Sync | None) -> str:
    """Off; being read; a plan waits for a person; failing; not read yet; on."""
    if not row.on:
        return "off"
    if row.leased_until and row.leased_until > timezone.now():
        return "reading"
    if open_ is not None and open_.outcome != Sync.Outcome.LOOKING:
        return "waits"
    if row.failing_since:
        return "failing"
    return "on" if row.checked_at else "new"
