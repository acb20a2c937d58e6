"""Ids of what edges told: UUIDv7 (RFC 9562 §5.7) of the moment of what is told, so that an hour is a range of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from stationer.portal.people.owned import new_id


def id_at(unix_ms: int) -> uuid.UUID:
    """A new UUIDv7 (RFC 9562 §5.7) of that moment."""
    return _of_moment(moment(unix_ms), new_id().bytes[6:])


def id_of_mail(at: datetime, pick: uuid.UUID, copy: int) -> uuid.UUID:
    """The UUIDv7 of a mail: where others are random, a hash of what names it."""
    said = blake2b(pick.bytes + copy.to_bytes(4, "big"), digest_size=10, person=b"stationer-mail").digest()
    return _of_moment(at, bytes((0x70 | said[0] & 0x0F, said[1], 0x80 | said[2] & 0x3F)) + said[3:])


def first_id(at: datetime) -> uuid.UUID:
    """Less than every id of that moment and later, more than every one of before: where a range begins."""
    return _of_moment(at, bytes(10))


def _of_moment(at: datetime, rest: bytes) -> uuid.UUID:
    unix_ms = max(0, (at - _EPOCH) // timedelta(milliseconds=1))
    return uuid.UUID(bytes=unix_ms.to_bytes(6, "big") + rest)


def moment(unix_ms: int) -> datetime:
    """Unix milliseconds as a moment. What lies beyond the calendar is its beginning: a clock was wrong there."""
    try:
        return _EPOCH + timedelta(milliseconds=max(0, unix_ms))
    except OverflowError:
        return _EPOCH


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
