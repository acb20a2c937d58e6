"""Each recipient's Return-Path, and whose one is that something came back to (contract/delivery.md §4, §5)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from hashlib import blake2b

from django.conf import settings
from django.utils import timezone

from stationer.bounces import Returning
from stationer.portal.delivery.models import Outgoing, Recipient

GOOD_FOR = timedelta(days=14)


def return_path(mail: Outgoing, row: Recipient) -> str:
    """The envelope sender with which this mail goes to this recipient. A report has none (RFC 5321 §4.5.5)."""
    if not mail.sender or not settings.PORTAL.bounces.address:
        return mail.sender
    return _returning().address(row.pk.bytes, timezone.now().date() + GOOD_FOR)


def recipient_of(address: str) -> uuid.UUID | None:
    """Whose Return-Path this is; None where it is none of ours, or its time is over."""
    if not settings.PORTAL.bounces.address:
        return None
    found = _returning().recipient(address, timezone.now().date())
    return uuid.UUID(bytes=found) if found else None


def _returning() -> Returning:
    key = blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"stationer-verp").digest()
    return Returning(settings.PORTAL.bounces.address, key)
