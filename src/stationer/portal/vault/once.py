"""What somebody sends twice is kept once: a row that only one of two can write (contract/vault.md §9).

The key is 128 random bits of a form, so that its hash with the author tells nothing of either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from stationer.notice import canonical
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Once, SecureMessage

State = SecureMessage.State
#: How long whoever comes second waits for the first, and how often they look (s).
PATIENCE_S, LOOK_S = 20.0, 0.1
#: An octet that came so long ago was the last: whoever brought it is no more.
FORSAKEN = timedelta(minutes=5)
BUSY = "This is being kept at this moment. Send it again in a minute: it is kept once."


class KeptAlready(Exception):
    """The same author has sent the same thing before: `message` is what was kept of it."""

    def __init__(self, message: SecureMessage) -> None:
        super().__init__(message.outside_id)
        self.message = message


def digest(author: str, key: str) -> str:
    """What a row has of (author, key)."""
    return sha256(f"{canonical(author)}\0{key}".encode()).hexdigest()


def kept(
    author: str,
    key: str,
    *,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> SecureMessage | None:
    """What was kept of this already; none, or one that was refused or that nobody goes on with, makes room. One that is
    being kept at this moment is waited for. Raises VaultError: it takes too long."""
    until, name = clock() + PATIENCE_S, digest(author, key)
    while row := Once.objects.filter(digest=name).select_related("message").first():
        message = row.message
        if message.state == State.REFUSED:
            row.delete()
            return None
        if message.state == State.UPLOADING and message.touched_at < timezone.now() - FORSAKEN:
            row.delete()  # the message itself is given up in its time
            return None
        if message.state != State.UPLOADING and not _is_checked_now(message):
            return message
        if clock() >= until:
            if message.state == State.CHECKING:
                return message
            raise VaultError("not-ready", BUSY)
        wait(LOOK_S)
    return None


def _is_checked_now(message: SecureMessage) -> bool:
    """Whether its first check goes on, whose end is the answer."""
    if message.state != State.CHECKING or message.reason:
        return False
    return message.leased_until is None or message.leased_until > timezone.now()
