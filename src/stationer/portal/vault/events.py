"""What was done with a message, in rows that are only added (contract/vault.md §6)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from stationer.notice import canonical
from stationer.portal.vault.models import Event, SecureMessage


def note(
    message: SecureMessage, what: str, address: str = "", evidence: Mapping[str, str] | None = None
) -> Event:
    """Add one. `what`: one of `Event.What`; `address`: whose doing it was, where somebody's; `evidence`: how that is
    known, never content. Raises ValueError for another word."""
    return Event.objects.create(
        message=message,
        what=Event.What(what),
        address=canonical(address) if address else "",
        at=timezone.now(),
        evidence=dict(evidence or {}),
    )
