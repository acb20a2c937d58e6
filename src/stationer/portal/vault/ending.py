"""A message ends: its wrapped key goes, so that nobody reads it any more, and its octets after."""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from django.utils import timezone

from stationer.portal.vault import events
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Announcement, Enclosure, SecureMessage

State = SecureMessage.State
ENCLOSED = "Another message encloses a part of this one, so it stays."


def end(message: SecureMessage, why: Literal["author", "retention", "erased"], address: str = "") -> None:
    """End it, as far as it has come; again, nothing happens. Raises VaultError: another message encloses it."""
    with transaction.atomic():
        used = Enclosure.objects.filter(source=message).exclude(message__state=State.ENDED)
        if used.exclude(message__state=State.REFUSED).exists():
            raise VaultError("enclosed", ENCLOSED)
        now = timezone.now()
        changed = (
            SecureMessage.objects.filter(pk=message.pk)
            .exclude(state__in=(State.ENDED, State.REFUSED))
            .update(
                state=State.ENDED, wrapped=None, recipients=[], announce_to=[], ended_at=now, why_ended=why,
                attempts=0, due_at=now, lease=None, leased_until=None,
            )
        )  # fmt: skip
        if changed:
            Announcement.objects.filter(message=message).delete()
            events.note(message, "ended", address, {"why": why})
